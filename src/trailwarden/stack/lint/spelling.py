"""How findings show selectors and parts of a pattern."""

from __future__ import annotations

from trailwarden.patterns.model import Condition, JsonSyntax, NotExists, Selector
from trailwarden.patterns.printer import print_syntax
from trailwarden.text import visible

_MAX_SHOWN = 160


def condition_text(node: Condition) -> str:
    """A part of a pattern without the braces around it, on one line and bounded."""
    return visible(print_syntax(JsonSyntax(node)).strip("{} "), _MAX_SHOWN)


def selector_text(selector: Selector) -> str:
    """``$.userIdentity.type``, bounded."""
    return visible(
        print_syntax(JsonSyntax(NotExists(selector))).strip("{} ").removesuffix(" NOT EXISTS"),
        _MAX_SHOWN,
    )

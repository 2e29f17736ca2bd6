"""Security Hub's way: the text of the user guide, without a condition more or less.

How strictly it compares white space is not documented, nor whether it still takes a text that the
guide printed in earlier years: of such texts nothing is said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from trailwarden.audit.scanners.gaps import Gap, listed
from trailwarden.patterns import FilterPattern, parse
from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import JsonSyntax, Leaf
from trailwarden.patterns.printer import print_syntax
from trailwarden.stack.controls import Control
from trailwarden.stack.model import MetricFilter
from trailwarden.text import plural, visible

_QUOTED = re.compile(r'("[^"]*")')  # no quotation mark is escaped in the guide's texts
_MAX_CONDITION = 100
_SHOWN = 3
_MAX_TEXT = 200  # longer texts are not read in a message, but copied from a template


def is_literal(control: Control, metric_filter: MetricFilter) -> bool | None:
    """Whether the filter's text is the documented one; None where nothing is said of it."""
    text = metric_filter.filter_pattern
    if text == control.security_hub_pattern:
        return True
    open_texts = (control.security_hub_pattern or "", control.wording(control.since))
    return None if _squeezed(text) in map(_squeezed, open_texts) else False


def literal_gap(control: Control, metric_filter: MetricFilter) -> Gap | None:
    """Why the filter's text is not the one that Security Hub documents for the control."""
    wanted, text = control.security_hub_pattern or "", metric_filter.filter_pattern
    verdict = is_literal(control, metric_filter)
    if verdict is False:
        cure = f"add a second filter with exactly the text of the user guide: {_source(wanted)}"
        return Gap(_difference(wanted, metric_filter.pattern), cure)
    if verdict is None and _squeezed(text) == _squeezed(wanted):
        return Gap(
            "differs from the user guide's text in white space only, and it is not documented "
            "whether that counts",
            f"to be sure, copy the text to the character: {_source(wanted)}",
            fails=False,
        )
    if verdict is None:
        return Gap(
            "has the benchmark's first text, which the user guide no longer shows, and it is not "
            "documented whether that still counts",
            f"to be sure, use the guide's text of today: {_source(wanted)}",
            fails=False,
        )
    return None


def _source(wanted: str) -> str:
    """The text itself, or where it can be copied from."""
    return wanted if len(wanted) <= _MAX_TEXT else "the built-in stack cis-1.2.0 has it"


@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    """The text without the white space outside quotation marks that means nothing.

    Between words it does mean something: of that, one blank is left.
    """
    parts = _QUOTED.split(text)
    for index in range(0, len(parts), 2):
        words = " ".join(parts[index].split())
        parts[index] = re.sub(r" ?([(){}=!&|]) ?", r"\1", words)
    return "".join(parts)


def _difference(wanted: str, pattern: FilterPattern) -> str:
    found = _conditions(pattern)
    if found is None:
        return "is not a JSON pattern"
    demanded = _conditions(_parsed(wanted)) or {}
    missing = [_shown(leaf) for leaf in demanded if leaf not in found]
    more = [_shown(leaf) for leaf in found if leaf not in demanded]
    parts = []
    if missing:
        parts.append(f"lacks {listed(missing)}")
    if more:
        parts.append(f"has {plural(len(more), 'condition')} that the user guide has not: ")
        parts[-1] += listed(more, _SHOWN)
    return " and ".join(parts) or (
        "has the conditions of the user guide in another order, or with other brackets or "
        "quotation marks"
    )


@lru_cache(maxsize=32)
def _parsed(text: str) -> FilterPattern:
    return parse(text)


def _conditions(pattern: FilterPattern) -> dict[Leaf, None] | None:
    """The single conditions of a JSON pattern, in order; None for other patterns."""
    syntax = pattern.syntax
    return dict.fromkeys(leaves(syntax.root)) if isinstance(syntax, JsonSyntax) else None


def _shown(leaf: Leaf) -> str:
    return visible(print_syntax(JsonSyntax(leaf)).strip("{} "), _MAX_CONDITION)

"""Parts of a syntax tree, spelled as the printer spells whole patterns."""

from __future__ import annotations

from trailwarden.patterns.model import (
    Field,
    FieldTest,
    JsonSyntax,
    Leaf,
    Mode,
    NotExists,
    Regex,
    Selector,
    SpaceSyntax,
    Step,
    Term,
    TermsSyntax,
    Text,
)
from trailwarden.patterns.printer import print_syntax

_WORDS = "NOT EXISTS"


def leaf_text(leaf: Leaf) -> str:
    """``$.a = "b c"``."""
    return print_syntax(JsonSyntax(leaf))[1:-1].strip()


def selector_text(steps: tuple[Step, ...]) -> str:
    """``$.a.['b c'][0]``; ``$`` for no steps."""
    return leaf_text(NotExists(Selector(steps))).removesuffix(_WORDS).rstrip()


def field_test_text(name: str, test: FieldTest) -> str:
    """``status = 4*``, of a space-delimited pattern."""
    return print_syntax(SpaceSyntax((Field(name, ((test,),)),)))[1:-1]


def term_text(value: Text | Regex) -> str:
    """A term without the mark of its mode."""
    return print_syntax(TermsSyntax((Term(Mode.REQUIRED, value),)))


def value_text(text: str, subject: str, operator: str) -> str:
    """What is behind ``subject`` and ``operator`` in the text of a leaf or a test."""
    return text.removeprefix(subject).lstrip().removeprefix(operator).lstrip()

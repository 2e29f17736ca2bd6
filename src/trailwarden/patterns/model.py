"""The syntax tree of a filter pattern.

Nodes are immutable and hashable; equal trees mean equal patterns. ``str(node)`` of a whole
pattern (see :mod:`trailwarden.patterns.printer`) parses to an equal tree. How a pattern is matched
is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trailwarden.patterns.decimals import decimal_of


# --- selectors -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Key:
    """A step to a member: ``.name`` or ``.['na.me']``."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """A step to an element, from 0: ``[3]``."""

    position: int


@dataclass(frozen=True, slots=True)
class AnyElement:
    """``[*]``: any element of an array, any member value of an object."""


@dataclass(frozen=True, slots=True)
class AnyMember:
    """``.*``: any member value of an object."""


Step = Key | Index | AnyElement | AnyMember


@dataclass(frozen=True, slots=True)
class Selector:
    """A path from the root of the message: ``$.userIdentity.type``."""

    steps: tuple[Step, ...]

    @property
    def has_wildcard(self) -> bool:
        return any(isinstance(step, AnyElement | AnyMember) for step in self.steps)


# --- values --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Text:
    """A text value, escapes undone. A star at an end (or both) is a wildcard, quoted or not."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A bare number: its value, and its spelling, which is what strings are compared with."""

    spelling: str

    @property
    def value(self) -> Decimal:
        return decimal_of(self.spelling)


@dataclass(frozen=True, slots=True)
class Regex:
    """``%source%``: searched for, in linear time."""

    source: str


Value = Text | Number | Regex


class Operator(StrEnum):
    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


# --- JSON patterns -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Comparison:
    """``selector operator value``. Only strings and numbers can satisfy it."""

    selector: Selector
    operator: Operator
    value: Value


class Constant(StrEnum):
    NULL = "NULL"
    TRUE = "TRUE"
    FALSE = "FALSE"


@dataclass(frozen=True, slots=True)
class Is:
    """``selector IS NULL | TRUE | FALSE``."""

    selector: Selector
    constant: Constant


@dataclass(frozen=True, slots=True)
class NotExists:
    """``selector NOT EXISTS``."""

    selector: Selector


@dataclass(frozen=True, slots=True)
class And:
    """All of the children; never nested directly in another And, always two or more."""

    children: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the children; never nested directly in another Or, always two or more."""

    children: tuple[Condition, ...]


Leaf = Comparison | Is | NotExists
Condition = Leaf | And | Or


@dataclass(frozen=True, slots=True)
class JsonSyntax:
    """``{ condition }``."""

    root: Condition


# --- terms ---------------------------------------------------------------------------------
class Mode(StrEnum):
    """How a term counts: required, optional (``?``) or excluded (``-``)."""

    REQUIRED = ""
    OPTIONAL = "?"
    EXCLUDED = "-"


@dataclass(frozen=True, slots=True)
class Term:
    mode: Mode
    value: Text | Regex  # the stars of a Text are plain stars here


@dataclass(frozen=True, slots=True)
class TermsSyntax:
    terms: tuple[Term, ...]


# --- space-delimited patterns --------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FieldTest:
    """``name operator value`` on the field's own name."""

    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Field:
    """One place of the pattern; ``tests`` is an or of ands, empty for a field without tests."""

    name: str | None
    tests: tuple[tuple[FieldTest, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Dots:
    """``...``: zero or more values."""


@dataclass(frozen=True, slots=True)
class SpaceSyntax:
    fields: tuple[Field | Dots, ...]


@dataclass(frozen=True, slots=True)
class EverythingSyntax:
    """The empty pattern: it matches every event."""


Syntax = JsonSyntax | TermsSyntax | SpaceSyntax | EverythingSyntax

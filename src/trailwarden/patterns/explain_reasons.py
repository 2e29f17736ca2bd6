"""The traps of the coercion table, in words (rules 5.3, 5.4 and section 10)."""

from __future__ import annotations

from typing import Any

from trailwarden.patterns.decimals import decimal_of, is_number
from trailwarden.patterns.explain_values import a_type
from trailwarden.patterns.model import (
    Comparison,
    Constant,
    Is,
    Leaf,
    Number,
    Operator,
    Regex,
    Text,
    Value,
)
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.values import MISSING, comparison, spelling_of

_EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)


def why(leaf: Leaf, selector: str, value: Any) -> str:
    """A sentence where the leaf's truth for ``value`` may surprise, else ``""``.

    Why a value is MISSING is not said here, only what that means for the leaf.
    """
    if isinstance(leaf, Comparison):
        if value is MISSING:
            return _absent(selector, leaf.operator)
        return why_compared(leaf.operator, leaf.value, value)
    if isinstance(leaf, Is):
        return _why_constant(leaf.constant, value)
    return "null is a value, too: IS NULL asks for it" if value is None else ""


def why_compared(operator: Operator, literal: Value, value: Any) -> str:
    """The same for a comparison of a value that is there."""
    spelling = spelling_of(value)
    if spelling is None:
        return _incomparable(operator, value)
    if operator not in _EQUALITY:
        return _unordered(value)
    if isinstance(literal, Regex):
        return ""
    if comparison(Operator.EQUAL, literal)(value):
        return ""
    if isinstance(literal, Number):
        return "" if _is_a_number(value) else _spelled_otherwise(literal.spelling, value)
    return _spelled_otherwise(literal.text, value) or _nearly(literal.text, spelling)


def _absent(selector: str, operator: Operator) -> str:
    if operator is not Operator.NOT_EQUAL:
        return ""
    return f"an absent field fails != as well: add || ({selector} NOT EXISTS) to have both"


def _incomparable(operator: Operator, value: Any) -> str:
    cures = {
        "null": "IS NULL asks for it",
        "a boolean": "IS TRUE and IS FALSE ask for it",
        "an array": "name an element with [0], or any with [*]",
        "an object": "name a member, or any with .*",
    }
    kind = a_type(value)
    also = ", not even !=" if operator is Operator.NOT_EQUAL else ""
    cure = f": {cures[kind]}" if kind in cures else ""
    return f"{kind} satisfies no comparison{also}{cure}"


def _unordered(value: Any) -> str:
    if _is_a_number(value):
        return ""
    if is_number(value):
        return "a string has no order, even where it spells a number"
    return "a string has no order: only numbers have"


def _spelled_otherwise(literal: str, value: Any) -> str:
    """Equal as numbers, and yet compared as text (rule 5.3)."""
    spelling = spelling_of(value) or ""
    if not is_number(spelling) or not is_number(literal):
        return ""
    if decimal_of(spelling) != decimal_of(literal):
        return ""
    if _is_a_number(value):
        return "equal as numbers, but a literal in quotes is compared with the number's spelling"
    return "equal as numbers, but a string is compared as text, by its spelling"


def _nearly(literal: str, spelling: str) -> str:
    """What the text that does not fit has in common with the one that was wanted."""
    if comparison(Operator.EQUAL, Text(literal.casefold()))(spelling.casefold()):
        return "they differ only in upper and lower case, which count"
    if comparison(Operator.EQUAL, Text(literal))(spelling.strip()):
        return "they differ only in white space at an end, which counts"
    core = literal.strip("*")
    if "*" in core:
        return "a star in the middle is a plain star: only one at an end is a wildcard"
    if not core or core not in spelling:
        return ""
    if literal != core:
        return "the text stands elsewhere in it: stars at both ends would find it anywhere"
    if spelling.startswith(core):
        return "the value goes on behind the text: a star at its end would allow that"
    return "the value holds more than the text: stars at its ends would allow that"


def _why_constant(constant: Constant, value: Any) -> str:
    if value is MISSING:
        return "absent is not null: NOT EXISTS asks for it" if constant is Constant.NULL else ""
    if isinstance(value, list) and constant is Constant.NULL:
        return "an array counts as null where one of its elements is null"
    if isinstance(value, str) and value == constant.lower():
        return f'this is a string, not the constant: = "{value}" asks for it'
    return ""


def _is_a_number(value: Any) -> bool:
    return isinstance(value, NumberText) or not isinstance(value, str)

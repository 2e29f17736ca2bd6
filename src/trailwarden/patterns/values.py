"""Does a value satisfy a condition: the coercion table (rule 5.3).

One sentence stands behind the table: only strings and numbers can satisfy a comparison. Whatever
else is found, or nothing at all, fails ``=`` and ``!=`` alike.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, Final

from trailwarden.patterns.decimals import decimal_of
from trailwarden.patterns.model import (
    Comparison,
    Constant,
    Is,
    Leaf,
    Number,
    Operator,
    Text,
    Value,
)
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.regexes import searcher

Test = Callable[[Any], bool]


class _Missing(Enum):
    MISSING = "MISSING"


MISSING: Final = _Missing.MISSING
"""What a selector finds where there is nothing."""

_EXACT_INT_BITS = 10_000  # str() refuses integers of more than 4300 digits
_COMPARE: dict[Operator, Callable[[Decimal, Decimal | int], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def leaf_matcher(leaf: Leaf) -> Test:
    """A test of the value that the leaf's selector finds (MISSING where it finds nothing).

    Values are decoded JSON; a number may also be a
    :class:`~trailwarden.patterns.numbertext.NumberText`.
    """
    if isinstance(leaf, Comparison):
        return comparison(leaf.operator, leaf.value)
    if isinstance(leaf, Is):
        return _CONSTANTS[leaf.constant]
    return lambda value: value is MISSING


def comparison(operator: Operator, literal: Value) -> Test:
    """A test of one value against a literal."""
    if isinstance(literal, Number):
        return _number_test(operator, literal)
    fits = _text_test(literal.text) if isinstance(literal, Text) else searcher(literal.source)
    wanted = operator is Operator.EQUAL

    def test(value: Any) -> bool:
        spelling = spelling_of(value)
        # Never "not (=)": what cannot be compared fails both (section 11).
        return spelling is not None and fits(spelling) is wanted

    return test


def _text_test(text: str) -> Callable[[str], bool]:
    """A test for a text literal; a star at an end of it stands for any text (rule 5.4)."""
    if text == "*":
        return lambda spelling: True
    opens, closes = text.startswith("*"), text.endswith("*")
    core = text[opens : len(text) - closes]
    if opens and closes:
        return lambda spelling: core in spelling
    if opens:
        return lambda spelling: spelling.endswith(core)
    if closes:
        return lambda spelling: spelling.startswith(core)
    return lambda spelling: spelling == core


def spelling_of(value: Any) -> str | None:
    """The characters of a string or a number; None for every other value.

    A decoded number has lost its spelling and gets the canonical one (section 11).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value if value.bit_length() < _EXACT_INT_BITS else Decimal(value))
    if isinstance(value, float) and isfinite(value):
        return repr(value)
    return None


def _number_test(operator: Operator, literal: Number) -> Test:
    """A bare number is read twice: as a number against numbers, as text against strings."""
    compare, number, spelling = _COMPARE[operator], literal.value, literal.spelling

    def test(value: Any) -> bool:
        if isinstance(value, NumberText):
            return compare(decimal_of(value), number)
        if isinstance(value, str):
            if operator is Operator.EQUAL:
                return value == spelling
            return operator is Operator.NOT_EQUAL and value != spelling
        if isinstance(value, bool):
            return False
        if isinstance(value, int):
            return compare(Decimal(value), number)
        return (
            isinstance(value, float) and isfinite(value) and compare(Decimal(repr(value)), number)
        )

    return test


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, list) and any(item is None for item in value))


_CONSTANTS: dict[Constant, Test] = {
    Constant.NULL: _is_null,  # also an array with a null among its elements
    Constant.TRUE: lambda value: value is True,
    Constant.FALSE: lambda value: value is False,
}

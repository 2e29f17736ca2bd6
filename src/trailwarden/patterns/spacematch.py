"""Matching space-delimited patterns: values are given to fields, and fields test them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.messages import Message, text_of, well_formed
from trailwarden.patterns.model import Dots, Field, SpaceSyntax
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.splitting import pieces
from trailwarden.patterns.values import MISSING, Test, comparison

_NUMBER = re.compile("[0-9]{1,9}")
_UNNAMED = Field(None)


class SpaceMatcher:
    """The evaluator of a space-delimited pattern."""

    def __init__(self, syntax: SpaceSyntax) -> None:
        fields = syntax.fields
        dots = next((i for i, field in enumerate(fields) if isinstance(field, Dots)), None)
        named = [field for field in fields if isinstance(field, Field)]
        # [] takes whatever there is, but at least one value (rule 6.2).
        self._is_open = dots is not None or not fields
        self._least = len(named) if fields else 1
        self._before = named if dots is None else named[:dots]
        self._after = [] if dots is None else named[dots:]
        self._tests = [
            (place, _field_test(field))
            for place, field in [
                *enumerate(self._before),
                *zip(range(-len(self._after), 0), self._after, strict=True),
            ]
            if field.tests
        ]

    def matches(self, message: Message) -> bool:
        return self._matching_values(message) is not None

    def extracted_values(self, message: Message) -> dict[str, str] | None:
        """Every value by its name: ``$name``, or ``$3`` by its place in the event (rule 6.4)."""
        values = self._matching_values(message)
        if values is None:
            return None
        extracted: dict[str, str] = {}
        for number, (field, value) in enumerate(
            zip(self._fields_of(values), values, strict=True), start=1
        ):
            if field.name is None:
                extracted.setdefault(f"${number}", well_formed(value))
            else:
                extracted[f"${field.name}"] = well_formed(value)
        return extracted

    def read(self, message: Message, selectors: Sequence[str]) -> list[Any]:
        values = self._values(text_of(message))
        if values is None:
            return [MISSING] * len(selectors)
        by_name = {
            field.name: value
            for field, value in zip(self._fields_of(values), values, strict=True)
            if field.name is not None
        }
        names = [selector.removeprefix("$") for selector in selectors]
        return [by_name[n] if n in by_name else _numbered(values, n) for n in names]

    def _matching_values(self, message: Message) -> list[str] | None:
        values = self._values(text_of(message))
        if values is None or not all(test(values[place]) for place, test in self._tests):
            return None
        return values

    def _values(self, text: str) -> list[str] | None:
        """The values that the fields get; None where there are too few (rule 6.2)."""
        found = pieces(text)
        if self._is_open:
            values = [piece.value for piece in found]
            return values if len(values) >= self._least else None
        first = list(islice(found, self._least))
        if len(first) < self._least:
            return None
        values = [piece.value for piece in first]
        if next(found, None) is not None:  # the last field takes the whole rest, raw
            values[-1] = text[first[-1].start :].rstrip()
        return values

    def _fields_of(self, values: Sequence[str]) -> list[Field]:
        """The field that each value belongs to."""
        between = len(values) - len(self._before) - len(self._after)
        return [*self._before, *[_UNNAMED] * between, *self._after]


def _numbered(values: Sequence[str], name: str) -> Any:
    """The value whose place in the event, from 1, is ``name``."""
    number = int(name) if _NUMBER.fullmatch(name) else 0
    return values[number - 1] if 1 <= number <= len(values) else MISSING


def _field_test(field: Field) -> Test:
    """A test of the field's value; what looks like a number is compared as one (rule 6.3)."""
    ors = [[comparison(test.operator, test.value) for test in ands] for ands in field.tests]

    def test(value: str) -> bool:
        typed = NumberText(value) if is_number(value) else value
        return any(all(holds(typed) for holds in ands) for ands in ors)

    return test

"""From a matching event to a sample: the metric's value and its dimensions (rules 8.2, 8.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.messages import Message, well_formed
from trailwarden.patterns.model import Syntax
from trailwarden.patterns.references import check_dimension, constant_value
from trailwarden.patterns.values import spelling_of

_LONGEST_DIMENSION = 1024  # characters that CloudWatch takes as a dimension's value


@dataclass(frozen=True, slots=True)
class Extracted:
    """One sample: its value, and the dimensions of the metric it belongs to."""

    value: float
    dimensions: dict[str, str]


class Matcher(Protocol):
    """What evaluates one pattern, in whichever of the three languages."""

    def matches(self, message: Message) -> bool: ...

    def extracted_values(self, message: Message) -> dict[str, str] | None: ...

    def read(self, message: Message, selectors: Sequence[str]) -> list[Any]:
        """What each selector (none with a wildcard) finds; MISSING where nothing."""


def extract(
    syntax: Syntax,
    matcher: Matcher,
    message: Message,
    metric_value: str,
    dimensions: Mapping[str, str],
) -> Extracted | None:
    """The sample of a matching event, or None where it adds none. Raises RequestError."""
    for selector in dimensions.values():
        check_dimension(selector, syntax)
    selectors = list(dimensions.values())
    value = constant_value(metric_value, syntax)
    if value is None:
        *found, varying = matcher.read(message, [*selectors, metric_value])
        value = _number(varying)
    else:
        found = matcher.read(message, selectors) if selectors else []
    named: dict[str, str] = {}
    for name, text in zip(dimensions, map(_dimension, found), strict=True):
        if text is None:
            return None
        named[name] = text
    return None if value is None else Extracted(value, named)


def _number(value: Any) -> float | None:
    """A number, or a string that spells one; None for everything else."""
    spelling = spelling_of(value)
    if spelling is None or not is_number(spelling):
        return None
    number = float(spelling)
    return number if isfinite(number) else None


def _dimension(value: Any) -> str | None:
    """A string or a number's spelling that CloudWatch can take as a dimension's value."""
    spelling = spelling_of(value)
    if spelling is None or not spelling.strip() or len(spelling) > _LONGEST_DIMENSION:
        return None
    return well_formed(str(spelling))

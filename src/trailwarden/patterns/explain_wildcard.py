"""What a selector with a wildcard finds, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trailwarden.patterns.explain_spelling import selector_text
from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.model import (
    AnyElement,
    AnyMember,
    JsonSyntax,
    Key,
    NotExists,
    Selector,
    Step,
)
from trailwarden.patterns.values import MISSING

BOX = "v"  # the key of an object that holds nothing but one element, for the evaluator
_READER = JsonMatcher(JsonSyntax(NotExists(Selector((Key(BOX),)))))


def values_under(selector: Selector, fields: dict[str, Any]) -> Iterator[Any]:
    """The values that ``selector``, which has a wildcard, finds, in the event's order."""
    before, wildcard, after = split_at_wildcard(selector)
    path = selector_text((Key(BOX), *after))
    for child in children_of(parent_of(before, fields), wildcard):
        value = _READER.read({BOX: child}, [path])[0]
        if value is not MISSING:
            yield value


def split_at_wildcard(selector: Selector) -> tuple[tuple[Step, ...], Step, tuple[Step, ...]]:
    """The steps before the wildcard, the wildcard, and the steps behind it."""
    steps = selector.steps
    place = next(i for i, step in enumerate(steps) if isinstance(step, AnyElement | AnyMember))
    return steps[:place], steps[place], steps[place + 1 :]


def parent_of(before: tuple[Step, ...], fields: dict[str, Any]) -> Any:
    """What the steps before a wildcard lead to; MISSING for nothing."""
    return _READER.read(fields, [selector_text(before)])[0] if before else fields


def children_of(parent: Any, wildcard: Step) -> Iterator[Any]:
    """What the wildcard stands for, below ``parent``."""
    if isinstance(parent, dict):
        return iter(parent.values())
    return iter(parent if isinstance(parent, list) and isinstance(wildcard, AnyElement) else ())

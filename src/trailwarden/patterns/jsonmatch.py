"""Matching JSON patterns against one message at a time.

The tree becomes a flat program of tests and jumps, so that matching neither recurses nor looks at
more than it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from trailwarden.patterns.messages import Message, object_of
from trailwarden.patterns.model import (
    And,
    AnyElement,
    AnyMember,
    Condition,
    Index,
    JsonSyntax,
    Key,
    Leaf,
    NotExists,
    Or,
    Selector,
    Step,
)
from trailwarden.patterns.selectors import parse_selector
from trailwarden.patterns.values import MISSING, Test, leaf_matcher

_TRUE, _FALSE = -1, -2  # where a program ends
_Jump = tuple[Test, int, int]  # a test, and where to go on when it holds and when it does not


class JsonMatcher:
    """The plain evaluator of a JSON pattern."""

    def __init__(self, syntax: JsonSyntax) -> None:
        self._program: list[_Jump] = []
        self._entry = self._compile(syntax.root, _TRUE, _FALSE)

    def _compile(self, node: Condition, then: int, otherwise: int) -> int:
        """Append ``node``'s tests, from the last to the first; returns where it begins."""
        if isinstance(node, And):
            for child in reversed(node.children):
                then = self._compile(child, then, otherwise)
            return then
        if isinstance(node, Or):
            for child in reversed(node.children):
                otherwise = self._compile(child, then, otherwise)
            return otherwise
        self._program.append((_leaf_test(node), then, otherwise))
        return len(self._program) - 1

    def matches(self, message: Message) -> bool:
        fields = object_of(message)
        if fields is None:
            return False
        program, place = self._program, self._entry
        while place >= 0:
            test, then, otherwise = program[place]
            place = then if test(fields) else otherwise
        return place == _TRUE

    def extracted_values(self, message: Message) -> dict[str, str] | None:
        return {} if self.matches(message) else None

    def read(self, message: Message, selectors: Sequence[str]) -> list[Any]:
        fields = object_of(message)
        return [_walk(fields, parse_selector(selector).steps) for selector in selectors]


def _leaf_test(leaf: Leaf) -> Test:
    """A test of the whole message."""
    steps, holds = leaf.selector.steps, leaf_matcher(leaf)
    if leaf.selector.has_wildcard:
        return _wildcard_test(leaf, holds)
    match steps:
        case (Key(name),):
            return lambda fields: holds(fields.get(name, MISSING))
        case _:
            return lambda fields: holds(_walk(fields, steps))


def _wildcard_test(leaf: Leaf, holds: Test) -> Test:
    """Any of the values found must satisfy the condition (rule 5.2).

    NOT EXISTS, which no found value can satisfy, holds where nothing at all is found.
    """
    find = _finder(leaf.selector)
    if isinstance(leaf, NotExists):
        return lambda fields: next(find(fields), MISSING) is MISSING
    return lambda fields: any(holds(value) for value in find(fields))


def _finder(selector: Selector) -> Callable[[Any], Iterator[Any]]:
    steps = selector.steps
    place = next(i for i, step in enumerate(steps) if isinstance(step, AnyElement | AnyMember))
    before, wildcard, after = steps[:place], steps[place], steps[place + 1 :]

    def find(fields: Any) -> Iterator[Any]:
        for child in _children(_walk(fields, before), wildcard):
            value = _walk(child, after)
            if value is not MISSING:
                yield value

    return find


def _children(value: Any, wildcard: Step) -> Iterator[Any]:
    if isinstance(value, dict):
        return iter(value.values())
    if isinstance(value, list) and isinstance(wildcard, AnyElement):
        return iter(value)
    return iter(())


def _walk(value: Any, steps: tuple[Step, ...]) -> Any:
    """Follow ``steps`` from ``value``; a step through the wrong type finds nothing (rule 5.2)."""
    for step in steps:
        if isinstance(step, Key):
            if not isinstance(value, dict) or step.name not in value:
                return MISSING
            value = value[step.name]
        elif isinstance(step, Index):
            if not isinstance(value, list) or step.position >= len(value):
                return MISSING
            value = value[step.position]
    return value

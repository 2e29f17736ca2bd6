"""What conditions say of decoded messages: yes, no, or perhaps where not all is decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import UNSET

from trailwarden.patterns.layout import Getter, Path
from trailwarden.patterns.model import And, Condition, Leaf, NotExists, Or
from trailwarden.patterns.slots import is_decoded, slot
from trailwarden.patterns.values import MISSING, leaf_matcher

NO, PERHAPS, YES = 0, 1, 2
Truth = int


def leaf_test(leaf: Leaf) -> Callable[[Any], Truth]:
    """A test of the value found at the leaf's slot."""
    if not is_decoded(leaf.selector):
        return _deep_test(leaf)
    holds = leaf_matcher(leaf)

    def test(value: Any) -> Truth:
        kind = type(value)
        if kind is float or (kind is int and value == 0):
            return PERHAPS  # 1.0 or 1e0, 0 or -0: the spelling is gone
        return YES if holds(MISSING if value is UNSET else value) else NO

    return test


def _deep_test(leaf: Leaf) -> Callable[[Any], Truth]:
    """The slot is only the way to an element: an absent one satisfies nothing but NOT EXISTS."""
    absent = PERHAPS if isinstance(leaf, NotExists) else NO
    return lambda value: absent if value is UNSET else PERHAPS


def evaluator(
    node: Condition,
    *,
    getters: Mapping[Path, Getter],
    tests: dict[Leaf, Callable[[Any], Truth]],
) -> Callable[[Any], Truth]:
    """A test of a decoded message.

    ``getters`` read the slots of all leaves; ``tests`` keeps what was made of each leaf, for leaves
    that other patterns have as well.
    """
    if isinstance(node, And | Or):
        children = [evaluator(child, getters=getters, tests=tests) for child in node.children]
        return partial(_all if isinstance(node, And) else _any, children)
    read = getters[slot(node.selector)]
    test = tests.get(node)
    if test is None:
        test = tests[node] = leaf_test(node)
    return lambda record: test(read(record))


def _all(children: Sequence[Callable[[Any], Truth]], record: Any) -> Truth:
    lowest = YES
    for child in children:
        truth = child(record)
        if truth == NO:
            return NO
        lowest = min(lowest, truth)
    return lowest


def _any(children: Sequence[Callable[[Any], Truth]], record: Any) -> Truth:
    highest = NO
    for child in children:
        truth = child(record)
        if truth == YES:
            return YES
        highest = max(highest, truth)
    return highest

"""From a value to the patterns that it may satisfy, at the cost of a look into a dictionary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from trailwarden.patterns.cover import literal_of
from trailwarden.patterns.model import Leaf
from trailwarden.patterns.perhaps import Truth, leaf_test
from trailwarden.patterns.slots import is_decoded

Ids = tuple[int, ...]  # the numbers of patterns

_REMEMBERED_VALUES = 50_000
_REMEMBERED_LENGTH = 256


def is_memorable(value: Any) -> bool:
    """True for what may be a key. Numbers may not: 1, 1.0 and True would be one."""
    if type(value) is str:
        return len(value) <= _REMEMBERED_LENGTH
    return value is UNSET or value is None


class Table(dict[Any, Ids]):
    """Value of one selector → numbers of the patterns whose cover it may satisfy.

    Filled as values are met. Only what is memorable is kept: that is what CloudTrail holds where
    patterns look.
    """

    def __init__(self, found: Mapping[Leaf, Sequence[int]]) -> None:
        super().__init__()
        self._literals: defaultdict[str, list[int]] = defaultdict(list)
        self._tests: list[tuple[Callable[[Any], Truth], Sequence[int]]] = []
        self._others: list[tuple[Callable[[Any], Truth], Sequence[int]]] = []
        for leaf, numbers in found.items():
            test = leaf_test(leaf)
            literal = literal_of(leaf)
            if literal is not None and is_decoded(leaf.selector):
                # Against a string, simply equality.
                self._literals[literal].extend(numbers)
                self._others.append((test, numbers))
            else:
                self._tests.append((test, numbers))

    def __missing__(self, value: Any) -> Ids:
        found = self._search(value)
        if not is_memorable(value):
            return found
        if len(self) >= _REMEMBERED_VALUES:
            self.clear()
        self[value] = found
        return found

    def find(self, value: Any) -> Ids:
        """The same for any value, also one that cannot be a key."""
        return self[value] if isinstance(value, str | UnsetType) else self._search(value)

    def _search(self, value: Any) -> Ids:
        found: set[int] = set()
        if type(value) is str:
            found.update(self._literals.get(value, ()))
        elif value is not UNSET:  # a literal never holds for an absent value
            for test, numbers in self._others:
                if test(value):
                    found.update(numbers)
        for test, numbers in self._tests:
            if test(value):
                found.update(numbers)
        return tuple(sorted(found))

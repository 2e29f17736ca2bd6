"""A habit: what a principal does again and again, where, when and how much of it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import log
from random import Random
from typing import Generic, TypeVar

from trailwarden.simulate.call import Call
from trailwarden.simulate.principal import Principal
from trailwarden.simulate.rhythm import Rhythm

T = TypeVar("T")


class Choice(Generic[T]):
    """Items with weights, to choose from."""

    __slots__ = ("_items", "_marks", "_total")

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        self._items = [item for item, _ in weighted]
        self._marks = list(accumulate(weight for _, weight in weighted))
        self._total = self._marks[-1]

    def pick(self, rng: Random) -> T:
        """One item, as likely as its weight says."""
        return self._items[bisect(self._marks, rng.random() * self._total)]


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """What goes before: the call that brings a session about. ``given`` are values of slots."""

    principal: Principal
    call: Call
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Routine:
    """``share`` is the part of all background calls; ``burst`` how many come together, ``gap``
    seconds apart on average. ``given`` are values of the calls' slots. ``openings`` begin each
    burst, ``sign_in`` a person's day.
    """

    principal: Principal
    calls: Choice[Call]
    regions: Choice[str]
    rhythm: Rhythm
    share: float
    burst: int = 1
    gap: float = 1.0
    given: Mapping[str, str] = field(default_factory=dict)
    openings: Sequence[Opening] = ()
    sign_in: Sequence[Opening] = ()

    def bursts(self, expected: float, rng: Random) -> int:
        """How many bursts make up ``expected`` calls, on average over many slots."""
        return int(expected / (self.burst + len(self.openings)) + rng.random())

    def length(self, rng: Random) -> int:
        """How many calls one burst has: ``burst`` on average."""
        return 1 + int(rng.random() * (2 * self.burst - 1))

    def pauses(self, count: int, rng: Random) -> Iterator[float]:
        """Seconds from the start of a burst to each of its calls."""
        offset = 0.0
        for _ in range(count):
            yield offset
            offset -= log(1.0 - rng.random()) * self.gap

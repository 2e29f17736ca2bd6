"""The samples an alarm has been given, in order of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from trailwarden.alarms.datapoints import StatisticSet


class Samples:
    """Sets of samples in order of their steps, each with its position."""

    def __init__(self, position_of: Callable[[int], int]) -> None:
        self._position_of = position_of
        self.steps: list[int] = []
        self.positions: list[int] = []
        self.sets: list[StatisticSet] = []
        self._is_own: list[bool] = []  # made here, so that merging does not change the caller's

    def copy(self) -> Samples:
        """The same samples; what is added to one of the two is not in the other."""
        made = Samples(self._position_of)
        made.steps, made.positions = self.steps[:], self.positions[:]
        made.sets = self.sets[:]
        made._is_own = [False] * len(self.sets)
        return made

    def add(self, step: int, samples: StatisticSet) -> int:
        """Add samples; returns their position."""
        place = len(self.steps)
        if place and self.steps[-1] >= step:
            place = bisect_left(self.steps, step)
            if self.steps[place] == step:
                self._merge(place, samples)
                return self.positions[place]
        position = self._position_of(step)
        self.steps.insert(place, step)
        self.positions.insert(place, position)
        self.sets.insert(place, samples)
        self._is_own.insert(place, False)
        return position

    def _merge(self, place: int, samples: StatisticSet) -> None:
        if not self._is_own[place]:
            copy = StatisticSet()
            copy.merge(self.sets[place])
            self.sets[place], self._is_own[place] = copy, True
        self.sets[place].merge(samples)

    def between(self, start: int, end: int) -> StatisticSet:
        """All samples of the steps from ``start`` to before ``end``."""
        found = StatisticSet()
        for place in range(bisect_left(self.steps, start), bisect_left(self.steps, end)):
            found.merge(self.sets[place])
        return found

    def drop_until(self, position: int) -> int:
        """Forget the samples at ``position`` and before; returns how many sets went."""
        end = bisect_right(self.positions, position)
        for column in (self.steps, self.positions, self.sets, self._is_own):
            del column[:end]
        return end

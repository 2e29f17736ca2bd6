"""The samples inside a bucket that slides along a metric, and its statistic kept up to date.

Sets enter in order of their position and leave in the same order, so each costs a constant time.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from trailwarden.alarms.datapoints import StatisticSet
from trailwarden.alarms.statistics import OfValues, Simple, Statistic


class Bucket(Protocol):
    """What is inside a sliding bucket."""

    @property
    def sample_count(self) -> int:
        """How many samples are inside."""

    def enter(self, samples: StatisticSet) -> None:
        """Take in the next set."""

    def leave(self, samples: StatisticSet) -> None:
        """Let go of the set that came first."""

    def value(self) -> float | None:
        """The statistic of what is inside, None without any."""


class TotalBucket:
    """For SampleCount, Sum and Average: a running count and an exact running sum."""

    def __init__(self, statistic: Statistic) -> None:
        self._statistic = statistic
        self._inside = StatisticSet(keeps_values=False)

    @property
    def sample_count(self) -> int:
        return self._inside.sample_count

    def enter(self, samples: StatisticSet) -> None:
        self._inside.merge(samples)

    def leave(self, samples: StatisticSet) -> None:
        inside = self._inside
        inside.sample_count -= samples.sample_count
        inside.numerator -= samples.numerator << (inside.scale - samples.scale)

    def value(self) -> float | None:
        return self._statistic.of(self._inside)


class ExtremeBucket:
    """For Minimum and Maximum: the sets that can still become the extreme one."""

    def __init__(self, *, largest: bool) -> None:
        self._largest = largest
        self._candidates: deque[tuple[float, StatisticSet]] = deque()
        self.sample_count = 0

    def enter(self, samples: StatisticSet) -> None:
        # Signs are turned for Maximum, so that the smallest is always wanted.
        extreme = -samples.maximum if self._largest else samples.minimum
        while self._candidates and self._candidates[-1][0] > extreme:
            self._candidates.pop()
        self._candidates.append((extreme, samples))
        self.sample_count += samples.sample_count

    def leave(self, samples: StatisticSet) -> None:
        self.sample_count -= samples.sample_count
        if self._candidates[0][1] is samples:
            self._candidates.popleft()

    def value(self) -> float | None:
        if not self._candidates:
            return None
        extreme = self._candidates[0][0]
        return 0.0 - extreme if self._largest else extreme


class ValueBucket:
    """For percentiles and their kin: how many samples have which value."""

    def __init__(self, statistic: OfValues) -> None:
        self._statistic = statistic
        self._counts: dict[float, int] = {}
        self._unknown = 0
        self.sample_count = 0

    def enter(self, samples: StatisticSet) -> None:
        self._count(samples, 1)

    def leave(self, samples: StatisticSet) -> None:
        self._count(samples, -1)

    def _count(self, samples: StatisticSet, sign: int) -> None:
        self.sample_count += sign * samples.sample_count
        counts = samples.counts()
        if counts is None:
            self._unknown += sign
            return
        mine = self._counts
        for value, number in counts.items():
            now = mine.get(value, 0) + sign * number
            if now:
                mine[value] = now
            else:
                del mine[value]

    def value(self) -> float | None:
        if self._unknown:
            return None
        return self._statistic.of_counts(self._counts, self.sample_count)


def bucket_for(statistic: Statistic) -> Bucket:
    """An empty bucket that computes ``statistic``."""
    if isinstance(statistic, OfValues):
        return ValueBucket(statistic)
    if isinstance(statistic, Simple) and statistic.name in ("Minimum", "Maximum"):
        return ExtremeBucket(largest=statistic.name == "Maximum")
    return TotalBucket(statistic)

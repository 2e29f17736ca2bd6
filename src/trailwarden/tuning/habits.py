"""When somebody's matches come: on which days, at which hours of the day (UTC)."""

from __future__ import annotations

from collections import Counter

from trailwarden.times import from_epoch
from trailwarden.tuning.model import Habit

_HOUR, _DAY = 3600, 86_400  # seconds
_MOSTLY = 0.9  # of the matches
_NARROW = 6  # hours; a wider stretch of the day says nothing
_OFTEN = 0.5  # of the days between the first and the last
_LEAST_DAYS = 7  # between the first and the last


class Times:
    """Collects the times of matches; bounded by how long the archive is."""

    def __init__(self) -> None:
        self._hours: Counter[int] = Counter()  # since the epoch
        self.first: int | None = None
        self.last: int | None = None

    def add(self, second: int) -> None:
        self._hours[second // _HOUR] += 1
        self.first = second if self.first is None else min(self.first, second)
        self.last = second if self.last is None else max(self.last, second)

    @property
    def busy_hours(self) -> int:
        """Different hours with a match: nearer to incidents than the number of matches."""
        return len(self._hours)

    @property
    def days(self) -> int:
        return len({hour // 24 for hour in self._hours})

    def habit(self) -> Habit:
        """What can be said of them. There must be one at least."""
        assert self.first is not None  # noqa: S101 - the caller has counted one
        assert self.last is not None  # noqa: S101
        of_day: Counter[int] = Counter()
        for hour, count in self._hours.items():
            of_day[hour % 24] += count
        span = self.last // _DAY - self.first // _DAY + 1
        return Habit(
            first=from_epoch(self.first),
            last=from_epoch(self.last),
            days=self.days,
            hours=_stretch(of_day),
            regular=span >= _LEAST_DAYS and self.days >= span * _OFTEN,
        )


def _stretch(of_day: Counter[int]) -> tuple[int, int] | None:
    """The shortest stretch of the day that holds nearly all, the earliest of equals."""
    wanted = sum(of_day.values()) * _MOSTLY
    for length in range(1, _NARROW + 1):
        for start in range(24):
            if sum(of_day[(start + step) % 24] for step in range(length)) >= wanted:
                return start, (start + length) % 24
    return None

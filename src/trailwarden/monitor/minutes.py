"""Counts per minute, in a few kilobytes per day at most: years of archive fit into memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

MINUTES_PER_DAY = 1440
_SPARSE = 40  # so many minutes of a day are kept one by one, more as a table of all minutes


class MinuteCounts:
    """How often something happened in each minute. Minutes count from the epoch."""

    def __init__(self) -> None:
        self._days: dict[int, dict[int, int] | array[int]] = {}

    def add(self, minute: int, count: int = 1) -> None:
        """Count ``count`` more in ``minute``."""
        day, offset = divmod(minute, MINUTES_PER_DAY)
        counts = self._days.setdefault(day, {})
        if isinstance(counts, dict):
            counts[offset] = counts.get(offset, 0) + count
            if len(counts) > _SPARSE:
                self._days[day] = _table(counts)
        else:
            counts[offset] += count

    def __getitem__(self, minute: int) -> int:
        day, offset = divmod(minute, MINUTES_PER_DAY)
        counts = self._days.get(day, {})
        return counts.get(offset, 0) if isinstance(counts, dict) else counts[offset]

    def days(self) -> list[int]:
        """The days (since the epoch) that hold anything, in order."""
        return sorted(self._days)

    def of_day(self, day: int) -> Iterator[tuple[int, int]]:
        """(minute, count) of the minutes of ``day`` with a count, in order."""
        counts = self._days.get(day, {})
        pairs = sorted(counts.items()) if isinstance(counts, dict) else enumerate(counts)
        start = day * MINUTES_PER_DAY
        return ((start + offset, count) for offset, count in pairs if count)

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """(minute, count) from ``start`` to before ``end`` where there is a count, in order."""
        for day in range(start // MINUTES_PER_DAY, -(-end // MINUTES_PER_DAY)):
            if day in self._days:
                yield from (pair for pair in self.of_day(day) if start <= pair[0] < end)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for day in self.days():
            yield from self.of_day(day)

    def drop_day(self, day: int) -> None:
        """Forget ``day``."""
        self._days.pop(day, None)


def _table(counts: dict[int, int]) -> array[int]:
    table = array("L", bytes(array("L").itemsize * MINUTES_PER_DAY))
    for offset, count in counts.items():
        table[offset] = count
    return table

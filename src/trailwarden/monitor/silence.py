"""Minutes without any record: an archive's gap cannot be told from silence, so both are shown."""

from __future__ import annotations

from trailwarden.monitor.outcome import Gap
from trailwarden.times import from_epoch

_LONGER_THAN = 60  # minutes


class Silence:
    """Counts silent minutes and notes long gaps. Minutes come in order, each once."""

    def __init__(self) -> None:
        self.first = 0
        self.minutes = 0
        self._last: int | None = None
        self._gaps: list[tuple[int, int]] = []

    def record_in(self, minute: int) -> None:
        """Note that ``minute`` (since the epoch) held a record."""
        if self._last is None:
            self.first = minute
        elif minute > self._last:
            silent = minute - self._last - 1
            self.minutes += silent
            if silent > _LONGER_THAN:
                self._gaps.append((self._last + 1, minute))
        self._last = minute if self._last is None else max(self._last, minute)

    def gaps(self) -> tuple[Gap, ...]:
        """All stretches longer than an hour, in order."""
        return tuple(Gap(from_epoch(start * 60), from_epoch(end * 60)) for start, end in self._gaps)

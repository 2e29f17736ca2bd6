"""Up to when the input is taken to be complete (rules W-10 and W-17)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from trailwarden.times import epoch_seconds

MOST_PATIENCE = timedelta(hours=1)  # with a source that cannot be read


class Watermark:
    """Follows how far each source has been read. ``lateness`` is in seconds.

    A source that is quiet says so, and time goes on. One that has not been read to its end (after
    a start, while a backlog is worked off, or because it fails) holds time up: its records are not
    late, they are waiting. A source that keeps failing is waited for an hour.
    """

    def __init__(self, sources: Iterable[str], lateness: float) -> None:
        self._lateness = timedelta(seconds=lateness)
        self._drained: dict[str, datetime | None] = dict.fromkeys(sources)
        self._failing: dict[str, datetime] = {}
        self._reached: datetime | None = None

    def drained(self, source: str, at: datetime) -> None:
        """All that ``source`` held at the time ``at`` has been taken."""
        self._drained[source] = at
        self._failing.pop(source, None)

    @property
    def is_caught_up(self) -> bool:
        """Whether every source has been read to its end since the start."""
        return all(at is not None for at in self._drained.values())

    def failing(self, source: str, now: datetime) -> None:
        """``source`` cannot be read at present."""
        self._failing.setdefault(source, now)

    def minute(self, now: datetime) -> int | None:
        """Every minute before this one (since the epoch) may be decided; None while none may.

        It goes back only with the clock: what a clock said that was ahead is not believed any more.
        """
        reached = [self._of(source, at, now) for source, at in self._drained.items()]
        known = [min(at, now) for at in reached if at is not None]
        if len(known) == len(reached) and known:
            newest = min(known) - self._lateness
            before = newest if self._reached is None else self._reached
            self._reached = max(newest, min(before, now - self._lateness))
        return None if self._reached is None else epoch_seconds(self._reached) // 60

    def _of(self, source: str, at: datetime | None, now: datetime) -> datetime | None:
        since = self._failing.get(source)
        if since is not None and now - since > MOST_PATIENCE:
            return now
        return at


def _running() -> float:
    """Seconds that no clock's correction changes; with those of a suspended machine, if known."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Horizon:
    """How far minutes may be decided, by what is known without this machine's clock.

    That clock may be ahead: what it decided would be final, and every record from then on late.
    It is surely as late as the newest record says, and later by the time that has run since.
    ``settling`` minutes after that no alarm changes any more without records, so that nothing is
    missed by waiting there for the next one. ``running`` are seconds that only grow.
    """

    def __init__(self, settling: int, running: Callable[[], float] = _running) -> None:
        self._settling = settling
        self._running = running
        self._newest: int | None = None  # minutes since the epoch, at the time _at
        self._at = 0.0

    def seen(self, minute: int, now: datetime) -> None:
        """A record of this minute was taken at ``now``; it cannot be later than that."""
        minute = min(minute, epoch_seconds(now) // 60)
        surely = self._surely
        if surely is None or minute > surely:
            self._newest, self._at = minute, self._running()

    @property
    def minute(self) -> int | None:
        """Minutes before this one (since the epoch) may be decided; None before any record."""
        surely = self._surely
        return None if surely is None else surely + self._settling

    @property
    def _surely(self) -> int | None:
        if self._newest is None:
            return None
        return self._newest + int(self._running() - self._at) // 60

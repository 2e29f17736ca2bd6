"""Up to when the input is taken to be complete (rules W-10 and W-17)."""

from __future__ import annotations

from collections.abc import Iterable
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

    def failing(self, source: str, now: datetime) -> None:
        """``source`` cannot be read at present."""
        self._failing.setdefault(source, now)

    def minute(self, now: datetime) -> int | None:
        """Every minute before this one (since the epoch) may be decided; None while none may.

        It never goes back, whatever the clock does.
        """
        reached = [self._of(source, at, now) for source, at in self._drained.items()]
        known = [at for at in reached if at is not None]
        if len(known) == len(reached) and known:
            newest = min(known) - self._lateness
            self._reached = newest if self._reached is None else max(newest, self._reached)
        return None if self._reached is None else epoch_seconds(self._reached) // 60

    def _of(self, source: str, at: datetime | None, now: datetime) -> datetime | None:
        since = self._failing.get(source)
        if since is not None and now - since > MOST_PATIENCE:
            return now
        return at

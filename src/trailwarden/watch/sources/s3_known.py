"""What was offered before, and what could not be read yet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trailwarden.watch.sources.marks import hash_of
from trailwarden.watch.sources.outlet import pause_after
from trailwarden.watch.sources.s3_objects import Entry

Shelf = date | None  # the day of CloudTrail's layout, None outside of it
_RARE = 600.0  # seconds between the attempts after that
_MOST = 10_000  # objects that are kept for another attempt


class Known:
    """Objects that were offered or taken before, by shelf, so that old days can be dropped."""

    def __init__(self) -> None:
        self._shelves: dict[Shelf, set[int]] = {}

    def add(self, shelf: Shelf, key: str, etag: str) -> None:
        self._shelves.setdefault(shelf, set()).add(hash_of(key, etag))

    def has(self, shelf: Shelf, key: str, etag: str) -> bool:
        found = hash_of(key, etag)
        return any(found in self._shelves.get(place, ()) for place in (shelf, None))

    def drop_before(self, day: date) -> None:
        for shelf in list(self._shelves):
            if shelf is not None and shelf < day:
                del self._shelves[shelf]


@dataclass(slots=True)
class _Setback:
    entry: Entry
    shelf: Shelf
    attempts: int
    due: float  # by the monotonic clock


class SetAside:
    """Objects that could not be read, for further attempts: none is given up while this runs.

    After ``patience`` attempts Drained no longer waits for one, and the attempts become rare.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._by_key: dict[str, _Setback] = {}

    def failed(self, entry: Entry, shelf: Shelf) -> bool:
        """Note a failure; True where this has gone on for so long that it must be taken to last."""
        found = self._by_key.setdefault(entry.key, _Setback(entry, shelf, 0, 0.0))
        found.entry = entry
        found.attempts += 1
        lasting = found.attempts >= self._patience or len(self._by_key) > _MOST
        found.due = time.monotonic() + (_RARE if lasting else pause_after(found.attempts))
        if len(self._by_key) > _MOST:
            del self._by_key[entry.key]
        return lasting

    def done(self, key: str) -> None:
        self._by_key.pop(key, None)

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def due(self) -> Iterator[tuple[Shelf, Entry]]:
        """What is worth another attempt now."""
        now = time.monotonic()
        for setback in list(self._by_key.values()):
            if setback.due <= now:
                yield setback.shelf, setback.entry

    def soonest(self) -> float | None:
        """Seconds until the next attempt that Drained waits for; None where there is none."""
        waits = [s.due for s in self._by_key.values() if s.attempts < self._patience]
        return max(0.0, min(waits) - time.monotonic()) if waits else None

    def oldest_day(self) -> date | None:
        """The first day of which something still holds back Drained."""
        days = [
            s.shelf
            for s in self._by_key.values()
            if s.attempts < self._patience and s.shelf is not None
        ]
        return min(days, default=None)

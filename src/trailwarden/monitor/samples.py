"""A bounded choice of the events behind matches, the same in whatever order they come.

Per filter, minute and as many as fit: the earliest events by (time, id). When all of them together
outgrow the budget, the choice becomes coarser in fixed steps. Each step's choice is contained in
that of the step before, so the result depends only on the events, never on their order or on how
they were split into batches.
"""

from __future__ import annotations

from bisect import insort

from trailwarden.monitor.outcome import Event

BUDGET = 64 * 1024 * 1024
PER_MINUTE = 20
# (minutes per bucket, events per bucket): from the finest to the coarsest choice.
_STEPS = ((1, PER_MINUTE), (1, 5), (1, 1), (10, 1), (60, 1), (1440, 1), (14400, 1))
_OVERHEAD = 700

Order = tuple[str, str, str]  # time, id, text: a total order of different events
_Entry = tuple[Order, int, Event]  # with the minute the event counts in


class EventSamples:
    """Samples of the events behind each filter's matches. ``budget`` is in bytes."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._step = 0
        self._size = 0
        self._kept: dict[tuple[int, int], list[_Entry]] = {}

    def add(self, filter_number: int, minute: int, event: Event) -> None:
        """Offer an event that ``filter_number`` matched in ``minute``."""
        order = (event.event_time.isoformat(), event.event_id, event.raw)
        self._insert(filter_number, minute, (order, minute, event))
        while self._size > self._budget and self._step < len(_STEPS) - 1:
            self._coarsen()

    def _insert(self, filter_number: int, minute: int, entry: _Entry) -> None:
        width, limit = _STEPS[self._step]
        kept = self._kept.setdefault((filter_number, minute // width), [])
        if len(kept) == limit and entry[0] >= kept[-1][0]:
            return
        insort(kept, entry, key=lambda e: e[0])
        self._size += _size(entry)
        if len(kept) > limit:
            self._size -= _size(kept.pop())

    def _coarsen(self) -> None:
        self._step += 1
        old, self._kept, self._size = self._kept, {}, 0
        for (filter_number, _), entries in old.items():
            for entry in entries:
                self._insert(filter_number, entry[1], entry)

    def find(self, filter_number: int, start: int, end: int) -> dict[Order, Event]:
        """Samples of a filter for minutes from ``start`` to before ``end``, each with its order."""
        width, _ = _STEPS[self._step]
        return {
            order: event
            for bucket in range(start // width, -(-end // width))
            for order, minute, event in self._kept.get((filter_number, bucket), ())
            if start <= minute < end
        }


def _size(entry: _Entry) -> int:
    return len(entry[2].raw) + _OVERHEAD

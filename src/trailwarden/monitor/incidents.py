"""Who and what is behind a metric's samples: kept per filter, asked for per alarm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trailwarden.monitor.outcome import Event, FilterOutcome, PrincipalCount
from trailwarden.monitor.pending import Series
from trailwarden.monitor.samples import EventSamples, Order
from trailwarden.monitor.tally import FilterTally, ranked
from trailwarden.stack.model import MetricFilter
from trailwarden.times import from_epoch

MAX_EVENTS = 100  # of one transition
Window = tuple[int, int]  # minutes since the epoch: from, to before
Part = tuple[Series, Window]


@dataclass(frozen=True, slots=True)
class Behind:
    """The matches behind a transition. ``count`` and ``principals`` speak of all of them."""

    events: tuple[Event, ...]
    count: int
    principals: tuple[PrincipalCount, ...]


class Culprits:
    """Matches, principals and event samples of every filter (and of watched dimensions)."""

    def __init__(self) -> None:
        self._tallies: dict[Series, FilterTally] = {}
        self._numbers: dict[Series, int] = {}  # under which their events are kept
        self._samples = EventSamples()

    def add(self, series: Series, second: int, principal: str, event: Event | None) -> None:
        """Note a match at ``second`` (since the epoch), with its event where that was sampled."""
        tally = self._tallies.get(series)
        if tally is None:
            tally = self._tallies[series] = FilterTally()
            self._numbers[series] = len(self._numbers)
        tally.add(second, principal)
        if event is not None:
            self._samples.add(self._numbers[series], second // 60, event)

    def behind(self, parts: Iterable[Part]) -> Behind:
        """The matches of each part's series in its window; windows of a series may overlap."""
        windows: defaultdict[Series, list[Window]] = defaultdict(list)
        for series, window in parts:
            if series in self._tallies:
                windows[series].append(window)
        count, principals = 0, Counter[str]()
        events: dict[Order, Event] = {}
        complete = all(self._tallies[series].knows_minutes for series in windows)
        for series, found in windows.items():
            tally, number = self._tallies[series], self._numbers[series]
            for start, end in _merged(found):
                events |= self._samples.find(number, start, end)
                count += tally.count_in(start, end)
                principals.update(tally.principals_in(start, end))
        ordered = [events[order] for order in sorted(events)]
        if not complete:
            principals = Counter(event.principal for event in ordered)
        return Behind(tuple(ordered[:MAX_EVENTS]), count, ranked(principals))

    def filter_outcome(self, number: int, metric_filter: MetricFilter) -> FilterOutcome:
        """The run of one filter."""
        tally = self._tallies.get((number, ())) or FilterTally()
        return FilterOutcome(
            filter=metric_filter,
            matches=tally.matches,
            first=_instant(tally.first),
            last=_instant(tally.last),
            principals=tally.principals(),
            principals_cut=tally.principals_cut,
        )


def _merged(windows: Iterable[Window]) -> list[Window]:
    """Overlapping windows as one, so that nothing counts twice."""
    merged: list[Window] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _instant(second: int | None) -> datetime | None:
    return None if second is None else from_epoch(second)

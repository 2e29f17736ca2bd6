"""Who and what is behind a metric's samples: kept per filter, asked for per alarm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trailwarden.monitor.digest import UNNAMED, Action
from trailwarden.monitor.outcome import Event, EventNameCount, FilterOutcome, PrincipalCount
from trailwarden.monitor.pending import Series
from trailwarden.monitor.samples import EventSamples, Order, chosen
from trailwarden.monitor.tally import Doing, FilterTally, ranked
from trailwarden.stack.model import MetricFilter
from trailwarden.times import epoch_seconds, from_epoch

MAX_EVENTS = 1000  # of one transition
Window = tuple[int, int]  # minutes since the epoch: from, to before
Part = tuple[Series, Window]


@dataclass(frozen=True, slots=True)
class Behind:
    """The matches behind a transition; the fields are those of :class:`Transition`."""

    events: tuple[Event, ...] = ()
    count: int = 0
    principals: tuple[PrincipalCount, ...] = ()
    event_names: tuple[EventNameCount, ...] = ()
    newcomers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doings:
    """Who did what in a window, with samples; ``first`` is the first minute of each."""

    counts: Mapping[Doing, int]
    first: Mapping[Doing, int]
    events: tuple[Event, ...]

    def only(self, wanted: Callable[[str, str], bool]) -> Behind:
        """The part of it that is wanted, by principal and event name."""
        counts = {
            (who, action): count
            for (who, action), count in self.counts.items()
            if wanted(who, action.event_name)
        }
        events = [event for event in self.events if wanted(event.principal, event.event_name)]
        return Behind(
            tuple(events),
            sum(counts.values()),
            _principals_of(counts, ()),
            _event_names_of(counts),
        )

    def named(self, wanted: Callable[[str, str], bool]) -> Iterable[str]:
        """What is wanted, each principal and event name as one text."""
        pairs = {(who, action.event_name) for who, action in self.counts}
        return (f"{who}\0{name}" for who, name in pairs if wanted(who, name))

    def first_minutes(self, wanted: Callable[[str, str], bool]) -> dict[str, int]:
        """The first minute of what is wanted, per principal."""
        found: dict[str, int] = {}
        for (who, action), minute in self.first.items():
            if wanted(who, action.event_name):
                found[who] = min(minute, found.get(who, minute))
        return found


class Culprits:
    """Matches, principals and event samples of every filter (and of watched dimensions)."""

    def __init__(self) -> None:
        self._tallies: dict[Series, FilterTally] = {}
        self._numbers: dict[Series, int] = {}  # under which their events are kept
        self._samples = EventSamples()

    def add(
        self,
        series: Series,
        second: int,
        principal: str,
        event: Event | None,
        action: Action = UNNAMED,
    ) -> None:
        """Note a match at ``second`` (since the epoch), with its event where that was sampled."""
        tally = self._tallies.get(series)
        if tally is None:
            tally = self._tallies[series] = FilterTally()
            self._numbers[series] = len(self._numbers)
        tally.add(second, principal, action)
        if event is not None:
            self._samples.add(self._numbers[series], second // 60, event)

    def behind(self, parts: Iterable[Part], *, with_history: bool = False) -> Behind:
        """The matches of each part's series in its window; windows of a series may overlap.

        ``with_history`` finds the newcomers too: not to be asked of a continuous run, which sheds
        what it no longer needs.
        """
        windows = self._windows(parts)
        if not windows:
            return Behind()
        count, doings = 0, Counter[Doing]()
        events: dict[Order, Event] = {}
        complete = all(self._tallies[series].knows_minutes for series in windows)
        for series, found in windows.items():
            tally, number = self._tallies[series], self._numbers[series]
            for start, end in found:
                events |= self._samples.find(number, start, end)
                count += tally.count_in(start, end)
                doings.update(tally.doings_in(start, end))
        ordered = [events[order] for order in sorted(events)]
        if not complete:
            doings = Counter(map(_doing_of, ordered))
        newcomers: frozenset[str] = frozenset()
        if with_history:
            newcomers = self._newcomers({principal for principal, _ in doings}, windows)
        return Behind(
            chosen(ordered, MAX_EVENTS, newcomers),
            count,
            _principals_of(doings, newcomers),
            _event_names_of(doings),
            tuple(sorted(newcomers)),
        )

    def doings(self, series: Iterable[Series], window: Window) -> Doings:
        """Who did what in the minutes of ``window``, as the filters of ``series`` matched it."""
        counts, first = Counter[Doing](), dict[Doing, int]()
        events: dict[Order, Event] = {}
        for one in series:
            tally = self._tallies.get(one)
            if tally is None:
                continue
            events |= self._samples.find(self._numbers[one], *window)
            for minute, doing, count in tally.details(*window):
                counts[doing] += count
                first[doing] = min(minute, first.get(doing, minute))
        ordered = tuple(events[order] for order in sorted(events))
        known = {(who, action.event_name) for who, action in counts}
        for event in ordered:  # where the tally does not know any more
            doing = _doing_of(event)
            if (event.principal, event.event_name) not in known:
                counts[doing] = 1
                first[doing] = epoch_seconds(event.event_time) // 60
        return Doings(counts, first, ordered)

    def matched_since(self, series: Iterable[Series], principal: str, minute: int) -> int:
        """How often ``principal`` matched in ``minute`` or later."""
        tallies = [self._tallies[one] for one in series if one in self._tallies]
        return sum(tally.count_since(minute, principal) for tally in tallies)

    def _windows(self, parts: Iterable[Part]) -> dict[Series, list[Window]]:
        windows: defaultdict[Series, list[Window]] = defaultdict(list)
        for series, window in parts:
            if series in self._tallies:
                windows[series].append(window)
        return {series: _merged(found) for series, found in windows.items()}

    def _newcomers(
        self, principals: Iterable[str], windows: Mapping[Series, Sequence[Window]]
    ) -> frozenset[str]:
        """Those of ``principals`` who had not matched before (a minute's beginning counts)."""
        starts = {series: min(found)[0] for series, found in windows.items()}
        return frozenset(
            principal
            for principal in principals
            if not any(
                (first := self._tallies[series].first_of(principal)) is not None and first < start
                for series, start in starts.items()
            )
        )

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


def _doing_of(event: Event) -> Doing:
    return event.principal, Action(event.event_name, bool(event.error_code))


def _principals_of(
    doings: Mapping[Doing, int], newcomers: Container[str]
) -> tuple[PrincipalCount, ...]:
    """Newcomers first, then those who succeeded in something, then by count."""
    counts, succeeded = Counter[str](), set[str]()
    for (principal, action), count in doings.items():
        counts[principal] += count
        if not action.refused:
            succeeded.add(principal)
    return tuple(
        sorted(
            ranked(counts),
            key=lambda one: (one.principal not in newcomers, one.principal not in succeeded),
        )
    )


def _event_names_of(doings: Mapping[Doing, int]) -> tuple[EventNameCount, ...]:
    """What succeeded first, then by count."""
    counts, refused = Counter[str](), Counter[str]()
    for (_, action), count in doings.items():
        counts[action.event_name] += count
        refused[action.event_name] += count * action.refused
    named = [EventNameCount(name, count, refused[name]) for name, count in counts.items()]
    return tuple(sorted(named, key=lambda n: (n.refused == n.count, -n.count, n.event_name)))


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

"""The engine: a stack over records. Digests and the clock go in, transitions come out.

It is the same for a whole archive and for a stream: records are observed in any portions, and
``advance`` evaluates every minute up to a given one. It reads no file, sends no message, and knows
no clock but the one it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trailwarden.alarms import State
from trailwarden.monitor.digest import OUTSIDE, Action, Digest, Hit
from trailwarden.monitor.incidents import Culprits, Doings
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.minutes import MINUTES_PER_DAY
from trailwarden.monitor.outcome import AlarmOutcome, Event, FilterOutcome, Gap, Transition
from trailwarden.monitor.pending import Pending, Series
from trailwarden.monitor.silence import Silence
from trailwarden.monitor.tracks import Tracks
from trailwarden.stack.model import Stack
from trailwarden.times import from_epoch


@dataclass(frozen=True, slots=True)
class Resume:
    """Where an earlier run stopped: it evaluated every minute before ``minute`` (since the epoch).

    ``states`` are those of its alarms, by name.
    """

    minute: int
    states: Mapping[str, State]


class Monitor:
    """Runs the filters and alarms of ``stack``.

    With ``resume`` it goes on where an earlier run stopped, once the digests that alarms still look
    back at have been observed again.
    """

    def __init__(self, stack: Stack, resume: Resume | None = None) -> None:
        self._stack = stack
        self._pending = Pending()
        self._culprits = Culprits()
        self._silence = Silence()
        self._tracks = Tracks(stack, self._culprits)
        self._first: int | None = None
        self._last: int | None = None
        self._started = resume is not None
        if resume is not None:
            self._tracks.resume(resume.minute, resume.states)
        self.events = 0

    # --- in ------------------------------------------------------------------------------
    def observe(self, digest: Digest, duplicates: Collection[int] = ()) -> None:
        """Take in a batch of records. ``duplicates`` are positions that were seen before."""
        left_out = frozenset(duplicates)
        for minute, count in digest.counts_without(left_out):
            if minute == OUTSIDE:
                continue
            self.events += count
            if minute >= 0:
                self._pending.records.add(minute, count)
        if digest.first is not None:
            self._first = digest.first if self._first is None else min(self._first, digest.first)
        if digest.last is not None:
            self._last = digest.last if self._last is None else max(self._last, digest.last)
        events = dict(digest.events)
        for hit in digest.hits:
            if hit.position not in left_out:
                action = digest.action_of(hit)
                self._hit(hit, digest.principals[hit.principal], action, events)

    def _hit(self, hit: Hit, principal: str, action: Action, events: Mapping[int, Event]) -> None:
        minute = hit.second // 60
        event = events.get(hit.position)
        for number in hit.filters:
            self._pending.match(number, minute)
            self._culprits.add((number, ()), hit.second, principal, event, action)
        for sample in hit.samples:
            series: Series = (sample.filter, sample.dimensions)
            if series in self._tracks.own_series:
                self._pending.value(series, minute, sample.value)
                if sample.dimensions:
                    self._culprits.add(series, hit.second, principal, event, action)

    # --- on ------------------------------------------------------------------------------
    def advance(self, until: int) -> list[tuple[str, Transition]]:
        """Evaluate every minute before ``until`` (since the epoch) that is not evaluated yet.

        Returns (alarm name, transition), in order of time. Samples of a minute already evaluated
        still count while their period is in an alarm's range (rule W-12).
        """
        found: list[tuple[str, Transition]] = []
        for day in self._pending.days():
            for minute, _ in self._pending.records.of_day(day):
                self._silence.record_in(minute)
            if not self._started:
                self._started = True
                self._tracks.start(self._silence.first)
            self._tracks.feed(self._pending, day)
            self._pending.drop_day(day)
            found += self._tracks.advance(min(until, (day + 1) * MINUTES_PER_DAY))
        if self._started:
            found += self._tracks.advance(until)
        return found

    def preview(self, name: str, until: int) -> list[Transition]:
        """What metric alarm ``name`` will go through, as far as that can be seen. Changes nothing.

        ALARM begins only where whatever comes can only confirm it. It goes up to the newest minute
        that held a record, and at least to before ``until``.
        """
        days = self._pending.days()
        if not days or self._last is None:
            return []
        (first, _), *_ = self._pending.records.of_day(days[0])
        until = max(until, self._last // 60 + 1)
        return self._tracks.preview(name, self._pending, first, until)

    @property
    def first_pending(self) -> int | None:
        """The first minute (since the epoch) with a record that no alarm has been given yet."""
        days = self._pending.days()
        return next(self._pending.records.of_day(days[0]))[0] if days else None

    def finish(self) -> list[tuple[str, Transition]]:
        """Evaluate to the end of the run: until the last record has left every range (W-2).

        Returns what :meth:`advance` does.
        """
        days = self._pending.days()
        if days:
            *_, (last, _) = self._pending.records.of_day(days[-1])
            return self.advance(self._tracks.end_after(last))
        return []

    # --- out -----------------------------------------------------------------------------
    @property
    def states(self) -> Mapping[str, State]:
        """The present state of every alarm, by name."""
        return self._tracks.states

    @property
    def feeds(self) -> Mapping[str, tuple[Feed, ...]]:
        """How filters feed each metric alarm, by name."""
        return self._tracks.feeds

    def filters_of(self, name: str) -> tuple[str, ...]:
        """Names of the metric filters behind alarm ``name``; a composite has those of its parts."""
        return self._tracks.filters_of(name)

    def leaves(self, name: str) -> tuple[str, ...]:
        """The metric alarms that alarm ``name`` depends on, itself where it is one."""
        return self._tracks.leaves(name)

    def doings(self, alarms: Iterable[str], start: int, end: int | None) -> Doings:
        """What the filters of metric ``alarms`` matched from minute ``start`` to before ``end``."""
        last = 0 if self._last is None else self._last // 60 + 1
        return self._culprits.doings(self._series(alarms), (start, last if end is None else end))

    def matched_since(self, alarms: Iterable[str], principal: str, minute: int) -> int:
        """How often ``principal`` matched the filters of metric ``alarms`` from ``minute`` on."""
        return self._culprits.matched_since(self._series(alarms), principal, minute)

    def _series(self, alarms: Iterable[str]) -> dict[Series, None]:
        feeds = self._tracks.feeds
        return {(f.filter, f.dimensions): None for name in alarms for f in feeds.get(name, ())}

    @property
    def first_event(self) -> datetime | None:
        return None if self._first is None else from_epoch(self._first)

    @property
    def last_event(self) -> datetime | None:
        return None if self._last is None else from_epoch(self._last)

    @property
    def silent_minutes(self) -> int:
        """Minutes between the first and the last record that held none."""
        return self._silence.minutes

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Stretches without a record, longer than an hour (rule W-5)."""
        return self._silence.gaps()

    def filter_outcomes(self) -> tuple[FilterOutcome, ...]:
        """One per filter, in the stack's order."""
        return tuple(
            self._culprits.filter_outcome(number, metric_filter)
            for number, metric_filter in enumerate(self._stack.metric_filters)
        )

    def alarm_outcomes(self) -> tuple[AlarmOutcome, ...]:
        """One per alarm: metric alarms, then composite ones, in the stack's order."""
        return self._tracks.outcomes()

"""A stack over a stream of records that come late and out of order: the continuous run's engine.

It is the monitor of a backtest, fed bit by bit, with two questions answered anew each time: what
can be told already (:meth:`Live.foresee`), and what is final now (:meth:`Live.decide`). It reads no
file, sends no message, and knows no clock but the one it is told.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from trailwarden.alarms import CompositeAlarm, MetricAlarm, State, alarm_name, range_minutes
from trailwarden.monitor.announcement import Announcement, Kind
from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.engine import Monitor, Resume
from trailwarden.monitor.outcome import PrincipalCount, Transition
from trailwarden.monitor.suppressing import Held, Suppression
from trailwarden.monitor.telling import Teller, TellingMemory, fires_early
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds, format_instant, from_epoch

FUTURE = 120  # minutes: later records are refused, as CloudWatch would (rules M-8, W-19)
MAX_EVENTS = 20  # of one announcement: it waits in a database and travels by mail
_Alarm = MetricAlarm | CompositeAlarm


class LiveMemory(msgspec.Struct):
    """All that must outlive a process, apart from the digests that alarms still look back at.

    Every minute (since the epoch) before ``decided`` is final; None before the first.
    """

    decided: int | None = None
    states: dict[str, State] = {}
    tellings: dict[str, TellingMemory] = {}
    held: dict[str, Held] = {}


@dataclass(slots=True)
class Observed:
    """What became of one portion's records. ``late`` came after their minute was decided."""

    records: int = 0
    duplicates: int = 0
    late: int = 0
    refused: int = 0  # for times in the future
    matches: Counter[tuple[str, str]] = field(default_factory=Counter)  # per filter, principal
    announcements: list[Announcement] = field(default_factory=list)


class Live:
    """Runs ``stack`` continuously.

    ``known`` says how often a principal has matched a filter, in all portions observed so far.

    After a restart it is given the ``memory`` of the run before, and the digests that
    :attr:`looks_back_to` asks for (:meth:`remember`).
    """

    def __init__(
        self,
        stack: Stack,
        memory: LiveMemory | None = None,
        *,
        known: Callable[[str, str], int] = lambda _filter, _principal: 0,
    ) -> None:
        self.memory = memory or LiveMemory()
        self._stack = stack
        self._known = known
        decided = self.memory.decided
        resume = None if decided is None else Resume(decided, self.memory.states)
        self._monitor = Monitor(stack, resume)
        alarms: list[_Alarm] = [*stack.alarms, *stack.composite_alarms]
        self._alarms = {alarm.alarm_name: alarm for alarm in alarms}
        # An alarm that the stack has no more is not told again, and begins anew if it comes back.
        for name in self.memory.tellings.keys() - self._alarms.keys():
            del self.memory.tellings[name]
            self.memory.held.pop(name, None)
        self._tellers = {name: self._teller(alarm) for name, alarm in self._alarms.items()}
        self._suppressions = [
            Suppression(alarm, self._held(alarm))
            for alarm in stack.composite_alarms
            if alarm.actions_suppressor is not None
        ]
        self._filters = {name: self._filters_of(name) for name in self._alarms}
        self._alarms_of = self._by_filter()
        self._touched: dict[str, None] = {}  # in order: alarms to look at before they are decided
        self._widest = max((range_minutes(alarm) for alarm in stack.alarms), default=0)

    def _teller(self, alarm: _Alarm) -> Teller:
        name = alarm.alarm_name
        memory = self.memory.tellings.setdefault(name, TellingMemory())
        return Teller(memory, early=fires_early(alarm, self._monitor.feeds.get(name, ())))

    def _held(self, alarm: CompositeAlarm) -> Held:
        states = self._monitor.states
        suppressor = alarm_name(alarm.actions_suppressor or "")
        now = Held(states[alarm.alarm_name], states[suppressor])
        return self.memory.held.setdefault(alarm.alarm_name, now)

    def _filters_of(self, name: str) -> tuple[str, ...]:
        filters = self._stack.metric_filters
        feeds = self._monitor.feeds.get(name, ())
        return tuple(dict.fromkeys(filters[feed.filter].filter_name for feed in feeds))

    def _by_filter(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for name, feeds in self._monitor.feeds.items():
            for feed in feeds:
                names = found.setdefault(feed.filter, [])
                if name not in names:
                    names.append(name)
        return found

    @property
    def in_alarm(self) -> list[str]:
        """The alarms of which ALARM was the last thing told."""
        memories = self.memory.tellings.items()
        return [name for name, one in memories if one.last and one.last.state == "ALARM"]

    # --- records -------------------------------------------------------------------------
    @property
    def looks_back_to(self) -> int | None:
        """The first minute that some evaluation to come can see; None where nothing is decided."""
        decided = self.memory.decided
        return None if decided is None else decided - self._widest

    def remember(self, digest: Digest, duplicates: Collection[int]) -> None:
        """Take in a digest again that a run before this one has observed."""
        self._monitor.observe(digest, duplicates)
        self._touch(digest.hits)

    def observe(
        self, digest: Digest, duplicates: Collection[int], *, portion: str, now: datetime
    ) -> Observed:
        """Take in one portion's records at the time ``now`` (UTC).

        ``portion`` identifies it, whenever it is read. The digest loses its records of the future.
        """
        left_out = frozenset(duplicates)
        found = Observed(duplicates=len(left_out))
        found.refused = _refuse_future(digest, epoch_seconds(now) // 60 + FUTURE)
        before = self._monitor.events
        self._monitor.observe(digest, left_out)
        found.records = self._monitor.events - before
        hits = [hit for hit in digest.hits if hit.position not in left_out]
        filters = self._stack.metric_filters
        for hit in hits:
            principal = digest.principals[hit.principal]
            found.matches.update((filters[number].filter_name, principal) for number in hit.filters)
        self._touch(hits)
        decided = self.memory.decided
        if decided is not None:
            minutes = digest.minute_array() if left_out else ()
            found.late = sum(count for minute, count in digest.counts if 0 <= minute < decided)
            found.late -= sum(0 <= minutes[position] < decided for position in left_out)
            late = [hit for hit in hits if hit.second // 60 < decided]
            found.announcements = list(self._late(late, digest, portion, now))
        return found

    def _touch(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            for number in hit.filters:
                self._touched.update(dict.fromkeys(self._alarms_of.get(number, ())))

    def _late(
        self, hits: list[Hit], digest: Digest, portion: str, now: datetime
    ) -> Iterable[Announcement]:
        """Rule W-13: matches that came too late to count in their minute are told all the same."""
        events = dict(digest.events)
        by_alarm: dict[str, list[Hit]] = {}
        for hit in hits:
            for name in dict.fromkeys(n for f in hit.filters for n in self._alarms_of.get(f, ())):
                by_alarm.setdefault(name, []).append(hit)
        for name, those in by_alarm.items():
            counts = Counter(digest.principals[hit.principal] for hit in those)
            state = self._monitor.states[name]
            transition = Transition(
                time=from_epoch(min(hit.second for hit in those)),
                from_state=state,
                to_state=state,
                reason=f"{len(those):,} matching records arrived after their time was decided",
                reason_data="{}",
                events=tuple(e for hit in those if (e := events.get(hit.position)))[:MAX_EVENTS],
                event_count=len(those),
                principals=tuple(PrincipalCount(p, n) for p, n in counts.most_common()),
            )
            yield self._announce("late-match", name, transition, now, portion)

    # --- what follows --------------------------------------------------------------------
    def foresee(self, now: datetime) -> list[Announcement]:
        """What can be told before it is decided, of the alarms whose filters matched."""
        told = []
        next_one = (self.memory.decided or 0) + 1
        for name in self._touched:
            teller = self._tellers[name]
            if teller.early:
                changes = teller.foreseen(self._monitor.preview(name, next_one))
                told += [self._announce("transition", name, change, now) for change in changes]
        self._touched.clear()
        return told

    def decide(
        self, until: int, now: datetime
    ) -> tuple[list[tuple[str, Transition]], list[Announcement]]:
        """Make every minute before ``until`` (since the epoch) final.

        Returns the changes of state, in order, and what is to be told now.
        """
        told = self.foresee(now)
        if not self._may_decide(until):
            return [], told
        changes = self._monitor.advance(until)
        self.memory.decided = until
        self.memory.states = dict(self._monitor.states)
        end = from_epoch(until * 60)
        by_alarm: dict[str, list[Transition]] = {}
        for name, change in changes:
            by_alarm.setdefault(name, []).append(change)
        for suppression in self._suppressions:
            name = suppression.name
            acting = self._tellers[name].acted(suppression.decided(changes, end))
            told += [self._announce("transition", name, change, now) for change in acting]
        held = {suppression.name for suppression in self._suppressions}
        for name, teller in self._tellers.items():
            if name in held:
                continue
            if by_alarm.get(name) or teller.memory.open or teller.memory.last:
                state = self.memory.states[name]
                more = teller.amended(by_alarm.get(name, ()))
                told += [self._announce("amendment", name, change, now) for change in more]
                news = teller.decided(by_alarm.get(name, ()), state, end)
                told += [self._announce("transition", name, change, now) for change in news]
        return changes, told

    def _may_decide(self, until: int) -> bool:
        """The run begins with the first record (rule W-2): not before it is sure which that is."""
        decided = self.memory.decided
        if decided is not None:
            return until > decided
        first = self._monitor.first_pending
        return first is not None and first < until

    def _announce(
        self, kind: Kind, name: str, transition: Transition, now: datetime, portion: str = ""
    ) -> Announcement:
        alarm, filters = self._alarms[name], self._filters[name]
        counted = kind != "late-match"  # what came late is told before it is counted as known
        what = (kind, name, format_instant(transition.time), transition.to_state, portion)
        return Announcement(
            id=hashlib.sha256("\0".join(what).encode()).hexdigest()[:32],
            kind=kind,
            alarm=name,
            transition=replace(
                transition,
                # Their text stays in the log: an announcement may wait for days beside thousands.
                events=tuple(replace(e, raw="") for e in transition.events[:MAX_EVENTS]),
            ),
            decided=now,
            topics=topics_of(alarm, "ALARM" if kind == "late-match" else transition.to_state),
            filters=filters,
            before=tuple(
                PrincipalCount(one.principal, count)
                for one in transition.principals[:MAX_EVENTS]
                if (
                    count := sum(self._known(f, one.principal) for f in filters)
                    - counted * one.count
                )
                > 0
            ),
        )


def topics_of(alarm: _Alarm, state: State) -> tuple[str, ...]:
    """The actions that a change of ``alarm`` to ``state`` executes."""
    if not alarm.actions_enabled:
        return ()
    return {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }[state]


def _refuse_future(digest: Digest, limit: int) -> int:
    """Leave out what happened at or after the minute ``limit``; returns how many records did."""
    refused = sum(count for minute, count in digest.counts if minute >= limit)
    if refused:
        digest.counts = [(minute, count) for minute, count in digest.counts if minute < limit]
        digest.hits = [hit for hit in digest.hits if hit.second // 60 < limit]
        if digest.last is not None:
            digest.last = min(digest.last, limit * 60 - 1)
        if digest.first is not None:
            digest.first = min(digest.first, limit * 60 - 1)
    return refused

"""A stack over a stream of records that come late and out of order: the continuous run's engine.

It is the monitor of a backtest, fed bit by bit, with two questions answered anew each time: what
can be told already (:meth:`Live.foresee`), and what is final now (:meth:`Live.decide`). It reads no
file, sends no message, and knows no clock but the one it is told.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from trailwarden.alarms import CompositeAlarm, MetricAlarm, State, alarm_name, range_minutes
from trailwarden.monitor.announcement import Announcement, Kind
from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.engine import Monitor, Resume
from trailwarden.monitor.outcome import Event, PrincipalCount, Transition
from trailwarden.monitor.samples import chosen
from trailwarden.monitor.stretches import (
    MAX_KNOWN,
    MAX_NAMED,
    PAUSE,
    Stretch,
    one_of_each_role_first,
    update_of,
)
from trailwarden.monitor.suppressing import Held, Suppression
from trailwarden.monitor.telling import Teller, TellingMemory, fires_early
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds, format_instant, from_epoch

FUTURE = 120  # minutes: later records are refused, as CloudWatch would (rules M-8, W-19)
MAX_EVENTS = 50  # of one announcement: it waits in a database and travels by mail
_MAX_LATE = 100  # events of what came late, until it is told
_MAX_PRINCIPALS = 1000  # and event names of one announcement
_Alarm = MetricAlarm | CompositeAlarm


class Late(msgspec.Struct):
    """Matches of one alarm that came too late and are to be told together.

    ``portion`` identifies the first portion that held any; ``counts`` are per principal.
    """

    portion: str
    first: datetime
    count: int = 0
    counts: dict[str, int] = {}
    events: list[Event] = []


class LiveMemory(msgspec.Struct):
    """All that must outlive a process, apart from the digests that alarms still look back at.

    Every minute (since the epoch) before ``decided`` is final; None before the first.
    """

    decided: int | None = None
    states: dict[str, State] = {}
    tellings: dict[str, TellingMemory] = {}
    held: dict[str, Held] = {}
    stretches: dict[str, list[Stretch]] = {}
    late: dict[str, Late] = {}
    late_told: dict[str, datetime] = {}  # when such matches were told last, per alarm
    told: dict[str, list[str]] = {}  # ids of the last ALARM told and of its updates, per alarm


@dataclass(slots=True)
class Observed:
    """What became of one portion's records. ``late`` came after their minute was decided."""

    records: int = 0
    duplicates: int = 0
    late: int = 0
    refused: int = 0  # for times in the future
    matches: Counter[tuple[str, str]] = field(default_factory=Counter)  # per filter, principal
    late_matches: Counter[str] = field(default_factory=Counter)  # per filter


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
            self.memory.stretches.pop(name, None)
            self.memory.late.pop(name, None)
            self.memory.late_told.pop(name, None)
            self.memory.told.pop(name, None)
        self._tellers = {name: self._teller(alarm) for name, alarm in self._alarms.items()}
        self._suppressions = [
            Suppression(alarm, self._held(alarm))
            for alarm in stack.composite_alarms
            if alarm.actions_suppressor is not None
        ]
        self._filters = {name: self._monitor.filters_of(name) for name in self._alarms}
        self._leaves = {name: self._monitor.leaves(name) for name in self._alarms}
        self._alarms_of = self._by_filter()
        self._waiting: set[str] = set()  # alarms with news that wait for their minute
        self._changed: set[str] = set()  # alarms that changed in what was decided last
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

    @property
    def is_waiting(self) -> bool:
        """Whether something that may be told waits for more of its kind."""
        return bool(self._waiting or self.memory.late)

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
            found.late_matches.update(
                filters[number].filter_name for hit in late for number in hit.filters
            )
            self._late(late, digest, portion)
        return found

    def _touch(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            for number in hit.filters:
                self._touched.update(dict.fromkeys(self._alarms_of.get(number, ())))

    def _late(self, hits: list[Hit], digest: Digest, portion: str) -> None:
        """Rule W-13: matches that came too late to count in their minute are told all the same."""
        events = dict(digest.events)
        for hit in hits:
            principal, action = digest.principals[hit.principal], digest.action_of(hit)
            one = [PrincipalCount(principal, 1)]
            time = from_epoch(hit.second)
            for name in dict.fromkeys(n for f in hit.filters for n in self._alarms_of.get(f, ())):
                late = self.memory.late.setdefault(name, Late(portion, time))
                late.first = min(late.first, time)
                late.count += 1
                if principal in late.counts or len(late.counts) < MAX_KNOWN:
                    late.counts[principal] = late.counts.get(principal, 0) + 1
                event = events.get(hit.position)
                if event is not None and len(late.events) < _MAX_LATE:
                    late.events.append(replace(event, raw=""))
                for stretch in self.memory.stretches.get(name, ()):
                    if stretch.start <= hit.second // 60:
                        stretch.name(one, [action.event_name])

    def _late_told(self, now: datetime, *, everything: bool) -> Iterable[Announcement]:
        """What came late, told together: for each alarm, once a minute of the clock.

        That is one message, or as many as it takes to name all.
        """
        for name, late in list(self.memory.late.items()):
            last = self.memory.late_told.get(name)
            if not everything and last and timedelta() <= now - last < PAUSE:
                continue
            del self.memory.late[name]
            self.memory.late_told[name] = now
            for number, transition in enumerate(_late_parts(late, self._monitor.states[name])):
                portion = f"{late.portion}\0{number}" if number else late.portion
                yield self._announce("late-match", name, transition, now, portion)

    # --- what follows --------------------------------------------------------------------
    def foresee(self, now: datetime, *, everything: bool = False) -> list[Announcement]:
        """What can be told before it is decided, of the alarms whose filters matched.

        Updates of one stretch, and what came late, wait for each other up to a minute, unless
        ``everything`` is asked for.
        """
        told: list[Announcement] = []
        next_one = max((self.memory.decided or 0) + 1, epoch_seconds(now) // 60)
        for name in list(self._touched):
            teller = self._tellers[name]
            if not teller.early:
                continue
            changes = self._monitor.preview(name, next_one)
            changed = [*self._told_changes(name, teller.foreseen(changes), now)]
            for stretch in self.memory.stretches.get(name, ()):
                stretch.place(changes, self.memory.decided or 0)
            told += self._linked(name, changed, self._updates(name, now, everything=everything))
        self._touched = {name: None for name in self._touched if name in self._waiting}
        told += list(self._late_told(now, everything=everything))
        return _in_time(told)

    def _told_changes(
        self, name: str, changes: Iterable[Transition], now: datetime
    ) -> Iterable[Announcement]:
        for change in changes:
            is_update = change.from_state == change.to_state
            told = self._announce("amendment" if is_update else "transition", name, change, now)
            if change.to_state == "ALARM":
                self._begin(name, told.transition)
            else:
                self._end(name, change)
            yield told

    # --- who comes later -----------------------------------------------------------------
    def _linked(
        self, name: str, changes: Sequence[Announcement], updates: Iterable[Announcement]
    ) -> Iterable[Announcement]:
        """All in order, with what each end ends."""
        for one in _in_place(changes, updates):
            told = self.memory.told.setdefault(name, [])
            if one.transition.to_state != "ALARM":
                yield replace(one, ends=tuple(told))
                del self.memory.told[name]
                continue
            if one.kind == "transition":
                told.clear()
            if len(told) < _MAX_PRINCIPALS:
                told.append(one.id)
            yield one

    def _begin(self, name: str, told: Transition) -> None:
        """A stretch of alarm ``name`` was told with ``told``."""
        stretch = Stretch(told.time, epoch_seconds(told.since or told.time) // 60)
        stretch.name(told.principals, [one.event_name for one in told.event_names])
        self.memory.stretches.setdefault(name, []).append(stretch)

    def _end(self, name: str, change: Transition) -> None:
        for stretch in self.memory.stretches.get(name, ()):
            if stretch.end is None and stretch.time <= change.time:
                stretch.end = epoch_seconds(change.time) // 60

    def _updates(
        self,
        name: str,
        now: datetime,
        *,
        everything: bool,
        until: int | None = None,
        parts: Collection[str] | None = None,
    ) -> Iterable[Announcement]:
        """Whoever matches in a stretch in ALARM that was told is told as well, once.

        ``until`` is the minute before which all is final, ``parts`` the metric alarms to look at.
        """
        self._waiting.discard(name)
        for stretch in self.memory.stretches.get(name, ()):
            start, end = max(stretch.start, stretch.seen), stretch.end
            if until is not None:
                end = until if end is None else min(end, until)
            is_news = self._is_news(name, stretch)
            doings = self._monitor.doings(parts or self._leaves[name], start, end)
            news = doings.only(is_news)
            is_over = until is not None and stretch.end is not None and stretch.end <= until
            if news.count and not (everything or is_over or stretch.may_tell(now)):
                self._waiting.add(name)
                continue
            if until is not None:
                stretch.seen = until
            while news.count:  # as many messages as it takes: one names a bounded number
                what = "\0".join(sorted({*doings.named(is_news)}))
                since = doings.first_minutes(is_news)
                told = self._announce("amendment", name, update_of(stretch, news), now, what, since)
                change = told.transition
                stretch.name(change.principals, [one.event_name for one in change.event_names])
                stretch.updated = now
                yield told
                news = doings.only(is_news)

    def _is_news(self, name: str, stretch: Stretch) -> Callable[[str, str], bool]:
        """What nobody was told in ``stretch``, nor in what turned out to be the same one."""
        same = [one for one in self.memory.stretches[name] if one.overlaps(stretch)]
        return lambda principal, done: all(one.is_news(principal, done) for one in same)

    def _final(
        self, name: str, changes: Sequence[Transition], until: int, now: datetime
    ) -> Iterable[Announcement]:
        """Who came later, as far as that is final, and forget the stretches that have ended."""
        stretches = self.memory.stretches.get(name)
        if not stretches:
            return
        leaves = self._leaves[name]
        if leaves != (name,):  # the parts of a composite alarm that are, or were, in ALARM
            parts = {p for p in leaves if self.memory.states[p] == "ALARM"} | self._changed
            leaves = tuple(part for part in leaves if part in parts)
        before = self.memory.decided or 0
        for stretch in stretches:
            if any(change.to_state != "ALARM" for change in changes) or stretch.end is None:
                stretch.place(changes, before)
        if leaves:
            yield from self._updates(name, now, everything=False, until=until, parts=leaves)
        left = [one for one in stretches if one.end is None or one.end > until]
        if left:
            self.memory.stretches[name] = left
        else:
            del self.memory.stretches[name]

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
        self.memory.states = dict(self._monitor.states)
        end = from_epoch(until * 60)
        by_alarm: dict[str, list[Transition]] = {}
        for name, change in changes:
            by_alarm.setdefault(name, []).append(change)
        self._changed = set(by_alarm)
        acted = {
            one.name: self._tellers[one.name].acted(one.decided(changes, end))
            for one in self._suppressions
        }
        for name, teller in self._tellers.items():
            news = acted.get(name)
            if news is None:
                news = []
                if by_alarm.get(name) or teller.memory.open or teller.memory.last:
                    state = self.memory.states[name]
                    news = teller.decided(by_alarm.get(name, ()), state, end)
            changed = [*self._told_changes(name, news, now)]
            told += self._linked(
                name, changed, self._final(name, by_alarm.get(name, ()), until, now)
            )
        self.memory.decided = until
        return changes, _in_time(told)

    def _may_decide(self, until: int) -> bool:
        """The run begins with the first record (rule W-2): not before it is sure which that is."""
        decided = self.memory.decided
        if decided is not None:
            return until > decided
        first = self._monitor.first_pending
        return first is not None and first < until

    def _announce(
        self,
        kind: Kind,
        name: str,
        transition: Transition,
        now: datetime,
        portion: str = "",
        since: Mapping[str, int] | None = None,
    ) -> Announcement:
        """``since`` says from which minute on the events of a principal are those told now."""
        what = (kind, name, format_instant(transition.time), transition.to_state, portion)
        known = one_of_each_role_first(transition.principals)
        begin = epoch_seconds(transition.since or transition.time) // 60
        before: dict[str, int] = {}
        for one in known[:MAX_NAMED]:
            first = begin if since is None else since.get(one.principal, begin)
            count = self._before(name, one.principal, first)
            if count > 0:
                before[one.principal] = count
        new = {one.principal for one in known[:MAX_NAMED]} - before.keys()
        return Announcement(
            id=hashlib.sha256("\0".join(what).encode("utf-8", "replace")).hexdigest()[:32],
            kind=kind,
            alarm=name,
            transition=replace(
                transition,
                # Their text stays in the log: an announcement may wait for days beside thousands.
                events=tuple(
                    replace(e, raw="") for e in chosen(transition.events, MAX_EVENTS, new)
                ),
                principals=one_of_each_role_first(known, new)[:_MAX_PRINCIPALS],
                event_names=transition.event_names[:_MAX_PRINCIPALS],
                newcomers=(),
            ),
            decided=now,
            topics=topics_of(
                self._alarms[name], "ALARM" if kind == "late-match" else transition.to_state
            ),
            filters=self._filters[name],
            before=tuple(PrincipalCount(principal, count) for principal, count in before.items()),
        )

    def _before(self, name: str, principal: str, minute: int) -> int:
        """How often ``principal`` matched the filters of alarm ``name`` before ``minute``."""
        known = sum(self._known(one, principal) for one in self._filters[name])
        return known - self._monitor.matched_since(self._leaves[name], principal, minute)


def _late_parts(late: Late, state: State) -> Iterable[Transition]:
    """What came late as changes that are none, each of as many principals as a message names."""
    ranked = [PrincipalCount(p, n) for p, n in Counter(late.counts).most_common()]
    unnamed = late.count - sum(one.count for one in ranked)
    for start in range(0, max(len(ranked), 1), MAX_NAMED):
        part = ranked[start : start + MAX_NAMED]
        count = sum(one.count for one in part) + (0 if start else unnamed)
        names = {one.principal for one in part}
        yield Transition(
            time=late.first,
            from_state=state,
            to_state=state,
            reason=f"{count:,} matching records arrived after their time was decided:"
            " trailwarden scan over their log files judges them in their order",
            reason_data="{}",
            events=tuple(e for e in late.events if e.principal in names),
            event_count=count,
            principals=tuple(part),
            since=late.first,
        )


def _in_place(
    changes: Sequence[Announcement], updates: Iterable[Announcement]
) -> list[Announcement]:
    """``changes`` with each update behind the ALARM that it updates, or else in front."""
    told = list(changes)
    front = 0
    for update in updates:
        time = update.transition.time
        places = [
            place
            for place, one in enumerate(told)
            if one.transition.time == time and one.transition.to_state == "ALARM"
        ]
        told.insert(places[-1] + 1 if places else front, update)
        front += not places
    return told


def _in_time(told: Iterable[Announcement]) -> list[Announcement]:
    """``told`` in order of time, and that of one alarm in the order in which it was told."""
    reached: dict[str, datetime] = {}
    found: list[tuple[datetime, Announcement]] = []
    for one in told:
        time = max(one.transition.time, reached.get(one.alarm, one.transition.time))
        reached[one.alarm] = time
        found.append((time, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


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

"""Where portions are worked on: read, matched, judged and written down, in one transaction.

The engine's memory and the database go together. If the database refuses, both are where they were
before: the engine is made anew from what the database holds.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trailwarden.alarms import State
from trailwarden.monitor.ahead import part_ahead
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.live import FUTURE, Live, Observed
from trailwarden.monitor.outcome import Transition
from trailwarden.monitor.settling import settling_minutes
from trailwarden.problems import Problem
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds, from_epoch
from trailwarden.trail import SeenIds
from trailwarden.trail.keys import SECRET_SIZE
from trailwarden.trail.seen import reused_ids
from trailwarden.watch.apart import Reading
from trailwarden.watch.filters import Renumbering, fingerprint
from trailwarden.watch.portion import Portion
from trailwarden.watch.state import Database, Ledger, Outbox, storage_told
from trailwarden.watch.watermark import Horizon

REMEMBERED = 24 * 60  # minutes behind what is decided that keys tell duplicates
_REBUILT_EVERY = 24 * 60  # minutes after which the engine sheds what it no longer needs


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an announcement goes: a topic's channel; ``muted`` says why it is not told there."""

    topic: str
    channel: str
    muted: str | None = None


Route = Callable[[Announcement, datetime], Sequence[Destination]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one portion."""

    portion: Portion
    found: FileDigest
    observed: Observed
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement that was written down, and where it goes."""

    announcement: Announcement
    destinations: Sequence[Destination]


class Desk:
    """Works on portions for ``stack``; ``route`` says where announcements go.

    ``since`` (UTC) leaves out earlier records, ``limit`` bounds a file's uncompressed size in
    bytes; ``repeats`` are seconds per channel after which a lasting ALARM is told again. All
    methods are for one thread. sqlite3.Error means that nothing happened, StateError
    (at the start too) that the state is damaged.
    """

    def __init__(
        self,
        stack: Stack,
        database: Database,
        route: Route,
        *,
        since: datetime | None,
        limit: int,
        repeats: Mapping[str, float],
    ) -> None:
        self._stack = stack
        self._database = database
        self._ledger = Ledger(database)
        self._outbox = Outbox(database.connection, database.path)
        self._route = route
        self._repeats = repeats
        with storage_told(database.path):
            secret = self._secret()
        worker = Worker(Task(stack.metric_filters, since=since, limit=limit, secret=secret))
        self._reading = Reading(database.path.parent, worker)
        self._filters = fingerprint(stack.metric_filters)
        self._horizon = Horizon(settling_minutes(stack))
        self._first_ahead: int | None = None
        with storage_told(database.path):
            self._load()
            self._outbox.check()
            newest = self._ledger.newest_minute()
        if newest is not None:
            self._horizon.seen(newest, from_epoch(newest * 60))

    def _secret(self) -> bytes:
        """What the keys of records are made with: as long as the state lasts, the same."""
        secret = self._ledger.secret()
        if secret is None:
            secret = os.urandom(SECRET_SIZE)
            with self._database.transaction():
                self._ledger.keep_secret(secret)
        return secret

    # --- memory --------------------------------------------------------------------------
    def _load(self) -> None:
        """Make the engine from what the database holds."""
        ledger = self._ledger
        self._seen = SeenIds()
        self._live = Live(self._stack, ledger.live_memory(), known=ledger.matches_of)
        renumbering = Renumbering(ledger.filters() or self._filters, self._filters)
        back = self._live.looks_back_to
        for digest, duplicates in ledger.digests():
            self._seen.check(
                digest.key_array(), digest.event_minute_array(), span=digest.event_span
            )
            if back is None or _newest(digest) >= back:
                self._live.remember(renumbering.applied(digest), duplicates)
        self._rebuilt = self._live.memory.decided
        if renumbering.is_needed or ledger.filters() is None:
            self._renumber(renumbering)
        self._first_ahead = ledger.first_held()

    def _renumber(self, renumbering: Renumbering) -> None:
        with self._database.transaction():
            for number, digest in list(self._ledger.numbered_digests()):
                self._ledger.change_digest(number, renumbering.applied(digest))
            for number, portion, digest in self._ledger.held(math.inf):
                self._ledger.let_go(number)
                self._hold(portion, renumbering.applied(digest))
            self._ledger.keep_filters(self._filters)

    def reload(self) -> None:
        """After an error of the database: be again where it is."""
        self.close()
        self._load()

    def close(self) -> None:
        """Give up the temporary file of seen ids."""
        self._seen.close()

    @property
    def states(self) -> dict[str, State]:
        """The decided state of every alarm."""
        return dict(self._live.memory.states)

    @property
    def decided(self) -> int | None:
        """Every minute before this one (since the epoch) is final."""
        return self._live.memory.decided

    @property
    def horizon(self) -> int | None:
        """No minute from this one on may be decided now; None before any record."""
        return self._horizon.minute

    @property
    def is_waiting(self) -> bool:
        """Whether something that may be told waits for more of its kind, a minute at most."""
        return self._live.is_waiting

    # --- work ----------------------------------------------------------------------------
    def take(
        self, portions: Sequence[Portion], now: datetime, *, telling: bool = True
    ) -> tuple[list[Taken], list[Told]]:
        """Take portions, all or none. Those that were taken before are passed over.

        Without ``telling`` nothing is told early: while a backlog comes in any order, it would be
        told in that order.
        """
        taken: list[Taken] = []
        told: list[Told] = []
        try:
            with self._database.transaction():
                for portion in portions:
                    if not self._ledger.is_taken(portion):
                        taken.append(self._take(portion, now))
                if telling and taken:
                    self._tell(self._live.foresee(now), told, now)
                if told or any(one.observed.late_matches for one in taken):
                    self._ledger.keep_live_memory(self._live.memory)
        except BaseException:
            self.reload()
            raise
        return taken, told

    def _take(self, portion: Portion, now: datetime) -> Taken:
        ledger, live = self._ledger, self._live
        found = self._reading.read(portion)
        digest = found.digest
        duplicates = self._seen.check(
            digest.key_array(), digest.event_minute_array(), span=digest.event_span
        )
        identity = "\0".join((portion.source, portion.key, portion.version))
        ahead = part_ahead(digest, duplicates, _limit(now))
        observed = live.observe(digest, duplicates, portion=identity, now=now)
        is_held = ahead is None or self._hold(identity, ahead)
        if others := self._seen.others:
            digest.problems.append(reused_ids(portion.label, len(others)))
        problems = [*digest.problems, *_refused(observed, portion.label, is_held=is_held)]
        for problem in problems:
            ledger.add_problem(problem, now)
        ledger.take(portion, now)
        self._keep(digest, duplicates, observed, now)
        return Taken(portion, found, observed, problems)

    def _keep(
        self, digest: Digest, duplicates: list[int], observed: Observed, now: datetime
    ) -> None:
        """Write down what was observed."""
        newest = _newest(digest)
        if newest >= 0:
            self._horizon.seen(newest, now)
        elif observed.refused:
            newest = epoch_seconds(now) // 60  # its keys tell duplicates, as those of others
        if digest.counts or observed.refused:
            self._ledger.keep_digest(_without_problems(digest), duplicates, newest)
        self._ledger.add_matches(observed.matches)

    def _hold(self, portion: str, digest: Digest) -> bool:
        """Keep records for a time to come; False where there are too many of them."""
        due = min(digest.counts)[0]
        if self._first_ahead is None or due < self._first_ahead:
            self._first_ahead = due
        return self._ledger.hold(portion, digest, due)

    def take_held(self, now: datetime) -> list[Told]:
        """Take the records that were of a time to come, and are no more."""
        limit, told = _limit(now), list[Told]()
        if self._first_ahead is None or self._first_ahead >= limit:
            return told
        try:
            with self._database.transaction():
                for number, portion, digest in self._ledger.held(limit):
                    self._ledger.let_go(number)
                    rest = part_ahead(digest, (), limit)
                    observed = self._live.observe(digest, (), portion=f"{portion}\0held", now=now)
                    if rest is not None:
                        self._hold(portion, rest)
                    self._keep(digest, [], observed, now)
                self._tell(self._live.foresee(now), told, now)
                self._ledger.keep_live_memory(self._live.memory)
                self._first_ahead = self._ledger.first_held()
        except BaseException:
            self.reload()
            raise
        return told

    def foresee(self, now: datetime, *, everything: bool) -> list[Told]:
        """Tell what can be told already; with ``everything`` also what waits for company."""
        told: list[Told] = []
        try:
            with self._database.transaction():
                self._tell(self._live.foresee(now, everything=everything), told, now)
                if told:
                    self._ledger.keep_live_memory(self._live.memory)
        except BaseException:
            self.reload()
            raise
        return told

    def decide(self, minute: int, now: datetime) -> tuple[list[tuple[str, Transition]], list[Told]]:
        """Make every minute before ``minute`` (since the epoch) final."""
        told: list[Told] = []
        before = self._live.memory.decided
        try:
            with self._database.transaction():
                changes, announcements = self._live.decide(minute, now)
                self._tell(announcements, told, now)
                self._repeat(told, now)
                decided = self._live.memory.decided
                if decided is not None and decided != before:
                    self._note(changes, decided, now)
                elif told:
                    self._ledger.keep_live_memory(self._live.memory)
        except BaseException:
            self.reload()
            raise
        self._shed()
        return changes, told

    def note_problem(self, problem: Problem, now: datetime) -> None:
        """Write down that something could not be read."""
        with self._database.transaction():
            self._ledger.add_problem(problem, now)

    def leave_out(self, portion: Portion, problem: Problem, now: datetime) -> bool:
        """Take a portion without its records: it would fail again and again. True once done."""
        with self._database.transaction():
            self._ledger.add_problem(problem, now)
            self._ledger.take(portion, now)
        return True

    def waiting(self) -> int:
        """How many messages are on their way."""
        return sum(self._outbox.count(channel) for channel in self._outbox.channels())

    def _note(self, changes: list[tuple[str, Transition]], decided: int, now: datetime) -> None:
        for name, change in changes:
            self._ledger.add_transition(name, change, now)
        self._ledger.keep_live_memory(self._live.memory)
        forgotten = decided - REMEMBERED
        self._seen.forget(forgotten)
        back = self._live.looks_back_to
        self._ledger.forget_digests(forgotten if back is None else min(back, forgotten))

    def _shed(self) -> None:
        """The engine keeps what a report of the whole run would show. Nobody asks for it here."""
        decided = self._live.memory.decided
        if decided is not None and decided - (self._rebuilt or decided) >= _REBUILT_EVERY:
            self.reload()
        elif self._rebuilt is None:
            self._rebuilt = decided

    def _repeat(self, told: list[Told], now: datetime) -> None:
        """Tell the channels that want it again what is still in ALARM."""
        for name in self._live.in_alarm if self._repeats else ():
            first = self._live.memory.told.get(name, [""])[0]
            last = self._ledger.announcement(first)
            if last is None:
                continue
            for channel, pause in self._repeats.items():
                times = int((now - last.decided).total_seconds() // pause)
                if times > 0:
                    again = replace(
                        last, id=f"{last.id}.{channel}.{times}", kind="repeat", decided=now
                    )
                    self._tell([again], told, now, only=channel)

    def _tell(
        self,
        announcements: list[Announcement],
        told: list[Told],
        now: datetime,
        *,
        only: str | None = None,
    ) -> None:
        for announcement in announcements:
            if not self._ledger.announce(announcement):
                continue
            destinations = self._route(announcement, now)
            if announcement.ends:
                destinations = [self._unless_muted(one, announcement) for one in destinations]
            if only is not None:
                destinations = [one for one in destinations if one.channel == only]
            for one in destinations:
                if one.muted is None:
                    self._outbox.put(announcement, one.channel, one.topic, now)
                else:
                    self._outbox.note(
                        announcement.id, one.channel, one.topic, "muted", now, one.muted
                    )
            told.append(Told(announcement, destinations))

    def _unless_muted(self, one: Destination, end: Announcement) -> Destination:
        """Who was told nothing of a stretch in ALARM is not told of its end."""
        results = {self._outbox.result(told, one.channel, one.topic) for told in end.ends}
        return replace(one, muted="its alarm was muted") if results == {"muted"} else one


def _newest(digest: Digest) -> int:
    return max((minute for minute, _ in digest.counts), default=-1)


def _without_problems(digest: Digest) -> Digest:
    digest.problems = []
    return digest


def _limit(now: datetime) -> int:
    """The first minute whose records are of a time to come (rules M-8, W-19)."""
    return epoch_seconds(now) // 60 + FUTURE


def _refused(observed: Observed, label: str, *, is_held: bool) -> list[Problem]:
    if not observed.refused:
        return []
    fate = "count when their time has come" if is_held else "were left out: too many are kept"
    return [
        Problem(
            label,
            "future-records",
            f"records of more than two hours from now {fate}",
            "check the clock of this machine, and who wrote the file",
            count=observed.refused,
        )
    ]

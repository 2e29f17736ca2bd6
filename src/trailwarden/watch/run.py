"""The watch: sources in, notifications out, until it is told to stop."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TypeVar

from trailwarden.errors import TrailwardenError
from trailwarden.problems import Problem
from trailwarden.stack.model import Stack
from trailwarden.trail import DEFAULT_LIMIT
from trailwarden.watch.delivery import Delivery, Postman
from trailwarden.watch.desk import Desk, Route, Told
from trailwarden.watch.intake import Intake
from trailwarden.watch.observer import Observer
from trailwarden.watch.portion import Drained, Offer, Portion, Source, Stopped, Trouble
from trailwarden.watch.state import Database, SharedMemory, StateError
from trailwarden.watch.watermark import Watermark

_Result = TypeVar("_Result")
_TICK = 1.0  # seconds between two looks at the clock
_LAST_TICK = 0.02  # the same, for a run that ends when there is nothing more
_BATCH = 64  # portions of one transaction
_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds, while the database refuses
_BACKLOG_PATIENCE = 300.0  # seconds that the order of a backlog is waited for
_FLUSH = 30.0  # seconds for the last messages of a run with an end
_LEAVE = 5.0  # seconds for threads to leave


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How to watch. ``lateness`` is in seconds, ``limit`` bytes of an uncompressed file.

    ``since`` (UTC) leaves out earlier records. With ``once`` the run ends when all that is there
    has been taken and told.
    """

    lateness: float = 900.0
    since: datetime | None = None
    once: bool = False
    limit: int = DEFAULT_LIMIT


@dataclass(slots=True)
class Summary:
    """What a run has done."""

    portions: int = 0
    records: int = 0
    duplicates: int = 0
    problems: int = 0
    announcements: int = 0
    undelivered: int = 0
    too_old: int = 0  # files that were left out, or hold nothing that was not


class Watch:
    """Runs ``stack`` over what ``sources`` offer, with its state in ``database``.

    ``route`` says where announcements go, ``postmen`` bring them there. ``repeats`` says after how
    many seconds a channel wants to be told again of an alarm still in ALARM. ``clock`` tells the
    time (UTC).
    """

    def __init__(
        self,
        stack: Stack,
        sources: Sequence[Source],
        database: Database,
        options: WatchOptions,
        *,
        route: Route,
        postmen: Sequence[Postman],
        observer: Observer,
        repeats: Mapping[str, float] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sources = sources
        self._database = database
        self._options = options
        self._observer = observer
        self._clock = clock
        self._desk = Desk(
            stack, database, route, since=options.since, limit=options.limit, repeats=repeats or {}
        )
        self._intake = Intake()
        self._deliveries = [
            Delivery(postman, database, observer, clock, self._fail) for postman in postmen
        ]
        names = [source.name for source in sources]
        self._watermark = Watermark(names, options.lateness)
        self._stop = Event()
        self._looked = 0  # the minute up to which the input was complete at the last look
        self._handed_over: dict[int, float] = {}
        self._started_at = time.monotonic()
        self._untold = False  # portions were taken whose matches nobody looked at yet
        self._failed: TrailwardenError | None = None
        self.summary = Summary()

    # --- life ----------------------------------------------------------------------------
    def stop(self) -> None:
        """Finish what is being worked on, and leave. For any thread, and for signal handlers."""
        self._stop.set()

    def run(self) -> Summary:
        """Work until :meth:`stop` (or, with ``once``, until all is done).

        Raises UsageError where a source, or the state, cannot be used at all.
        """
        with ExitStack() as resources:
            memory = SharedMemory(self._database)
            resources.callback(memory.close)
            resources.callback(self._desk.close)
            threads = [self._started(source, memory) for source in self._sources]
            resources.callback(self._leave, threads)
            for delivery in self._deliveries:
                delivery.start()
            self._take_held()
            while not self._is_over(threads):
                self._round()
            if self._options.once and not self._stop.is_set():
                self._foresee(everything=True)
                self._flush()
        if self._failed is not None:
            raise self._failed
        return self.summary

    def _is_over(self, threads: Sequence[Thread]) -> bool:
        if self._stop.is_set() or self._failed is not None:
            return True
        done = self._options.once and not any(thread.is_alive() for thread in threads)
        return done and not len(self._intake)

    def _started(self, source: Source, memory: SharedMemory) -> Thread:
        thread = Thread(target=self._read, args=(source, memory), name=source.name, daemon=True)
        thread.start()
        return thread

    def _read(self, source: Source, memory: SharedMemory) -> None:
        try:
            source.run(self._put, memory, self._stop, once=self._options.once)
        except Stopped:
            pass
        except TrailwardenError as error:
            self._fail(error)
        except Exception as error:  # a bug in a source must not look like silence
            self._fail(
                TrailwardenError(
                    f"source {source.name} ended with {type(error).__name__}: {error}",
                    cure="this is a bug in Trailwarden: please report it",
                )
            )
        self._intake.wake()

    def _fail(self, error: TrailwardenError) -> None:
        """End the run with an error. For any thread."""
        self._failed = self._failed or error
        self._intake.wake()

    def _put(self, offer: Offer) -> None:
        if isinstance(offer, Portion):
            self._handed_over[id(offer)] = time.monotonic()
        self._intake.put(offer)

    def _leave(self, threads: Sequence[Thread]) -> None:
        self._stop.set()
        self._intake.close()
        for delivery in self._deliveries:
            delivery.stop(_LEAVE)
        for thread in threads:
            thread.join(_LEAVE)

    # --- work ----------------------------------------------------------------------------
    def _round(self) -> None:
        offers = self._intake.take(_LAST_TICK if self._options.once else _TICK, _BATCH)
        portions = [offer for offer in offers if isinstance(offer, Portion)]
        if portions and not self._take(portions):
            return
        # In the order they came, all portions before a Drained are taken now.
        for offer in offers:
            if isinstance(offer, Drained):
                self._watermark.drained(offer.source, offer.at)
                self._observer.drained(offer.source, offer.at)
                self.summary.too_old += offer.left_out
            elif isinstance(offer, Trouble):
                self._trouble(offer)
        self._take_held()
        self._decide()  # of a backlog, what is decided and what is not are told in order of time
        if self._tells_early and (self._untold or self._desk.is_waiting):
            self._foresee(everything=False)

    @property
    def _tells_early(self) -> bool:
        """What is there at the start comes in any order: it is told when all of it has come.

        A source that never comes to an end is not waited for.
        """
        return self._watermark.is_caught_up or (
            not self._options.once and time.monotonic() - self._started_at > _BACKLOG_PATIENCE
        )

    def _foresee(self, *, everything: bool) -> None:
        told = self._stored(lambda: self._desk.foresee(self._clock(), everything=everything))
        if told is not None:
            self._untold = False
            self._tell(told)

    def _take(self, portions: Sequence[Portion]) -> bool:
        """Take the portions; False where it is over before they are safe: none is acknowledged."""
        try:
            telling = self._tells_early
            self._untold = self._untold or not telling
            found = self._stored(lambda: self._desk.take(portions, self._clock(), telling=telling))
        except StateError:
            raise
        except Exception as error:  # a bug of ours must not let a watch die of one file
            return self._take_singly(portions, error)
        if found is None:
            return False
        taken, told = found
        self._tell(told)
        now = time.monotonic()
        for one in taken:
            handed_over = self._handed_over.get(id(one.portion), now)
            self.summary.portions += 1
            self.summary.records += one.observed.records
            self.summary.duplicates += one.observed.duplicates
            self.summary.problems += len(one.problems)
            self.summary.too_old += one.found.digest.is_outside
            self._observer.taken(one, now - handed_over)
        for portion in portions:
            self._handed_over.pop(id(portion), None)
            portion.acknowledge()
        return True

    def _take_singly(self, portions: Sequence[Portion], error: Exception) -> bool:
        """Find the portion that cannot be worked on, and leave it out, loudly."""
        if len(portions) > 1:
            return all(self._take([portion]) for portion in portions)
        (portion,) = portions
        problem = Problem(
            portion.label,
            "unexpected",
            f"working on it failed with {type(error).__name__}: {error}"[:500],
            "please report this with the file's shape: its records were left out",
        )
        if not self._stored(lambda: self._desk.leave_out(portion, problem, self._clock())):
            return False
        self.summary.problems += 1
        self._observer.trouble(Trouble(portion.source, problem, lasting=True))
        self._handed_over.pop(id(portion), None)
        portion.acknowledge()
        return True

    def _take_held(self) -> None:
        """Records of a time to come count once the clock has passed them."""
        told = self._stored(lambda: self._desk.take_held(self._clock()))
        self._tell(told or ())

    def _decide(self) -> None:
        minute = self._watermark.minute(self._clock())
        if minute is not None and minute > self._looked:
            # Also where there is nothing to decide: lasting alarms may be due to be told again.
            self._looked = minute
            horizon = self._desk.horizon
            if horizon is None:
                horizon = self._desk.decided or minute
            self._decide_until(min(minute, horizon))
        self._observer.progress(
            self._desk.states, self._desk.decided, len(self._intake), self._database.size
        )

    def _decide_until(self, minute: int) -> None:
        found = self._stored(lambda: self._desk.decide(minute, self._clock()))
        if found is not None:
            changes, told = found
            for name, change in changes:
                self._observer.changed(name, change)
            self._tell(told)

    def _trouble(self, trouble: Trouble) -> None:
        if not trouble.lasting:
            self._watermark.failing(trouble.source, self._clock())
        self.summary.problems += 1
        self._observer.trouble(trouble)
        self._stored(lambda: self._desk.note_problem(trouble.problem, self._clock()))

    def _tell(self, told: Sequence[Told]) -> None:
        self.summary.announcements += len(told)
        for one in told:
            self._observer.told(one)
        if told:
            for delivery in self._deliveries:
                delivery.wake()

    def _stored(self, work: Callable[[], _Result]) -> _Result | None:
        """Do ``work`` until the database takes it; None where the watch is stopped before."""
        pause = _PAUSE
        while True:
            try:
                result = work()
            except sqlite3.Error as error:
                self._observer.storage(str(error))
                if self._stop.wait(pause):
                    return None
                pause = min(_LONGEST_PAUSE, pause * 2)
            else:
                if pause > _PAUSE:
                    self._observer.storage(None)
                return result

    def _flush(self) -> None:
        """Give the last messages time to go out."""
        end = time.monotonic() + _FLUSH
        while time.monotonic() < end and not self._stop.is_set() and self._failed is None:
            waiting = self._desk.waiting()
            if not waiting:
                break
            time.sleep(0.05)
        self.summary.undelivered = self._desk.waiting()

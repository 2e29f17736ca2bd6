"""From the outbox to the channels: in order, again and again, each message done once.

A message is taken out of the outbox only after its channel has it. A death in between sends it
again, with the same id. Where the database cannot note what became of a message, that stays in
memory, and nothing more is sent before it is noted.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Protocol

from trailwarden.errors import DeliveryError, TrailwardenError
from trailwarden.watch.observer import Observer
from trailwarden.watch.state import (
    OLDEST,
    Database,
    Outbox,
    Result,
    Waiting,
    damage_told,
    transaction_of,
)

_LOOK_EVERY = 5.0  # seconds, when nobody says that something is waiting
_STORAGE_PAUSE, _LONGEST_STORAGE_PAUSE = 1.0, 60.0  # seconds, while the database refuses
_LONGEST_DUE = timedelta(days=1)  # what is due later was put off by a clock that was ahead


@dataclass(frozen=True, slots=True)
class Ready:
    """Groups of messages to send now, and when to look again (UTC)."""

    groups: Sequence[Sequence[Waiting]]
    next: datetime | None = None


class Postman(Protocol):
    """One channel, as the watch sees it."""

    @property
    def name(self) -> str: ...

    def ready(self, waiting: Sequence[Waiting], now: datetime) -> Ready:
        """Which of the waiting messages make up messages that are due."""

    def send(self, group: Sequence[Waiting]) -> None:
        """Hand a group over as one message. Raises DeliveryError."""

    def pause(self, attempts: int) -> float:
        """Seconds until the next attempt after ``attempts`` that failed."""

    def close(self) -> None: ...


class Delivery:
    """A thread for one postman. ``failed`` is told where the thread cannot go on."""

    def __init__(
        self,
        postman: Postman,
        database: Database,
        observer: Observer,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        failed: Callable[[TrailwardenError], None] = lambda _error: None,
    ) -> None:
        self._postman = postman
        self._path = database.path
        self._connection = database.another()
        self._outbox = Outbox(self._connection, database.path)
        self._observer = observer
        self._clock = clock
        self._has_failed = failed
        self._unnoted: Callable[[], None] | None = None  # what became of messages
        self._refusals = 0  # of the database, in a row
        self._wake, self._stop = Event(), Event()
        self._thread = Thread(target=self._run, name=f"channel {postman.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    def stop(self, timeout: float) -> None:
        """Finish the message that is being sent, if that takes no longer than ``timeout``."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._wake.wait(self._stored_round())
        except TrailwardenError as error:
            self._has_failed(error)
        except Exception as error:  # a bug must not look like silence
            self._has_failed(
                TrailwardenError(
                    f"channel {self._postman.name} ended with {type(error).__name__}: {error}",
                    cure="this is a bug in Trailwarden: please report it",
                )
            )
        finally:
            with suppress(Exception):
                self._write_down()
            with suppress(Exception):
                self._postman.close()
            self._connection.close()

    def _stored_round(self) -> float:
        """A round, or an attempt to note what the last one did; returns the seconds to wait."""
        try:
            with damage_told(self._path):
                self._write_down()
                pause = self._round()
        except sqlite3.Error as error:
            self._observer.storage(str(error))
            self._refusals += 1
            longest = _LONGEST_STORAGE_PAUSE
            return float(min(longest, _STORAGE_PAUSE * 2 ** min(self._refusals - 1, 10)))
        if self._refusals:
            self._refusals = 0
            self._observer.storage(None)
        return pause

    def _note(self, write: Callable[[], None]) -> None:
        """Write something down, now or, where the database refuses, before all else."""
        self._unnoted = write
        self._write_down()

    def _write_down(self) -> None:
        if self._unnoted is not None:
            self._unnoted()
            self._unnoted = None

    def _round(self) -> float:
        """Send what is due; returns the seconds until there is more to do."""
        name, outbox = self._postman.name, self._outbox
        if self._give_up():
            return 0.0
        first = outbox.first(name)
        self._observer.outbox(name, outbox.count(name), first[0] if first else None)
        now = self._clock()
        if first is None:
            return _LOOK_EVERY
        if now < first[1] < now + _LONGEST_DUE:
            # The first in line has failed: those behind it wait with it.
            return min(_LOOK_EVERY, (first[1] - now).total_seconds())
        ready = self._postman.ready(outbox.waiting(name), now)
        for group in ready.groups:
            if self._stop.is_set() or not self._send(group):
                return 0.0
        if ready.groups:
            return 0.0
        until = (ready.next - now).total_seconds() if ready.next else _LOOK_EVERY
        return max(0.0, min(_LOOK_EVERY, until))

    def _send(self, group: Sequence[Waiting]) -> bool:
        """Send one message; False where the rest has to wait."""
        started = time.monotonic()
        try:
            self._postman.send(group)
        except DeliveryError as error:
            return self._failed(group, error)
        except Exception as error:  # a bug in a channel must not end the others' messages
            what = f"{type(error).__name__}: {error}"
            return self._failed(group, DeliveryError(what, retryable=True))
        self._observer.delivered(self._postman.name, len(group), time.monotonic() - started)
        self._finish(group, "delivered", "")
        return True

    def _failed(self, group: Sequence[Waiting], error: DeliveryError) -> bool:
        name, now = self._postman.name, self._clock()
        if not error.retryable:
            self._observer.undelivered(name, len(group), str(error), None)
            self._finish(group, "failed", error.message)
            return True
        if all((now - message.created).total_seconds() > OLDEST for message in group):
            self._lose(group, f"it has waited for too long: {error.message}")
            return True
        attempts = max(message.attempts for message in group) + 1
        pause = max(self._postman.pause(attempts), error.retry_after or 0.0)
        self._observer.undelivered(name, len(group), str(error), pause)
        due = now + timedelta(seconds=pause)
        self._note(lambda: self._outbox.later(group, due))
        return False

    def _give_up(self) -> bool:
        """The outbox is bounded: the oldest of too many are given up, loudly. Was there any?"""
        lost = self._outbox.surplus(self._postman.name)
        if lost:
            self._lose(lost, "the channel could not be reached for too long")
        return bool(lost)

    def _lose(self, messages: Sequence[Waiting], why: str) -> None:
        self._observer.undelivered(self._postman.name, len(messages), why, None)
        self._finish(messages, "given-up", why)

    def _finish(self, group: Sequence[Waiting], result: Result, detail: str) -> None:
        at = self._clock()

        def write() -> None:
            with transaction_of(self._connection):
                self._outbox.done(group, self._postman.name, result, at, detail)

        self._note(write)

"""Records as they come into a log group of CloudWatch Logs."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

from trailwarden.errors import InputError
from trailwarden.settings import SourceSettings
from trailwarden.text import visible
from trailwarden.times import EPOCH
from trailwarden.watch.portion import Memory, Offer, Portion, Stopped
from trailwarden.watch.sources import aws
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.marks import hash_of
from trailwarden.watch.sources.outlet import Outlet, keep_looking

POLL = 10.0  # seconds
_OVERLAP = 15 * 60 * 1000  # milliseconds: how much later than its time an event may appear
_SHORT_OVERLAP = 60 * 1000  # … that is looked back on when the long one takes too long
_LONG_SHARE = 20  # the long overlap is looked at after at least so many times what it took
_MOST_BYTES = 1_000_000  # of messages in one portion
_MOST_IDS = 5_000  # in a cursor
_PAGE = 10_000  # events
_RIGHTS = "logs:FilterLogEvents on the log group"
_MILLISECOND = timedelta(milliseconds=1)


def open_group(settings: SourceSettings, *, since: datetime | None) -> GroupSource:
    """The source of a log group. Raises UsageError."""
    group = settings.address
    where = f"{settings.region}:{group}" if settings.region else group
    source = GroupSource(
        settings.name or visible(f"logs:{where}"),
        aws.client("logs", region=settings.region),
        group,
        poll=POLL if settings.poll is None else settings.poll,
        since=since,
    )
    try:
        source.ask(startTime=_milliseconds(datetime.now(UTC)), limit=1)
    except InputError as error:
        aws.check(error)  # anything else is told by the run, and may mend itself
    return source


@dataclass(frozen=True, slots=True)
class GroupSource:
    """A source by FilterLogEvents."""

    name: str
    client: Any
    group: str
    poll: float
    since: datetime | None

    def ask(self, **arguments: object) -> Any:
        """FilterLogEvents' answer. Raises InputError."""
        try:
            return self.client.filter_log_events(logGroupName=self.group, **arguments)
        except aws.aws_errors() as error:
            what = f"the log group {visible(self.group, 300)}"
            raise aws.failure(error, what, _RIGHTS) from None

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        """See :class:`~trailwarden.watch.portion.Source`."""
        outlet = Outlet(self.name, put)
        with Helpers(1, stop, name=self.name) as helpers:
            reading = _Reading(self, outlet, memory, helpers)
            try:
                keep_looking(
                    reading.look, outlet, stop, label=visible(f"logs:{self.group}"), once=once
                )
            except Stopped:
                return


class _Reading:
    """One run over a log group. Times are milliseconds since the epoch, as in the API."""

    def __init__(
        self, source: GroupSource, outlet: Outlet, memory: Memory, helpers: Helpers
    ) -> None:
        self._source = source
        self._outlet = outlet
        self._memory = memory
        self._helpers = helpers
        self._first = 0 if source.since is None else _milliseconds(source.since)
        self._time, ids = _position_in(memory.cursor(source.name))  # of the newest event
        # Events that were offered, with their times; in the order in which they were seen.
        self._seen: OrderedDict[int, int] = OrderedDict((mark, self._time) for mark in ids)
        self._next_long = 0.0  # by the monotonic clock

    def look(self) -> float:
        """Offer what is new; return the seconds to wait. Raises InputError and Stopped."""
        at, started = datetime.now(UTC), time.monotonic()
        is_long = started >= self._next_long
        start = max(self._first, self._time - (_OVERLAP if is_long else _SHORT_OVERLAP))
        self._read(start, _milliseconds(at))
        took = time.monotonic() - started
        if is_long:
            self._next_long = time.monotonic() + took * _LONG_SHARE
        self._outlet.mended()
        self._outlet.drained(at)
        return max(self._source.poll, took)

    def _read(self, start: int, now: int) -> None:
        """Offer all new events from ``start`` on, in portions."""
        batch: list[Any] = []
        size = 0
        for event in self._events(start):
            mark = _mark(event)
            if mark in self._seen:
                continue
            length = len(str(event.get("message", "")))
            if batch and size + length > _MOST_BYTES:
                self._offer(batch, now)
                batch, size = [], 0
            batch.append(event)
            size += length
        if batch:
            self._offer(batch, now)

    def _events(self, start: int) -> Iterator[Any]:
        token: str | None = None
        while True:
            more = {} if token is None else {"nextToken": token}
            answer = self._helpers.call(
                partial(self._source.ask, startTime=start, limit=_PAGE, **more)
            )
            yield from answer.get("events", ())
            last, token = token, answer.get("nextToken")
            if not token or token == last:
                return

    def _offer(self, batch: list[Any], now: int) -> None:
        """Offer events that came together; FilterLogEvents' own form is one that is read."""
        times = [int(event["timestamp"]) for event in batch]
        marks = [_mark(event) for event in batch]
        self._seen.update(zip(marks, times, strict=True))
        # A time to come must not hide what comes before it.
        self._time = max(self._time, min(now, max(times)))
        self._forget()
        key = f"{self._source.group}:{min(times)}-{max(times)}"
        version = f"{hash_of(*map(str, sorted(marks))):016x}"
        if self._memory.is_taken(self._source.name, key, version):
            return
        self._outlet.offer(
            Portion(
                source=self._source.name,
                key=key,
                version=version,
                label=visible(f"logs:{key}"),
                content=json.dumps({"events": [_plain(event) for event in batch]}).encode(),
                cursor=self._cursor(),
            )
        )

    def _cursor(self) -> str:
        """How far this got. With too many events in the overlap, some are offered again."""
        oldest = self._time - _OVERLAP
        marks = [mark for mark, at in self._seen.items() if at >= oldest]
        ids = [f"{mark:x}" for mark in marks[-_MOST_IDS:]]
        return json.dumps({"time": self._time, "ids": ids}, separators=(",", ":"))

    def _forget(self) -> None:
        oldest = self._time - _OVERLAP
        for mark in [mark for mark, at in self._seen.items() if at < oldest]:
            del self._seen[mark]


def _mark(event: Any) -> int:
    """What stands for an event. Every one has an id, at AWS."""
    identity = event.get("eventId") or f"{event.get('timestamp')} {event.get('message')}"
    return hash_of(str(identity))


def _plain(event: Any) -> dict[str, object]:
    return {name: event.get(name) for name in ("eventId", "timestamp", "ingestionTime", "message")}


def _milliseconds(instant: datetime) -> int:
    return max(0, (instant - EPOCH) // _MILLISECOND)


def _position_in(cursor: str | None) -> tuple[int, list[int]]:
    """Time and marks in a cursor; the beginning of all for one that cannot be used."""
    try:
        found = json.loads(cursor or "")
        return int(found["time"]), [int(mark, 16) for mark in found["ids"]]
    except (ValueError, TypeError, KeyError):
        return 0, []

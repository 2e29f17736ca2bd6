"""When a record counts: at its eventTime, or at the delivery of its log file (design: clocks)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from trailwarden.monitor.digest import MINUTES, OUTSIDE, UNKNOWN_TIME
from trailwarden.problems import Problem
from trailwarden.times import epoch_seconds
from trailwarden.trail import epoch_of_event_time

Clock = Literal["event", "delivery"]
_REMEMBERED = 20_000


@dataclass(slots=True)
class Timed:
    """Where the records of a batch lie in time; see :class:`~.digest.Digest` for the arrays."""

    seconds: Sequence[int]
    minutes: array[int]
    event_minutes: array[int] | None
    first: int | None
    last: int | None
    outside: list[int]
    problems: list[Problem]


class Timing:
    """Places records in time; those outside ``since`` ≤ eventTime < ``until`` are left out."""

    def __init__(
        self, clock: Clock = "event", since: datetime | None = None, until: datetime | None = None
    ) -> None:
        self.clock = clock
        self._since = None if since is None else epoch_seconds(since)
        self._until = None if until is None else epoch_seconds(until)
        self._event_second = _EventSeconds()

    def seconds_of(self, times: list[Any]) -> list[int]:
        """Seconds since the epoch for eventTime values, UNKNOWN_TIME for those that mean none."""
        find = self._event_second
        try:
            return [find[text] for text in times]
        except TypeError:  # a list or an object where the time should be
            return [find[text] if isinstance(text, str) else UNKNOWN_TIME for text in times]

    def takes(self, first: int, last: int) -> bool:
        """True where records from ``first`` to ``last`` simply count at their eventTime."""
        if self.clock != "event" or first < 0:
            return False
        return self._is_asked_for(first) and self._is_asked_for(last)

    def place(
        self,
        event_seconds: Sequence[int],
        delivered: datetime | Sequence[datetime | None] | None,
        source: str,
    ) -> Timed:
        """Place records in time; ``delivered`` is one for all, or each record's own."""
        first, last = min(event_seconds, default=None), max(event_seconds, default=None)
        if first is None or last is None or self.takes(first, last):
            return Timed(
                seconds=event_seconds,
                minutes=_minutes(event_seconds),
                event_minutes=None,
                first=first,
                last=last,
                outside=[],
                problems=[],
            )
        return self._place_one_by_one(event_seconds, delivered, source)

    def _place_one_by_one(
        self,
        event_seconds: Sequence[int],
        delivered: datetime | Sequence[datetime | None] | None,
        source: str,
    ) -> Timed:
        seconds: list[int] = []
        outside: list[int] = []
        missing = 0
        for position, event_second in enumerate(event_seconds):
            at = delivered[position] if isinstance(delivered, Sequence) else delivered
            delivery = UNKNOWN_TIME if at is None else epoch_seconds(at)
            wanted, other = event_second, delivery
            if self.clock == "delivery":
                wanted, other = delivery, event_second
            missing += wanted == UNKNOWN_TIME
            second = other if wanted == UNKNOWN_TIME else wanted
            if not self._is_asked_for(second if event_second == UNKNOWN_TIME else event_second):
                outside.append(position)
                second = OUTSIDE
            seconds.append(second)
        known = [second for second in seconds if second >= 0]
        return Timed(
            seconds=seconds,
            minutes=_minutes(seconds),
            event_minutes=_minutes(event_seconds),
            first=min(known, default=None),
            last=max(known, default=None),
            outside=outside,
            problems=[self._problem(source, missing)] if missing else [],
        )

    def _is_asked_for(self, second: int) -> bool:
        if second == UNKNOWN_TIME:
            return self._since is None and self._until is None
        return (self._since is None or second >= self._since) and (
            self._until is None or second < self._until
        )

    def _problem(self, source: str, count: int) -> Problem:
        if self.clock == "delivery":
            return Problem(
                source,
                "no-delivery-time",
                "the file's name does not tell when it was delivered, so eventTime counts",
                "keep the name CloudTrail gave the file, or use --clock event",
                count=count,
            )
        return Problem(
            source,
            "no-event-time",
            "records without a usable eventTime count at the delivery of their file, if that is "
            "known, and not at all otherwise",
            "look at eventTime in these records: CloudTrail writes 2024-05-01T12:00:00Z",
            count=count,
        )


class _EventSeconds(dict[str, int]):
    """eventTime text → seconds since the epoch, remembered: neighbours share their second."""

    def __missing__(self, text: Any) -> int:
        seconds = epoch_of_event_time(text)
        if seconds is None:
            return UNKNOWN_TIME
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = seconds
        return seconds


def _minutes(seconds: Sequence[int]) -> array[int]:
    # Negative markers must stay what they are.
    if seconds and min(seconds) < 0:
        return array(MINUTES, [s if s < 0 else s // 60 for s in seconds])
    return array(MINUTES, [s // 60 for s in seconds])

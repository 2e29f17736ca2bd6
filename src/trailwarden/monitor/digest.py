"""What one batch of records comes to: counts, matches and bounded samples, never the records.

A digest is made where the records are read (a worker process) and taken in by the
:class:`~trailwarden.monitor.engine.Monitor`. It is small and plain, so that it travels cheaply.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from trailwarden.monitor.outcome import Event
from trailwarden.problems import Problem

UNKNOWN_TIME = -1
OUTSIDE = -2
MINUTES = "i"  # how arrays hold minutes: they travel between processes, so 32 bits each


class Sample(msgspec.Struct, array_like=True, frozen=True):
    """What a match adds to a metric whose value or dimensions come from the record (rule D-1)."""

    filter: int
    value: float
    dimensions: tuple[tuple[str, str], ...]


class Hit(msgspec.Struct, array_like=True, frozen=True):
    """A record that some filter matched. ``position`` counts from 0 in the batch.

    ``second`` (since the epoch) is when it counts; ``principal`` and ``action`` are positions in
    the digest's lists.
    """

    position: int
    second: int
    filters: tuple[int, ...]
    principal: int
    samples: tuple[Sample, ...] = ()
    action: int = -1  # of digests that were kept before these had names: unknown


class Action(msgspec.Struct, array_like=True, frozen=True):
    """What a record's caller did: an event name, and whether that was refused (an errorCode)."""

    event_name: str
    refused: bool


UNNAMED = Action("", refused=False)


class Digest(msgspec.Struct, array_like=True):
    """One batch of records, digested for one list of filters.

    ``keys`` holds two unsigned 64-bit numbers per record for finding duplicates, 0 where a record
    has no eventID (see :class:`~trailwarden.trail.keys.RecordKeys`). ``minutes`` holds the minute
    (since the epoch) each record counts in: UNKNOWN_TIME where it has none, OUTSIDE where it was
    not asked for; ``counts`` says how many records each minute holds. ``event_minutes`` holds the
    minutes of eventTime where they differ from those.
    ``events`` are samples of the hits, by position.
    ``first`` and ``last`` are seconds since the epoch of the earliest and latest record. ``extra``
    is what a collector of its own kind notes of the hits, encoded; empty where nobody asked.
    """

    source: str
    keys: bytes = b""
    minutes: bytes = b""
    counts: list[tuple[int, int]] = []
    event_minutes: bytes = b""
    hits: list[Hit] = []
    principals: list[str] = []
    events: list[tuple[int, Event]] = []
    first: int | None = None
    last: int | None = None
    problems: list[Problem] = []
    extra: bytes = b""
    actions: list[Action] = []

    def action_of(self, hit: Hit) -> Action:
        """What the caller of the record behind ``hit`` did."""
        return self.actions[hit.action] if 0 <= hit.action < len(self.actions) else UNNAMED

    def key_array(self) -> array[int]:
        return _numbers("Q", self.keys)

    def minute_array(self) -> array[int]:
        return _numbers(MINUTES, self.minutes)

    def counts_without(self, left_out: Collection[int]) -> Iterable[tuple[int, int]]:
        """Minutes and their records, as if those at ``left_out`` were not there."""
        if not left_out:
            return self.counts
        minutes = self.minute_array()
        counts = Counter(dict(self.counts))
        counts.subtract(minutes[position] for position in left_out)
        return (+counts).items()

    @property
    def event_span(self) -> tuple[int, int] | None:
        """The first and the last of the event minutes, where that is known without a look."""
        if self.event_minutes or not self.counts:
            return None
        return self.counts[0][0], self.counts[-1][0]

    @property
    def is_outside(self) -> bool:
        """Whether no record was asked for, though there are some."""
        return bool(self.counts) and all(minute == OUTSIDE for minute, _ in self.counts)

    def event_minute_array(self) -> array[int]:
        return _numbers(MINUTES, self.event_minutes or self.minutes)


def _numbers(code: str, data: bytes) -> array[int]:
    numbers: array[int] = array(code)
    numbers.frombytes(data)
    return numbers

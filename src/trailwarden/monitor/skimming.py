"""Skimming log files: which records may matter, without decoding those that do not.

A record can match only if a value in one of the index's columns is of interest to some pattern.
The compiled skimmer compares these values with those known to be of none. What it does not know
yet is looked at here once, and learnt: an archive has few different values where patterns look.
"""

from __future__ import annotations

import os
from array import array
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import UNSET

from trailwarden.monitor.digest import MINUTES, Digest
from trailwarden.patterns.many import PatternIndex
from trailwarden.trail import DECODING_ERRORS, RecordKeys
from trailwarden.trail.content import is_utf8
from trailwarden.trail.keys import PARTS

if TYPE_CHECKING:
    from trailwarden._speedups import Span

try:
    from trailwarden._speedups import RecordSkimmer as Skimmer
except ImportError:  # installed without a C compiler
    Skimmer = None  # type: ignore[assignment,misc]

ID, TIME = "eventID", "eventTime"
_MANY = 256  # records of one file to look at
_FEW_ODD = 100


class Skimmed(NamedTuple):
    """What skimming a file tells of its records; the arrays hold one entry for each of them.

    ``keys`` has two. ``seconds`` and ``minutes`` are those of eventTime since the epoch. ``odd``
    are the places of records whose key or time is still to be found out, ``found`` those that may
    match.
    """

    keys: array[int]
    seconds: array[int]
    minutes: bytes
    counts: list[tuple[int, int]]
    first: int
    last: int
    odd: list[Span]
    found: list[Span]

    def digest(self, source: str) -> Digest:
        """A digest without hits, where every record counts at its eventTime."""
        return Digest(
            source=source,
            keys=self.keys.tobytes(),
            minutes=self.minutes,
            counts=self.counts,
            first=self.first,
            last=self.last,
        )


class Skim:
    """Skims files for the patterns of ``index``, and learns as it goes."""

    def __init__(self, index: PatternIndex, keys: RecordKeys) -> None:
        self._columns = index.columns
        self._record = msgspec.json.Decoder(index.struct)
        self._is_hopeful = True
        parts = [(name,) for name in PARTS]  # of keys
        watched = [column.path for column in self._columns]
        paths = tuple(sorted({*watched, *parts}))
        self._numbers = [paths.index(path) for path in watched]
        self._skimmer = Skimmer(
            "Records",
            (ID,),
            (TIME,),
            paths,
            int.from_bytes(os.urandom(8)),
            tuple(paths.index(path) for path in parts),
            keys.numbers,
        )
        for number in {paths.index(path) for path in parts}.difference(self._numbers):
            self._skimmer.leave_unwatched(number)
        for number, column in zip(self._numbers, self._columns, strict=True):
            self._skimmer.bore_nothing(number, not column.find(UNSET), not column.find(None))

    def read(self, payload: bytes) -> Skimmed | None:
        """Skim a file's content; None where it is not plain, or not valid, JSON in UTF-8."""
        skimmed = self._skimmed(payload)
        while skimmed is not None and self._is_hopeful and len(skimmed.found) > _MANY:
            # Nearly all of them hold values that are merely new: learn some, and look again.
            for _, start, end in skimmed.found[:_MANY]:
                self._learn_from(payload[start:end])
            before = len(skimmed.found)
            skimmed = self._skimmed(payload)
            if skimmed is not None and len(skimmed.found) > before // 2:
                self._is_hopeful = False  # they differ from record to record: spare the effort
        return skimmed

    def _skimmed(self, payload: bytes) -> Skimmed | None:
        result = self._skimmer.skim(payload)
        if result is None:
            return None
        packed_keys, seconds, minutes, counts, first, last, odd, found, is_ascii = result
        keys = array("Q", packed_keys)
        if not keys or not (is_ascii or is_utf8(payload)):
            return None
        if len(odd) > max(_FEW_ODD, len(keys) // 8):
            return None  # ids of another kind: decoding all is quicker than so many one by one
        if counts is None:
            counts = list(Counter(array(MINUTES, minutes)).items())
        return Skimmed(
            keys=keys,
            seconds=array("q", seconds),
            minutes=minutes,
            counts=sorted(counts),
            first=first,
            last=last,
            odd=odd,
            found=found,
        )

    def _learn_from(self, raw: bytes) -> None:
        with suppress(*DECODING_ERRORS):
            self.learn(self._record.decode(raw))

    def learn(self, record: Any) -> None:
        """Remember the values of a record (a Struct of the index) that are of no interest."""
        for number, column in zip(self._numbers, self._columns, strict=True):
            value = column.read(record)
            if type(value) is str and not column.find(value):
                self._skimmer.bore(number, value.encode())


def skim_for(index: PatternIndex, keys: RecordKeys) -> Skim | None:
    """A skim for ``index``, or None where skimming cannot find what may match."""
    paths = [column.path for column in index.columns]
    if Skimmer is None or index.always or index.unknown or not paths:
        return None
    if any(path[0] in (ID, TIME) for path in paths):
        return None
    try:
        return Skim(index, keys)
    except ValueError:  # beyond the skimmer's limits: very many fields, or very long names
        return None

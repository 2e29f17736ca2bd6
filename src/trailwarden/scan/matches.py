"""Every match of a scan, in the order of time, whatever their number."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from trailwarden.errors import UsageError
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.hits import Collector
from trailwarden.monitor.matches import Match
from trailwarden.monitor.metrics import Feed
from trailwarden.reading.matches import Kept, MatchHits, matches_in
from trailwarden.scan.sorting import BUDGET, ExternalSort
from trailwarden.stack.model import Stack
from trailwarden.times import EPOCH

_MICROSECOND = timedelta(microseconds=1)


class MatchLog:
    """Collects the matches of one scan, and gives them back by time; a context manager.

    Beyond ``budget`` bytes, about, they rest in temporary files, which are gone at the end of the
    ``with`` block. Duplicates are left out as in all counts. Raises UsageError where there is no
    room for the files.

    >>> with MatchLog() as matches:                                            # doctest: +SKIP
    ...     outcome = scan(load("cis"), "logs", matches=matches)
    ...     for match in matches:
    ...         print(match.record.time, match.filter, match.record.principal)
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._names: list[tuple[str, tuple[str, ...]]] = []  # of each filter: its own, its alarms'
        with _room():
            self._folder = tempfile.mkdtemp(prefix="trailwarden-")
            self._file = (Path(self._folder) / "sorted").open("w+b", buffering=0)
            self._sorted = ExternalSort(self._file, budget)

    @property
    def collector(self) -> Collector:
        """What collects the matches of a file; any process may run it."""
        return partial(MatchHits, folder=self._folder)

    def take(self, digest: Digest, duplicates: Sequence[int]) -> None:
        """Take over the matches of a digest but those at the positions ``duplicates``."""
        left_out = frozenset(duplicates)
        with _room():
            for kept in matches_in(digest):
                if kept.position not in left_out:
                    self._sorted.add(_order(kept.record.time), _ENCODER.encode(kept))

    def name(self, stack: Stack, feeds: Mapping[str, Sequence[Feed]]) -> None:
        """Say whose filters' numbers these are, and how they feed the alarms."""
        watching: list[list[str]] = [[] for _ in stack.metric_filters]
        for alarm, fed_by in feeds.items():
            for number in sorted({feed.filter for feed in fed_by}):
                watching[number].append(alarm)
        self._names = [
            (one.filter_name, tuple(alarms))
            for one, alarms in zip(stack.metric_filters, watching, strict=True)
        ]

    def __iter__(self) -> Iterator[Match]:
        """All matches, the earliest first, those of one record in the stack's order of filters."""
        with _room():
            for _, data in self._sorted:
                kept = _DECODER.decode(data)
                for number in kept.filters:
                    yield Match(*self._names[number], kept.record)

    def close(self) -> None:
        """Give up the temporary files."""
        self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> MatchLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _order(time: datetime) -> int:
    return (time - EPOCH) // _MICROSECOND


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"keeping the matches in a temporary file failed: {error.strerror or error}",
            cure="set TMPDIR to a folder with room, or leave out --output matches",
        ) from None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Kept)

"""Log files to digests, file by file, whatever they hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from trailwarden.errors import InputError
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.hits import Collector, Hits
from trailwarden.monitor.reader import DigestReader
from trailwarden.monitor.timing import Clock, Timing
from trailwarden.problems import Problem
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import DEFAULT_LIMIT, LogFile, content_kind, open_log_file, unpack

if TYPE_CHECKING:
    from concurrent.futures import Future

_FETCHES_AT_ONCE = 16  # requests to S3 that one worker keeps under way


class FileDigest(msgspec.Struct, array_like=True):
    """A digest with what is known of its file. ``kind`` names content that holds no records."""

    digest: Digest
    stored: int = 0
    read: int = 0
    kind: str = ""


@dataclass(frozen=True)
class Task:
    """Everything a worker must know; it travels to each worker once."""

    filters: tuple[MetricFilter, ...]
    clock: Clock = "event"
    since: datetime | None = None
    until: datetime | None = None
    limit: int = DEFAULT_LIMIT
    plain: bool = False
    hits: Collector = Hits

    def reader(self) -> DigestReader:
        timing = Timing(self.clock, self.since, self.until)
        return DigestReader(self.filters, timing, plain=self.plain, hits=self.hits)


class Worker:
    """Reads and digests files. ``limit`` bounds a file's uncompressed size."""

    def __init__(self, task: Task) -> None:
        self._reader = task.reader()
        self._limit = task.limit

    def files(self, files: Iterable[LogFile]) -> Iterator[FileDigest]:
        """One digest per file, in order, each as soon as it is there.

        Never raises for a file: that becomes its problem.
        """
        for file, data in _opened(files, self._limit):
            if isinstance(data, Problem):
                yield FileDigest(Digest(file.source, problems=[data]))
            else:
                yield self.content(data, file.source, file.delivered)

    def content(self, data: bytes, source: str, delivered: datetime | None = None) -> FileDigest:
        """The digest of a file's content as stored, compressed or not. Never raises for it."""
        try:
            unpacked = unpack(data, limit=self._limit)
            payload = unpacked.payload
            kind = content_kind(payload)
            if kind:
                found = FileDigest(Digest(source), len(data), len(payload), kind)
            else:
                digest = self._reader.digest(payload, source, delivered)
                found = FileDigest(digest, len(data), len(payload))
            if unpacked.fault is not None:
                found.digest.problems.insert(0, unpacked.fault.problem(source))
        except Exception as error:  # one bad file must not stop a run
            return FileDigest(Digest(source, problems=[_unexpected(source, error)]), len(data))
        return found


def _opened(files: Iterable[LogFile], limit: int) -> Iterator[tuple[LogFile, bytes | Problem]]:
    for is_remote, neighbours in groupby(files, key=attrgetter("is_remote")):
        if is_remote:
            yield from _fetched_ahead(neighbours, limit)
        else:
            for file in neighbours:
                yield file, _open(file, limit)


def _fetched_ahead(
    files: Iterator[LogFile], limit: int
) -> Iterator[tuple[LogFile, bytes | Problem]]:
    """Waiting for the network overlaps with the work on the files that are here already."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only for the network

    fetching: deque[tuple[LogFile, Future[bytes | Problem]]] = deque()
    with ThreadPoolExecutor(_FETCHES_AT_ONCE) as threads:
        for file in files:
            fetching.append((file, threads.submit(_open, file, limit)))
            if len(fetching) == _FETCHES_AT_ONCE:
                yield _fetched(fetching)
        while fetching:
            yield _fetched(fetching)


def _fetched(
    fetching: deque[tuple[LogFile, Future[bytes | Problem]]],
) -> tuple[LogFile, bytes | Problem]:
    file, content = fetching.popleft()
    return file, content.result()


def _open(file: LogFile, limit: int) -> bytes | Problem:
    try:
        return open_log_file(file, limit=limit)
    except InputError as error:
        return Problem(file.source, error.code, error.message, error.cure)


def _unexpected(source: str, error: Exception) -> Problem:
    return Problem(
        source,
        "unexpected",
        f"reading this file failed with {type(error).__name__}: {error}"[:500],
        "please report this with the file's shape: it should have been handled",
    )

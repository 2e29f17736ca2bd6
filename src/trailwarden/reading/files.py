"""Log files to digests, file by file, whatever they hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import IO, TYPE_CHECKING

import msgspec

from trailwarden.errors import InputError
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.hits import Collector, Hits
from trailwarden.monitor.merging import joined
from trailwarden.monitor.reader import DigestReader
from trailwarden.monitor.timing import Clock, Timing
from trailwarden.problems import Problem
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import (
    DEFAULT_LIMIT,
    LARGE,
    PROCESS_SECRET,
    Content,
    LogFile,
    contents,
    file_content,
    open_large_file,
    open_log_file,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

_Opened = bytes | IO[bytes] | Problem

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
    secret: bytes = PROCESS_SECRET

    def reader(self) -> DigestReader:
        timing = Timing(self.clock, self.since, self.until)
        return DigestReader(
            self.filters, timing, plain=self.plain, hits=self.hits, secret=self.secret
        )


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
            elif isinstance(data, bytes):
                yield from self.contents(data, file.source, file.delivered)
            else:
                yield from self._large(file, data)

    def _large(self, file: LogFile, stored: IO[bytes]) -> Iterator[FileDigest]:
        """The digest of a file that is too large to be in memory as it is stored."""
        with stored:
            try:
                content = file_content(stored, file.source, file.size, limit=self._limit)
                if content is not None:
                    yield self._digest(content, file.delivered)
                    return
            except Exception as error:  # one bad file must not stop a run
                problems = [_unexpected(file.source, error)]
                yield FileDigest(Digest(file.source, problems=problems), file.size)
                return
        data = _open_whole(file, self._limit)
        if isinstance(data, Problem):
            yield FileDigest(Digest(file.source, problems=[data]))
        else:
            yield from self.contents(data, file.source, file.delivered)

    def content(self, data: bytes, source: str, delivered: datetime | None = None) -> FileDigest:
        """The one digest of a file's content as stored, compressed or not. Never raises for it.

        Members of a packed file are joined.
        """
        found = list(self.contents(data, source, delivered))
        if len(found) == 1:
            return found[0]
        return FileDigest(
            joined(source, [one.digest for one in found]),
            stored=len(data),
            read=sum(one.read for one in found),
        )

    def contents(
        self, data: bytes, source: str, delivered: datetime | None = None
    ) -> Iterator[FileDigest]:
        """The digest of a file's content as stored: of a packed file, one for each member.

        Never raises for the content.
        """
        counted = 0
        try:
            for content in contents(data, source, limit=self._limit, large=LARGE):
                counted += content.stored
                yield self._digest(content, delivered)
        except Exception as error:  # one bad file must not stop a run
            problems = [_unexpected(source, error)]
            yield FileDigest(Digest(source, problems=problems), len(data) - counted)

    def _digest(self, content: Content, delivered: datetime | None) -> FileDigest:
        source, payload, stream = content.source, content.payload, content.stream
        if stream is not None:
            digest = self._reader.digest_stream(iter(stream), source, delivered)
            if stream.fault is not None:
                if stream.fault.code == "too-large":  # what is cut off ends too early, of course
                    digest.problems = [
                        one for one in digest.problems if one.code != "truncated-json"
                    ]
                digest.problems.insert(0, stream.fault.problem(source))
            return FileDigest(digest, content.stored, stream.total)
        digest = Digest(source, problems=[])
        if payload and not content.kind:
            digest = self._reader.digest(payload, source, delivered)
        digest.problems[:0] = content.problems
        return FileDigest(digest, content.stored, len(payload), content.kind)


def _opened(files: Iterable[LogFile], limit: int) -> Iterator[tuple[LogFile, _Opened]]:
    for is_remote, neighbours in groupby(files, key=attrgetter("is_remote")):
        if is_remote:
            yield from _fetched_ahead(neighbours, limit)
        else:
            for file in neighbours:
                yield file, _open(file, limit)


def _fetched_ahead(files: Iterator[LogFile], limit: int) -> Iterator[tuple[LogFile, _Opened]]:
    """Waiting for the network overlaps with the work on the files that are here already."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only for the network

    fetching: deque[tuple[LogFile, Future[_Opened]]] = deque()
    with ThreadPoolExecutor(_FETCHES_AT_ONCE) as threads:
        for file in files:
            fetching.append((file, threads.submit(_open, file, limit)))
            if len(fetching) == _FETCHES_AT_ONCE:
                yield _fetched(fetching)
        while fetching:
            yield _fetched(fetching)


def _fetched(
    fetching: deque[tuple[LogFile, Future[_Opened]]],
) -> tuple[LogFile, _Opened]:
    file, content = fetching.popleft()
    return file, content.result()


def _open(file: LogFile, limit: int) -> _Opened:
    try:
        large = open_large_file(file)
    except InputError as error:
        return Problem(file.source, error.code, error.message, error.cure)
    return _open_whole(file, limit) if large is None else large


def _open_whole(file: LogFile, limit: int) -> bytes | Problem:
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

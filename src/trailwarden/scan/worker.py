"""What a worker process does: read files, digest them, send back small plain data."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from trailwarden.errors import InputError
from trailwarden.memory import reuse
from trailwarden.monitor.digest import Digest
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

    def reader(self) -> DigestReader:
        return DigestReader(
            self.filters, Timing(self.clock, self.since, self.until), plain=self.plain
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
            else:
                yield self._file(file, data)

    def _file(self, file: LogFile, data: bytes) -> FileDigest:
        try:
            unpacked = unpack(data, limit=self._limit)
            payload = unpacked.payload
            kind = content_kind(payload)
            if kind:
                found = FileDigest(Digest(file.source), len(data), len(payload), kind)
            else:
                digest = self._reader.digest(payload, file.source, file.delivered)
                found = FileDigest(digest, len(data), len(payload))
            if unpacked.fault is not None:
                found.digest.problems.insert(0, unpacked.fault.problem(file.source))
        except Exception as error:  # one bad file must not stop a run
            return FileDigest(Digest(file.source, problems=[_unexpected(file, error)]), len(data))
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


def _unexpected(file: LogFile, error: Exception) -> Problem:
    return Problem(
        file.source,
        "unexpected",
        f"reading this file failed with {type(error).__name__}: {error}"[:500],
        "please report this with the file's shape: it should have been handled",
    )


# --- in a process of a pool: one worker, made when the process starts ------------------------
_worker: Worker | None = None


def start(task: Task) -> None:
    """Initialise this process."""
    global _worker  # noqa: PLW0603 - a pool's initialiser can leave its result nowhere else
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(task)
    reuse()
    gc.freeze()
    gc.disable()  # records hold no cycles; visiting them all costs a tenth of the time


def _end_with_parent() -> None:
    """Nobody hands out work any more, and nobody waits for this process: do not stay behind."""
    from multiprocessing import parent_process  # noqa: PLC0415 - known in a pool's process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def digest_batch(files: Sequence[LogFile]) -> bytes:
    """Digest a batch in this process; the digests travel as MessagePack."""
    if _worker is None:
        raise RuntimeError("start() has not run in this process")
    encoded = _encoder.encode(list(_worker.files(files)))
    gc.collect()
    return encoded


def decode_batch(data: bytes) -> list[FileDigest]:
    """The digests that :func:`digest_batch` encoded."""
    return _decoder.decode(data)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[FileDigest])

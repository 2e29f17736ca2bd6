"""Files that ended a run: they are read apart, so that they cannot end the next one.

Before a portion is read, its identity is written to a file in the home, and removed afterwards.
What stands there at a start was being read when the process died. It may be innocent (somebody
pulled the plug), so it is tried once more: in a process of its own, bounded in memory and time.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from trailwarden.monitor.digest import Digest
from trailwarden.problems import Problem
from trailwarden.reading import FileDigest, Worker
from trailwarden.watch.portion import Portion

FILE_NAME = "reading"
_MEMORY = 1024 * 1024 * 1024  # bytes beside what the process has
_SECONDS = 120  # of the processor's time
_LARGEST_NOTE = 1024 * 1024  # bytes
_LONGEST_NAME = 64 * 1024  # bytes
_MOST_SUSPECTS = 15
_BETWEEN = b"\0\0\0\0"
_CHUNK = 1024 * 1024
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FileDigest)


class Reading:
    """Reads portions with ``worker``, and notes in ``home`` which one."""

    def __init__(self, home: Path, worker: Worker) -> None:
        self._worker = worker
        self._note = os.open(home / FILE_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        noted = os.pread(self._note, _LARGEST_NOTE, 0)
        self._suspects = [name for name in noted.split(_BETWEEN) if name][:_MOST_SUSPECTS]

    def close(self) -> None:
        """Give up the note's file."""
        os.close(self._note)

    def read(self, portion: Portion) -> FileDigest:
        """The digest of a portion; of one that ended the run before, whatever can be read."""
        name = _name_of(portion)
        if name in self._suspects:
            found = self._apart(portion)
            self._suspects.remove(name)
            self._write(b"")
            return found
        with self._noted(name):
            return self._worker.content(portion.content, portion.label, portion.delivered)

    @contextmanager
    def _noted(self, name: bytes) -> Iterator[None]:
        self._write(name)
        try:
            yield
        finally:
            self._write(b"")

    def _write(self, name: bytes) -> None:
        """Note what is being read, beside what is still under suspicion."""
        # No wait for the disk: the note is to outlive this process, not the machine.
        with suppress(OSError):  # a full disk is told where the state is written
            names = [one for one in (*self._suspects, name) if one]
            os.ftruncate(self._note, 0)
            os.pwrite(self._note, _BETWEEN.join(names), 0)

    def _apart(self, portion: Portion) -> FileDigest:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _work(self._worker, portion, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            encoded = pipe.read()
        _, status = os.waitpid(child, 0)
        if status == 0:
            with suppress(msgspec.MsgspecError):
                return _decoder.decode(encoded)
        problem = Problem(
            portion.label,
            "set-aside",
            "a run ended while it read this file, and so did another try: it was left out",
            "look at it by hand: it is hardly a log",
        )
        return FileDigest(Digest(portion.label, problems=[problem]), len(portion.content))


def _work(worker: Worker, portion: Portion, writing: int) -> None:
    """What the other process does. Never returns."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        bound = _size() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        found = worker.content(portion.content, portion.label, portion.delivered)
        encoded = memoryview(_encoder.encode(found))
        while encoded:
            encoded = encoded[os.write(writing, encoded[:_CHUNK]) :]
        status = 0
    finally:
        os._exit(status)


def _size() -> int:
    """Bytes of address space that this process has; none where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _name_of(portion: Portion) -> bytes:
    name = "\0".join((portion.source, portion.key, portion.version))
    return name.encode("utf-8", "backslashreplace")[:_LONGEST_NAME]

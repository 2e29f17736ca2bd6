"""Files of a folder, taken whole: one that is still being written has to wait."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trailwarden.errors import InputError
from trailwarden.text import visible
from trailwarden.trail import open_log_file, unpack
from trailwarden.trail.faults import too_large
from trailwarden.trail.folders import local_file, unreadable
from trailwarden.trail.pseudo import is_made_up, is_readable, special_file
from trailwarden.watch.portion import Memory, Portion
from trailwarden.watch.sources.folder_changes import is_unfinished
from trailwarden.watch.sources.marks import hash_of
from trailwarden.watch.sources.outlet import Outlet, pause_after, problem_of

_YOUNG = 2.0  # seconds without a change after which what is there is taken for whole
_LONGEST_WAIT = 60.0  # seconds; a file that grows on and on is taken as it is now and then
_AGAIN = 0.05  # seconds after which a file that changed while it was read is read again
_LOOK_AGAIN = 0.2  # … and one that is not whole
_BYTES_PER_SECOND = 10_000_000  # at which a file that grows may be read again and again
_MOST_RECENT = 10_000
_PATIENCE = 3  # attempts after which a file that cannot be read no longer holds back Drained
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_CUT_OFF = frozenset(("truncated-gzip", "truncated-zstd"))


@dataclass(slots=True)
class _Waiting:
    """A file that is looked at again. ``since`` is UTC, the others are by the monotonic clock."""

    since: datetime
    start: float
    version: str
    changed: float
    due: float


class Taker:
    """Offers files. Without ``patient``, a file that cannot be read is told as lasting at once."""

    def __init__(
        self, root: str, limit: int, outlet: Outlet, memory: Memory, *, patient: bool
    ) -> None:
        self._root = root
        self._limit = limit
        self._outlet = outlet
        self._memory = memory
        self._patience = _PATIENCE if patient else 1
        self._known: set[int] = set()
        self._recent: dict[str, float] = {}  # when a path may be read again, monotonic
        self._waiting: dict[str, _Waiting] = {}
        self._failures: dict[str, int] = {}

    @property
    def waits(self) -> bool:
        """True while some file is to be looked at again soon."""
        return bool(self._waiting)

    @property
    def waits_since(self) -> datetime | None:
        """Since when (UTC) the file has waited that has waited the longest."""
        return min((waiting.since for waiting in self._waiting.values()), default=None)

    def is_known(self, path: str) -> bool:
        """Whether this version of a file was offered or taken before. For any thread."""
        try:
            about = os.stat(path)  # noqa: PTH116 - all files of an archive are asked
        except OSError:
            return False
        return hash_of(path, _version(about)) in self._known

    def take_due(self) -> None:
        """Look again at the files whose time has come."""
        now = time.monotonic()
        for path in sorted(path for path, waiting in self._waiting.items() if waiting.due <= now):
            self.take(path)

    def take(self, path: str) -> None:
        """Offer a file, unless it is known; later, if it is not whole yet."""
        if is_unfinished(path.rpartition("/")[2]):
            return
        try:
            about = Path(path).stat()
        except OSError as error:
            self._failed(path, error)
            return
        if self._is_taken(path, _version(about)):
            self._done(path)
        elif not is_readable(about):
            self._left_out(path, about)
        elif self._recent.get(path, 0.0) > time.monotonic():
            self._wait(path, _version(about), self._recent[path])
        else:
            self._read(path, about)

    def _left_out(self, path: str, about: os.stat_result) -> None:
        """A pipe or a device is no file; one that a link or the kernel passes off is named."""
        self._done(path)
        self._known.add(hash_of(path, _version(about)))
        if not stat.S_ISDIR(about.st_mode) and (Path(path).is_symlink() or is_made_up(about)):
            problem = special_file(path)
            error = InputError(problem.message, code=problem.code, cure=problem.cure)
            self._outlet.trouble(problem_of(error, visible(path)), about=path, lasting=True)

    def _is_taken(self, path: str, version: str) -> bool:
        if hash_of(path, version) in self._known:
            return True
        if not self._memory.is_taken(self._outlet.name, self._key(path), version):
            return False
        self._known.add(hash_of(path, version))
        return True

    def _read(self, path: str, before: os.stat_result) -> None:
        version = _version(before)
        try:
            content = open_log_file(local_file(path, before.st_size), limit=self._limit)
            after = Path(path).stat()
        except OSError as error:
            self._failed(path, error)
            return
        except InputError as error:
            self._refused(path, version, error)
            return
        if len(content) > self._limit:
            self._refused(path, _version(after), too_large(self._limit).error())
            return
        waiting = self._wait_entry(path, version)
        now = time.monotonic()
        if _version(after) != version or len(content) != before.st_size:
            if now - waiting.start < _LONGEST_WAIT:
                self._wait(path, _version(after), now + _AGAIN)
                return
            # It never rests: what was read stands for itself, and for no version of the file.
        elif self._may_grow(waiting, before) and not _is_whole(content, self._limit):
            self._wait(path, version, now + _LOOK_AGAIN)
            return
        self._offer(path, version, content)

    def _may_grow(self, waiting: _Waiting, about: os.stat_result) -> bool:
        """Whether the file was written to just now."""
        now = time.monotonic()
        age = time.time() - about.st_mtime
        # The clock of a server may be off: what counts then is that it rests here.
        is_young = age < _YOUNG and now - waiting.changed < _YOUNG
        return is_young and now - waiting.start < _LONGEST_WAIT

    def _offer(self, path: str, version: str, content: bytes) -> None:
        file = local_file(path, len(content))
        self._done(path)
        self._known.add(hash_of(path, version))
        self._outlet.offer(
            Portion(
                source=self._outlet.name,
                key=self._key(path),
                version=version,
                label=file.source,
                content=content,
                delivered=file.delivered,
            )
        )
        self._rest(path, len(content))

    def _rest(self, path: str, size: int) -> None:
        """A file that grows line by line is not read again for every line."""
        now = time.monotonic()
        if len(self._recent) >= _MOST_RECENT:
            self._recent = {other: due for other, due in self._recent.items() if due > now}
        self._recent[path] = now + _YOUNG + size / _BYTES_PER_SECOND

    def _wait_entry(self, path: str, version: str) -> _Waiting:
        now = time.monotonic()
        waiting = self._waiting.get(path)
        if waiting is None:
            return _Waiting(datetime.now(UTC), now, version, now, now)
        if waiting.version != version:
            waiting.version, waiting.changed = version, now
        return waiting

    def _wait(self, path: str, version: str, due: float) -> None:
        waiting = self._wait_entry(path, version)
        waiting.due = due
        self._waiting[path] = waiting

    def _done(self, path: str) -> None:
        self._waiting.pop(path, None)
        if self._failures.pop(path, None):
            self._outlet.mended(path)

    def _failed(self, path: str, error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
            self._done(path)  # removed, or renamed: nothing is there
            return
        problem = unreadable(path, error)
        self._refused(path, "", InputError(problem.message, code=problem.code, cure=problem.cure))

    def _refused(self, path: str, version: str, error: InputError) -> None:
        """Tell it, and try again, at first soon and then at each walk."""
        if error.code == "vanished" and not os.path.lexists(path):
            self._done(path)
            return
        failures = self._failures.get(path, 0) + 1
        self._failures[path] = failures
        lasting = failures >= self._patience or error.code == "too-large"
        if error.code == "too-large":
            self._known.add(hash_of(path, version))
        if lasting:
            self._waiting.pop(path, None)
        else:
            self._wait(path, version, time.monotonic() + pause_after(failures))
        self._outlet.trouble(problem_of(error, visible(path)), about=path, lasting=lasting)

    def _key(self, path: str) -> str:
        """The path below the folder, as text that can be written down."""
        relative = path[len(self._root.rstrip("/")) + 1 :]
        return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _version(about: os.stat_result) -> str:
    return f"{about.st_size}-{about.st_mtime_ns}-{about.st_ino}"


def _is_whole(content: bytes, limit: int) -> bool:
    """False for what looks cut off: compressed data without an end, JSON without a bracket."""
    if content.startswith(_COMPRESSED):
        fault = unpack(content, limit=limit).fault
        return fault is None or fault.code not in _CUT_OFF
    return content.rstrip()[-1:] in (b"}", b"]")

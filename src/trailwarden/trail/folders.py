"""Log files in folders: every file below, in the order of their paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from trailwarden.errors import InputError
from trailwarden.problems import Problem
from trailwarden.text import visible
from trailwarden.trail.beginnings import begins_like_events
from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import Window, delivery_minute
from trailwarden.trail.logfile import LogFile
from trailwarden.trail.pseudo import is_made_up, is_readable, open_regular, special_file

_HEAD = 8 * 1024  # bytes
_Identity = tuple[int, int]  # of a folder, whatever its path: device and inode


@dataclass(slots=True)
class FolderWalk:
    """Walks folders. ``pruned`` tells afterwards whether the window left anything out."""

    window: Window
    problems: Callable[[Problem], None]
    skipped: Callable[[str], None]
    pruned: bool = False
    left_out: int = 0  # files that the window left out, where ``counts``
    counts: bool = False
    _entered: set[_Identity] = field(default_factory=set)

    def files(self, root: str) -> Iterator[LogFile]:
        """The files that may hold records, below ``root``. Links are followed, loops are not."""
        waiting = [self._entries(root)]
        while waiting:
            for entry in waiting[-1]:
                if _is_folder(entry):
                    waiting.append(self._entries(entry.path))
                    break
                yield from self._file(entry)
            else:
                waiting.pop()

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        """What there is in a folder, sorted by name, without the folders that are not entered."""
        try:
            about = Path(folder).stat()
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=attrgetter("name"))
        except OSError as error:
            self.problems(unreadable(folder, error, "folder"))
            return
        if is_made_up(about):
            self.problems(special_file(folder))
            return
        identity = (about.st_dev, about.st_ino)
        if identity in self._entered:
            return  # a link to a folder that was walked already
        self._entered.add(identity)
        for entry in entries:
            if not _is_folder(entry) or self._enters(entry):
                yield entry

    def _enters(self, folder: os.DirEntry[str]) -> bool:
        if not self.window.takes_folder(f"{folder.path}/"):
            self.pruned = True
            self.left_out += _files_below(folder.path) if self.counts else 0
            return False
        if folder.name.startswith("."):
            self.skipped("hidden")
            return False
        return True

    def _file(self, entry: os.DirEntry[str]) -> Iterator[LogFile]:
        kind = kind_of_name(entry.path)
        if kind not in ("", "other"):
            self.skipped(kind)
            return
        try:
            about = entry.stat()
        except OSError as error:
            if kind:
                self.skipped(kind)
            else:
                self.problems(unreadable(entry.path, error))
            return
        if kind and not (is_readable(about) and _holds_events(entry.path)):
            self.skipped(kind)
            return
        if not is_readable(about):  # reading it could wait forever
            if entry.is_symlink() or is_made_up(about):
                self.problems(special_file(entry.path))
            else:
                self.skipped("special")
            return
        file = local_file(entry.path, about.st_size)
        if not self.window.takes_file(file.delivered):
            self.pruned = True
            self.left_out += 1
            return
        yield file


def _files_below(folder: str) -> int:
    """How many logs there are in a folder that is not entered, by their names."""
    return sum(not kind_of_name(name) for _, _, names in os.walk(folder) for name in names)


def _holds_events(path: str) -> bool:
    """Whether a file that has no log's name begins like one, or like a table of events."""
    try:
        with os.fdopen(open_regular(path), "rb", buffering=0) as file:
            head = file.read(_HEAD)
    except (OSError, InputError):
        return False
    return begins_like_events(head, path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; asking for its size will tell
        return False


def local_file(path: str, size: int) -> LogFile:
    """The log file at a local path."""
    delivered = delivery_minute(path.rpartition("/")[2])
    return LogFile(source=visible(path), size=size, delivered=delivered, path=path)


def unreadable(path: str, error: OSError, noun: str = "file") -> Problem:
    """The problem of a file or folder that cannot be read."""
    code, cure = _meaning(error)
    return Problem(visible(path), code, f"this {noun} cannot be read: {error.strerror}", cure)


def _meaning(error: OSError) -> tuple[str, str]:
    """Code and cure."""
    if isinstance(error, PermissionError):
        return "access-denied", "give the user who runs this the right to read it"
    if isinstance(error, FileNotFoundError):
        return "vanished", "check whether it was moved or removed, or is a link to nothing"
    return "unreadable", "look at the disk or the mount"

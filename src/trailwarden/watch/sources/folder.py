"""Log files as they come into a folder.

The system tells about changes, within milliseconds where it can. A look at everything from time to
time finds what it did not tell: network mounts, limits, files that came before their folder was
watched.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from trailwarden.errors import Location, UsageError
from trailwarden.problems import Problem
from trailwarden.settings import SourceSettings
from trailwarden.text import visible
from trailwarden.trail.folders import FolderWalk
from trailwarden.trail.layout import Window
from trailwarden.watch.portion import Memory, Offer, Stopped
from trailwarden.watch.sources.folder_changes import LOOK, Change, changes_of, wants
from trailwarden.watch.sources.folder_files import Taker
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.outlet import Outlet

REWALK = 30.0  # seconds between two looks at everything
_REWALK_BLIND = 2.0  # … where the system tells nothing
_REWALK_SHARE = 20  # and at least so many times what the last one took
_SECOND_LOOK = 1.0  # seconds after which a new folder is looked at again
_DRAINED_EVERY = 1.0  # seconds
_PATIENCE = 3  # looks after which what cannot be entered no longer holds back Drained


def open_folder(settings: SourceSettings, *, since: datetime | None, limit: int) -> FolderSource:
    """The source of a folder. Raises UsageError."""
    if find_spec("watchfiles") is None:
        raise UsageError(
            "watching a folder needs watchfiles, which is not installed",
            cure="install it with: pip install 'trailwarden[watch]'",
        )
    root = os.path.abspath(settings.address)  # noqa: PTH100 - links stay as they are written
    try:
        is_folder = Path(root).is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        raise UsageError(
            "there is no folder here",
            location=Location(visible(settings.address, 500)),
            cure="name a folder that exists; a single file can be read with scan",
        )
    name = settings.name or visible(f"folder:{root}")
    rewalk = REWALK if settings.poll is None else settings.poll
    return FolderSource(name, root, Window.of(since, None), limit, rewalk)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder and all below it. ``rewalk`` are seconds between two looks at everything."""

    name: str
    root: str
    window: Window
    limit: int
    rewalk: float

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        """See :class:`~trailwarden.watch.portion.Source`."""
        with Helpers(1, stop, name=self.name) as helpers:
            try:
                watching = _Watching(self, Outlet(self.name, put), memory, stop, helpers, once=once)
                watching.run()
            except Stopped:
                return


class _Watching:
    """One run over a folder."""

    def __init__(
        self,
        source: FolderSource,
        outlet: Outlet,
        memory: Memory,
        stop: Event,
        helpers: Helpers,
        *,
        once: bool,
    ) -> None:
        self._source = source
        self._outlet = outlet
        self._stop = stop
        self._helpers = helpers
        self._once = once
        self._taker = Taker(source.root, source.limit, outlet, memory, patient=not once)
        self._troubles: dict[str, int] = {}  # what could not be entered, and how often
        self._survey: Future[_Survey] | None = None
        self._complete_at: datetime | None = None  # when the last full walk began
        self._missed_at = datetime.min.replace(tzinfo=UTC)  # when the system last failed to tell
        self._next_walk = self._earliest_walk = 0.0  # by the monotonic clock
        self._second_looks: dict[str, float] = {}  # new folders, and when to look at them
        self._next_drained = 0.0
        self._is_blind = False
        self._left_out = 0  # files that are too old

    def run(self) -> None:
        if self._once:
            at = datetime.now(UTC)
            self._first_walk()
            while self._taker.waits:
                self._helpers.wait(LOOK)
                self._taker.take_due()
            self._outlet.drained(at, self._left_out)
            return
        while not self._stop.is_set():
            self._watch()

    def _watch(self) -> None:
        """Take what comes, until the folder is another one, or the system tells no more."""
        identity = _identity(self._source.root)
        looks = changes_of(self._source.root, self._stop)
        try:
            self._is_blind = next(looks, None) is None  # from here on, changes are told
            if self._is_blind and identity is not None:
                self._outlet.trouble(_blind(self._source.root), lasting=True)
            self._begin()
            at = datetime.now(UTC)
            for changes in _clock(self._stop) if self._is_blind else looks:
                if changes is None or identity != _identity(self._source.root):
                    return
                self._look(sorted(changes), at)
                at = datetime.now(UTC)
        finally:
            looks.close()

    def _begin(self) -> None:
        """Look at everything: at once, or, after changes were missed, beside what comes."""
        if self._complete_at is None:
            self._first_walk()
        else:
            self._missed_at = datetime.now(UTC)
            self._next_walk = min(self._next_walk, max(self._earliest_walk, time.monotonic()))

    def _look(self, changes: list[Change], at: datetime) -> None:
        for change in changes:
            self._changed(change)
        self._take_later_ones()
        self._taker.take_due()
        self._walk_now_and_then()
        self._tell_drained(at)

    def _first_walk(self) -> None:
        at, started = datetime.now(UTC), time.monotonic()
        walk, problems = self._walk()
        walk.counts = self._once
        for file in walk.files(self._source.root):
            if self._stop.is_set():
                raise Stopped
            self._taker.take(file.path)
        self._left_out = walk.left_out
        self._walked(_Survey([], problems, at, time.monotonic() - started))

    def _walk(self) -> tuple[FolderWalk, list[Problem]]:
        problems: list[Problem] = []
        return FolderWalk(self._source.window, problems.append, lambda _kind: None), problems

    def _changed(self, change: Change) -> None:
        path = change.path
        if os.path.isdir(path):  # noqa: PTH112 - many of them, in a hurry
            if change.is_new and wants(self._source.root, f"{path}/", self._source.window):
                self._look_into(path)
                self._second_looks[path] = time.monotonic() + _SECOND_LOOK
        elif wants(self._source.root, path, self._source.window):
            self._taker.take(path)

    def _take_later_ones(self) -> None:
        now = time.monotonic()
        for path in [path for path, due in self._second_looks.items() if due <= now]:
            del self._second_looks[path]
            self._look_into(path)

    def _look_into(self, folder: str) -> None:
        """Take what a new folder holds already. What is wrong there, the next walk tells."""
        walk, _ = self._walk()
        for file in walk.files(folder):
            self._taker.take(file.path)

    def _walk_now_and_then(self) -> None:
        """Look at everything in another thread: what the system tells meanwhile is not delayed."""
        if self._survey is None:
            if time.monotonic() >= self._next_walk:
                self._survey = self._helpers.submit(self._look_at_everything)
        elif self._survey.done():
            survey, self._survey = self._survey.result(), None
            for path in survey.new:
                self._taker.take(path)
            self._walked(survey)

    def _look_at_everything(self) -> _Survey:
        at, started = datetime.now(UTC), time.monotonic()
        walk, problems = self._walk()
        new: list[str] = []
        for file in walk.files(self._source.root):
            if self._stop.is_set():
                break
            if not self._taker.is_known(file.path):
                new.append(file.path)
        return _Survey(new, problems, at, time.monotonic() - started)

    def _walked(self, survey: _Survey) -> None:
        """Tell what could not be entered, and plan the next walk."""
        self._complete_at = survey.at
        root = visible(self._source.root)
        found = {
            problem.source: problem
            for problem in survey.problems
            # It was there a moment ago: moved or removed, and not a link to nothing.
            if problem.source == root
            or problem.code != "vanished"
            or os.path.lexists(problem.source)
        }
        for place in set(self._troubles) - set(found):
            del self._troubles[place]
            self._outlet.mended(place)
        for place, problem in found.items():
            self._troubles[place] = self._troubles.get(place, 0) + 1
            lasting = self._once or (self._troubles[place] >= _PATIENCE and place != root)
            self._outlet.trouble(problem, about=place, lasting=lasting)
        self._earliest_walk = time.monotonic() + survey.seconds * _REWALK_SHARE
        self._next_walk = max(self._earliest_walk, time.monotonic() + self._pause())

    def _pause(self) -> float:
        """Seconds until the next walk; few while there is hope that something mends itself."""
        pause = min(self._source.rewalk, _REWALK_BLIND) if self._is_blind else self._source.rewalk
        fresh = [count for count in self._troubles.values() if count < _PATIENCE]
        return min(pause, float(max(fresh))) if fresh else pause

    def _tell_drained(self, at: datetime) -> None:
        """Everything that was there ``at`` that time was offered, but for what still waits."""
        if self._complete_at is None or time.monotonic() < self._next_drained:
            return
        times = [at]
        if self._is_blind or self._missed_at > self._complete_at:
            times.append(self._complete_at)
        if self._taker.waits_since is not None:
            times.append(self._taker.waits_since)
        if self._outlet.drained(min(times)):
            self._next_drained = time.monotonic() + _DRAINED_EVERY


@dataclass(frozen=True, slots=True)
class _Survey:
    """What a look at everything found: files that are not known, and what was wrong."""

    new: list[str]
    problems: list[Problem]
    at: datetime
    seconds: float


def _identity(path: str) -> tuple[int, int] | None:
    """Which folder a path leads to."""
    try:
        about = Path(path).stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def _blind(root: str) -> Problem:
    return Problem(
        visible(root),
        "not-told",
        "the system does not tell about changes in this folder; it is looked at now and then",
        "raise fs.inotify.max_user_watches, or leave it: files are found some seconds later",
    )


def _clock(stop: Event) -> Iterator[frozenset[Change]]:
    """Looks without news, for a folder that the system tells nothing about."""
    while not stop.wait(LOOK):
        yield frozenset()

"""One pass over an archive: list the files, digest them, let the monitor judge."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice

from trailwarden.monitor import Monitor
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.hits import Collector, Hits
from trailwarden.monitor.outcome import InputSummary
from trailwarden.problems import Problem
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.scan.batches import Batch, batches
from trailwarden.scan.options import Progress, ScanOptions, Tell
from trailwarden.stack.model import Stack
from trailwarden.trail import LogFile, SeenIds, list_archive
from trailwarden.trail.keys import SECRET_SIZE
from trailwarden.trail.seen import reused_ids

_MAX_PROBLEMS = 10_000
_SMALL, _FEW = 8, 2  # batches, local and remote; fewer are read before another process starts
See = Callable[[Digest, Sequence[int]], None]  # a digest, and the positions of its duplicates


class Pass:
    """Runs ``stack`` over an archive.

    ``see`` is told of every digest before the monitor is; ``hits`` is what digests keep of matches.
    """

    def __init__(
        self,
        stack: Stack,
        options: ScanOptions,
        *,
        hits: Collector = Hits,
        see: See | None = None,
        progress: Tell | None = None,
    ) -> None:
        self.monitor = Monitor(stack)
        self._options = options
        self._task = Task(
            filters=stack.metric_filters,
            clock=options.clock,
            since=options.since,
            until=options.until,
            limit=options.max_file_size,
            plain=options.plain,
            hits=hits,
            secret=os.urandom(SECRET_SIZE),
        )
        self._see = see
        self._progress = progress
        self._problems: list[Problem] = []
        self._problems_left_out = 0
        self._skipped: Counter[str] = Counter()
        self._files = self._stored = self._read = self._duplicates = 0

    def run(self, archives: Sequence[str]) -> None:
        """Read everything and evaluate every alarm to the end.

        Whatever cannot be read is a problem in the summary.
        """
        with ExitStack() as resources:
            seen = resources.enter_context(SeenIds()) if self._options.dedupe else None
            for found in self._digests(self._listed(archives), resources):
                self._take(found, seen)
        self.monitor.finish()

    def _listed(self, archives: Sequence[str]) -> Iterator[LogFile]:
        for archive in archives:
            yield from list_archive(
                archive,
                since=self._options.since,
                until=self._options.until,
                limit=self._options.max_file_size,
                problems=self._problem,
                skipped=lambda kind: self._skipped.update((kind,)),
            )

    def _digests(self, files: Iterator[LogFile], resources: ExitStack) -> Iterator[FileDigest]:
        processes = self._options.processes or _cores()
        source = batches(files)
        first = list(islice(source, _SMALL))
        everything: Iterable[Batch] = chain(first, source)
        is_remote = any(batch[0].is_remote for batch in first)  # these batches are larger
        if (
            processes > 1
            and may_start_processes()
            and len(first) >= (_FEW if is_remote else _SMALL)
        ):
            from trailwarden.scan.pool import Pool  # noqa: PLC0415 - small archives need none

            return resources.enter_context(Pool(self._task, processes)).digests(everything)
        return Worker(self._task).files(chain.from_iterable(everything))

    def _take(self, found: FileDigest, seen: SeenIds | None) -> None:
        digest = found.digest
        if found.kind:
            self._skipped[found.kind] += 1
        elif found.read:
            self._files += 1
        self._stored += found.stored
        self._read += found.read
        for problem in digest.problems:
            self._problem(problem)
        duplicates: Sequence[int] = ()
        if seen is not None and digest.keys:
            duplicates = seen.check(
                digest.key_array(), digest.event_minute_array(), span=digest.event_span
            )
            self._duplicates += len(duplicates)
            if seen.others:
                self._problem(reused_ids(digest.source, len(seen.others)))
        if self._see is not None:
            self._see(digest, duplicates)
        self.monitor.observe(digest, duplicates)
        if self._progress is not None:
            self._progress(Progress(self._files, self._stored, self.monitor.events, digest.source))

    def _problem(self, problem: Problem) -> None:
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(problem)
        else:
            self._problems_left_out += 1

    def summary(self, archives: Sequence[str], more: Iterable[Problem] = ()) -> InputSummary:
        """What was read, with ``more`` problems."""
        problems = [*self._problems, *more]
        problems.sort(key=lambda p: (p.source, p.line or 0, p.code))
        if self._problems_left_out:
            problems.append(_left_out(self._problems_left_out))
        monitor = self.monitor
        return InputSummary(
            sources=tuple(archives),
            files=self._files,
            events=monitor.events,
            duplicates=self._duplicates,
            bytes=self._stored,
            bytes_read=self._read,
            first_event=monitor.first_event,
            last_event=monitor.last_event,
            silent_minutes=monitor.silent_minutes,
            gaps=monitor.gaps,
            problems=tuple(problems),
            skipped=dict(sorted(self._skipped.items())),
        )


def may_start_processes() -> bool:
    """False in a worker of somebody's pool: those may have no processes of their own."""
    multiprocessing = sys.modules.get("multiprocessing.process")  # unless imported, there is none
    return multiprocessing is None or not multiprocessing.current_process().daemon


def _cores() -> int:
    """How many cores this process may use; macOS tells only how many there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _left_out(count: int) -> Problem:
    return Problem(
        "(all sources)",
        "more-problems",
        f"{count:,} further problems are not listed",
        "mend the listed ones first",
        count=count,
    )

"""One scan: list the files, digest them, let the monitor judge."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from trailwarden.errors import UsageError
from trailwarden.monitor import Monitor
from trailwarden.monitor.outcome import InputSummary, Outcome
from trailwarden.monitor.timing import Clock
from trailwarden.problems import Problem
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.scan.batches import Batch, batches
from trailwarden.stack.model import Stack
from trailwarden.trail import DEFAULT_LIMIT, LogFile, SeenIds, check_archive, list_archive

MAX_PROBLEMS = 10_000
_SMALL, _FEW = 8, 2  # batches, local and remote; fewer are read before another process starts


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. ``processes`` 0 means one per core; ``max_file_size`` is in bytes."""

    clock: Clock = "event"
    since: datetime | None = None
    until: datetime | None = None
    processes: int = 0
    dedupe: bool = True
    max_file_size: int = DEFAULT_LIMIT
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is. ``bytes`` are stored bytes, ``at`` the file read last."""

    files: int
    bytes: int
    events: int
    at: str


def scan(
    stack: Stack,
    archives: Sequence[str],
    options: ScanOptions | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Run ``stack`` over the records of ``archives`` (folders, files, ``s3://…``, ``-``).

    Raises UsageError where there is no archive at all; whatever else cannot be read is a problem
    in the outcome. The outcome does not depend on the number of processes.
    """
    options = options or ScanOptions()
    if options.since and options.until and options.since >= options.until:
        raise UsageError("--since must be earlier than --until")
    for archive in archives:
        check_archive(archive)  # a slip in the last one should not cost the work on the others
    started = time.monotonic()
    run = _Run(stack, options, progress)
    with ExitStack() as resources:
        seen = resources.enter_context(SeenIds()) if options.dedupe else None
        files = run.listed(archives)
        for digest in _digests(files, stack, options, resources):
            run.take(digest, seen)
    return run.outcome(archives, started)


def _digests(
    files: Iterator[LogFile], stack: Stack, options: ScanOptions, resources: ExitStack
) -> Iterator[FileDigest]:
    task = Task(
        filters=stack.metric_filters,
        clock=options.clock,
        since=options.since,
        until=options.until,
        limit=options.max_file_size,
        plain=options.plain,
    )
    processes = options.processes or len(os.sched_getaffinity(0))
    source = batches(files)
    first = list(islice(source, _SMALL))
    everything: Iterable[Batch] = chain(first, source)
    is_remote = any(batch[0].is_remote for batch in first)  # these batches are larger
    if processes > 1 and len(first) >= (_FEW if is_remote else _SMALL):
        from trailwarden.scan.pool import Pool  # noqa: PLC0415 - small archives need none

        return resources.enter_context(Pool(task, processes)).digests(everything)
    return Worker(task).files(chain.from_iterable(everything))


class _Run:
    """What a scan has read so far."""

    def __init__(
        self, stack: Stack, options: ScanOptions, progress: Callable[[Progress], None] | None
    ) -> None:
        self._stack = stack
        self._options = options
        self._progress = progress
        self._monitor = Monitor(stack)
        self._problems: list[Problem] = []
        self._problems_left_out = 0
        self._skipped: Counter[str] = Counter()
        self._files = self._stored = self._read = self._duplicates = 0

    def listed(self, archives: Sequence[str]) -> Iterator[LogFile]:
        for archive in archives:
            yield from list_archive(
                archive,
                since=self._options.since,
                until=self._options.until,
                limit=self._options.max_file_size,
                problems=self._problem,
                skipped=lambda kind: self._skipped.update((kind,)),
            )

    def take(self, found: FileDigest, seen: SeenIds | None) -> None:
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
        self._monitor.observe(digest, duplicates)
        if self._progress is not None:
            self._progress(Progress(self._files, self._stored, self._monitor.events, digest.source))

    def _problem(self, problem: Problem) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(problem)
        else:
            self._problems_left_out += 1

    def outcome(self, archives: Sequence[str], started: float) -> Outcome:
        monitor = self._monitor
        monitor.finish()
        problems = sorted(self._problems, key=lambda p: (p.source, p.line or 0, p.code))
        if self._problems_left_out:
            problems.append(_left_out(self._problems_left_out))
        summary = InputSummary(
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
        return Outcome(
            stack=self._stack,
            clock=self._options.clock,
            input=summary,
            filters=monitor.filter_outcomes(),
            alarms=monitor.alarm_outcomes(),
            since=self._options.since,
            until=self._options.until,
            seconds=time.monotonic() - started,
        )


def _left_out(count: int) -> Problem:
    return Problem(
        "(all sources)",
        "more-problems",
        f"{count:,} further problems are not listed",
        "mend the listed ones first",
        count=count,
    )

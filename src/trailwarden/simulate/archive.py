"""Writing a simulated archive into a folder."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import deflate

from trailwarden.errors import UsageError
from trailwarden.simulate.delivery import Delivery, LogFile
from trailwarden.simulate.estate import Estate
from trailwarden.simulate.plan import Plan
from trailwarden.simulate.scribe import Event
from trailwarden.simulate.script import Step
from trailwarden.simulate.timeline import events_of_day, script_of_day

_LEVEL = 6


@dataclass(slots=True)
class Summary:
    """What was written. ``events`` counts distinct records, ``duplicates`` second copies of some.

    ``size`` is in bytes as stored, ``payload_size`` before compression. ``story`` and ``changes``
    are what somebody did on purpose, in order.
    """

    files: int = 0
    events: int = 0
    duplicates: int = 0
    size: int = 0
    payload_size: int = 0
    first: int | None = None  # of the eventTimes, seconds since the epoch
    last: int | None = None
    accounts: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    story: list[Step] = field(default_factory=list)
    changes: list[Step] = field(default_factory=list)

    def add(self, later: Summary) -> None:
        """Take in what was written for the next day."""
        self.files += later.files
        self.events += later.events
        self.duplicates += later.duplicates
        self.size += later.size
        self.payload_size += later.payload_size
        self.first = later.first if self.first is None else self.first
        self.last = self.last if later.last is None else later.last
        self.accounts |= later.accounts
        self.regions |= later.regions
        self.story += later.story
        self.changes += later.changes


def write_archive(
    plan: Plan,
    folder: Path,
    *,
    processes: int = 1,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Write the archive of ``plan`` into ``folder``, which must be empty or not there yet.

    The bytes do not depend on ``processes``. ``progress`` is called after each day, with that
    day's summary. Raises UsageError where the folder cannot be used.
    """
    summary = Summary()
    try:
        _claim(folder)
        for written in _days(plan, folder, processes):
            summary.add(written)
            if progress is not None:
                progress(written)
    except OSError as error:
        raise UsageError(
            f"cannot write into {folder}: {error.strerror or error}",
            cure="name a folder on a disk with enough room, where you may write",
        ) from error
    except BrokenProcessPool as error:
        raise UsageError(
            "a process that wrote days has died",
            cure="perhaps memory ran out: use fewer processes, and begin with an empty folder",
        ) from error
    return summary


def _claim(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", cure="name a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty",
            cure="name a new folder, or remove what is in this one first",
        )
    folder.mkdir(parents=True, exist_ok=True)


def _days(plan: Plan, folder: Path, processes: int) -> Iterator[Summary]:
    days = plan.all_days
    count = min(processes, len(days))
    if count < 2:
        yield from (_write_day(plan, folder, day) for day in days)
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield from executor.map(_write_day, [plan] * len(days), [folder] * len(days), days)


def _write_day(plan: Plan, folder: Path, day: date) -> Summary:
    estate = Estate(plan)
    script = script_of_day(plan, estate, day)
    summary = Summary()
    steps = sorted(script.steps, key=lambda step: step.first)
    if day == plan.attack_day:
        summary.story = steps
    else:
        summary.changes = steps

    def counted() -> Iterator[Event]:
        for event in events_of_day(plan, day, estate, script.events):
            summary.events += 1
            summary.first = event.time if summary.first is None else summary.first
            summary.last = event.time
            summary.accounts.add(event.account)
            summary.regions.add(event.region)
            yield event

    delivery = Delivery(estate.random("delivery", day))
    for file in delivery.files(counted()):
        _write(file, folder, summary)
    summary.duplicates = delivery.duplicates
    return summary


def _write(file: LogFile, folder: Path, summary: Summary) -> None:
    payload = file.payload()
    stored = bytes(deflate.gzip_compress(payload, _LEVEL))
    path = folder / file.key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stored)
    summary.files += 1
    summary.size += len(stored)
    summary.payload_size += len(payload)

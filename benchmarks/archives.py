"""The archives that are measured: simulated records of true shape, in files of several sizes."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.measuring import WORK
from trailwarden.simulate import Plan, events, write_archive

MONDAY = date(2025, 3, 3)
_LEVEL = 6  # what CloudTrail's own files look like


def large_files(count: int, records: int) -> Path:
    """``count`` files of ``records`` records each, about 1.5 KB a record."""
    folder = WORK / f"large-{count}x{records}"
    if folder.exists():
        return folder
    # So busy an account that a file holds five minutes of it.
    plan = Plan(start=MONDAY, days=1 + count // 250, events_per_day=records * 288)
    source = (event.data for event in events(plan))
    making = _empty(folder)
    for number, batch in enumerate(_batches(source, records)):
        if number == count:
            break
        delivered = datetime.combine(MONDAY, time()) + timedelta(minutes=5 * number)
        name = f"111122223333_CloudTrail_us-east-1_{delivered:%Y%m%dT%H%MZ}"
        payload = b'{"Records":[' + b",".join(batch) + b"]}"
        (making / f"{name}_{number:016}.json.gz").write_bytes(gzip.compress(payload, _LEVEL))
    return making.rename(folder)


def tiny_files() -> Path:
    """A quiet week of three accounts: thousands of files of a few kilobytes."""
    folder = WORK / "tiny"
    if not folder.exists():
        making = _empty(folder)
        write_archive(Plan(start=MONDAY, days=7), making)
        making.rename(folder)
    return folder


def one_file(path: Path, records: int) -> Path:
    """One small file."""
    if not path.exists():
        source = (event.data for event in events(Plan(start=MONDAY, days=1)))
        path.parent.mkdir(parents=True, exist_ok=True)
        payload = b'{"Records":[' + b",".join(islice(source, records)) + b"]}"
        path.write_bytes(gzip.compress(payload, _LEVEL))
    return path


def _empty(folder: Path) -> Path:
    making = folder.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    return making


def _batches(source: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    iterator = iter(source)
    while batch := list(islice(iterator, size)):
        yield batch

"""Groups of files that one task reads: real archives are mostly tiny files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trailwarden.trail import LogFile

Batch = tuple[LogFile, ...]


class Size(NamedTuple):
    """How many files, and how many bytes (stored), a batch holds at most."""

    files: int
    bytes: int


LOCAL = Size(64, 4 * 1024 * 1024)
# While one file is worked on, the next ones are fetched: that pays within a batch only.
REMOTE = Size(1024, 64 * 1024 * 1024)


def batches(files: Iterable[LogFile], size: Size | None = None) -> Iterator[Batch]:
    """Neighbouring files, in order; by default as many as suit where they are."""
    batch: list[LogFile] = []
    stored = 0
    for file in files:
        most = size or (REMOTE if file.is_remote else LOCAL)
        is_full = len(batch) >= most.files or stored + file.size > most.bytes
        if batch and (is_full or file.is_remote != batch[0].is_remote):
            yield tuple(batch)
            batch, stored = [], 0
        batch.append(file)
        stored += file.size
    if batch:
        yield tuple(batch)

"""Groups of files that one task reads: real archives are mostly tiny files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trailwarden.trail import LogFile

Batch = tuple[LogFile, ...]

MAX_FILES = 64
MAX_BYTES = 4 * 1024 * 1024


def batches(
    files: Iterable[LogFile], *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES
) -> Iterator[Batch]:
    """Neighbouring files, up to ``max_files`` or ``max_bytes`` (stored) together, in order."""
    batch: list[LogFile] = []
    size = 0
    for file in files:
        if batch and (len(batch) >= max_files or size + file.size > max_bytes):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield tuple(batch)

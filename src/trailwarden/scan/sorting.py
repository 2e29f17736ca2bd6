"""More items than memory would like, in order: sorted runs in a temporary file, merged at the end.

The sort is stable: items of one key stay in the order in which they came.
"""

from __future__ import annotations

import heapq
import os
import struct
from collections.abc import Iterator
from operator import itemgetter
from typing import IO, NamedTuple

BUDGET = 32 * 1024 * 1024  # bytes of items in memory, about
_HEAD = struct.Struct("<qI")  # the key, and the length of what follows
_LEAST_READ = 16 * 1024
_OVERHEAD = 160  # bytes that a small item takes up besides its own
_KEY = itemgetter(0)

Item = tuple[int, bytes]


class _Run(NamedTuple):
    """A sorted part of the file."""

    start: int
    end: int


class ExternalSort:
    """Sorts items by their keys. ``file``, opened for update without a buffer, holds what is many.

    ``budget`` is in bytes. Every method raises OSError where the file cannot be used.
    """

    def __init__(self, file: IO[bytes], budget: int = BUDGET) -> None:
        self._file = file
        self._budget = budget
        self._items: list[Item] = []
        self._cost = 0
        self._runs: list[_Run] = []
        self._end = 0

    def add(self, key: int, data: bytes) -> None:
        """Add an item; the key must fit into 64 bits."""
        self._items.append((key, data))
        self._cost += len(data) + _OVERHEAD
        if self._cost > self._budget:
            self._write_run()

    def _write_run(self) -> None:
        self._items.sort(key=_KEY)
        start = self._end
        block = bytearray()
        for key, data in self._items:
            block += _HEAD.pack(key, len(data)) + data
            if len(block) > 1 << 20:
                self._write(block)
        self._write(block)
        self._runs.append(_Run(start, self._end))
        self._items, self._cost = [], 0

    def _write(self, block: bytearray) -> None:
        self._file.seek(self._end)
        self._file.write(block)
        self._end += len(block)
        block.clear()

    def __iter__(self) -> Iterator[Item]:
        """All items in order, as often as they are asked for."""
        self._file.flush()
        self._items.sort(key=_KEY)
        size = max(_LEAST_READ, self._budget // (len(self._runs) + 1))
        runs = [self._read(run, size) for run in self._runs]
        return heapq.merge(*runs, self._items, key=_KEY)

    def _read(self, run: _Run, size: int) -> Iterator[Item]:
        buffer, place, at = b"", 0, run.start
        while at < run.end or place < len(buffer):
            head = self._ends(buffer, place)
            if head is None:
                more = os.pread(self._file.fileno(), min(size, run.end - at), at)
                if not more:
                    raise OSError(0, "the temporary file ends early")
                buffer, place, at = buffer[place:] + more, 0, at + len(more)
                continue
            yield _HEAD.unpack_from(buffer, place)[0], buffer[place + _HEAD.size : head]
            place = head

    @staticmethod
    def _ends(buffer: bytes, place: int) -> int | None:
        """Where the item that begins at ``place`` ends; None where it is not all there."""
        if len(buffer) - place < _HEAD.size:
            return None
        end = place + _HEAD.size + int(_HEAD.unpack_from(buffer, place)[1])
        return end if end <= len(buffer) else None

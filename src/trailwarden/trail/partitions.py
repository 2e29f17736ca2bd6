"""Sets of 128-bit keys that need not stay in memory.

A partition is a set (:mod:`keyset`); spilled, its keys are 16 bytes each in a file. One that has
grown large is split by the next bits of the keys, so that reading it back stays cheap.
"""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from typing import IO

from trailwarden.trail.keyset import KEY_COST, KeySet

_FANOUT_BITS = 4
FANOUT = 1 << _FANOUT_BITS
_KEY_BITS = 64  # of the half that parts are chosen by

_KEY_SIZE = 16  # bytes of a key in the file
_SEED = int.from_bytes(os.urandom(8))


def part_of(key: int, level: int) -> int:
    """Which part of a partition that was split at ``level`` a key belongs to.

    ``key`` is the half that tells contents apart: one id may have any number of them.
    """
    return (key >> (_KEY_BITS - _FANOUT_BITS * (level + 1))) & (FANOUT - 1)


class Extent:
    """A place in the file, with room for so many keys."""

    __slots__ = ("place", "room")

    def __init__(self, place: int, room: int) -> None:
        self.place = place
        self.room = room


class SpillFile:
    """Arrays of keys in a file. What is given up leaves room for its like."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = 0
        self._free: defaultdict[int, list[Extent]] = defaultdict(list)

    def write(self, keys: array[int], extent: Extent | None) -> Extent:
        """Store the keys, in ``extent`` if they fit in; return where."""
        count = len(keys) // 2
        if extent is None or extent.room < count:
            if extent is not None:
                self.give_up(extent)
            extent = self._extent(1 << (count - 1).bit_length())
        self._file.seek(extent.place)
        self._file.write(keys)
        return extent

    def _extent(self, room: int) -> Extent:
        if self._free[room]:
            return self._free[room].pop()
        extent = Extent(self._end, room)
        self._end += room * _KEY_SIZE
        return extent

    def give_up(self, extent: Extent) -> None:
        """Let others have the place."""
        self._free[extent.room].append(extent)

    def read(self, extent: Extent, count: int) -> array[int]:
        """The first ``count`` keys stored there."""
        keys: array[int] = array("Q")
        self._file.seek(extent.place)
        keys.frombytes(self._file.read(count * _KEY_SIZE))
        return keys


class Partition:
    """The keys seen in one part of the key space. ``level`` counts the splits above it."""

    __slots__ = ("_count", "_extent", "_is_stored", "_keys", "level")

    def __init__(self, level: int = 0) -> None:
        self.level = level
        self._keys: KeySet | None = KeySet(_SEED)  # None while they are in the file only
        self._count = 0
        self._extent: Extent | None = None
        self._is_stored = False  # the extent holds these very keys

    def __len__(self) -> int:
        return self._count

    @property
    def cost(self) -> int:
        """Bytes in memory, about."""
        return 0 if self._keys is None else self._count * KEY_COST

    def add(self, keys: array[int]) -> list[int]:
        """Add keys; returns the positions of those that are not new. It must be loaded.

        Each has two numbers; where the first is 0, there is none.
        """
        found = self._loaded().add(keys.tobytes())
        if len(self._loaded()) > self._count:
            self._count = len(self._loaded())
            self._is_stored = False
        return found

    def _loaded(self) -> KeySet:
        if self._keys is None:
            raise ValueError("the partition is not loaded")
        return self._keys

    def spill(self, file: SpillFile) -> None:
        """Leave the keys to the file."""
        if self._count and not self._is_stored:
            self._extent = file.write(array("Q", self._loaded().keys()), self._extent)
            self._is_stored = True
        self._keys = None

    def load(self, file: SpillFile | None) -> None:
        """Have the keys in memory again."""
        if self._keys is None:
            self._keys = KeySet(_SEED)
            if self._extent is not None and file is not None:
                self._keys.add(file.read(self._extent, self._count).tobytes())

    def give_up(self, file: SpillFile | None) -> None:
        """Nobody will ask for the keys again: let others have their place in the file."""
        if self._extent is not None and file is not None:
            file.give_up(self._extent)
            self._extent = None

    def split(self, file: SpillFile | None) -> list[Partition]:
        """Its parts, by the next bits of the keys, in the place of it. It must be loaded."""
        parts = [Partition(self.level + 1) for _ in range(FANOUT)]
        keys: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
        numbers = array("Q", self._loaded().keys())
        for half, other in zip(numbers[0::2], numbers[1::2], strict=True):
            keys[part_of(other, self.level)].extend((half, other))
        for number, those in keys.items():
            parts[number].add(those)
        self.give_up(file)
        return parts

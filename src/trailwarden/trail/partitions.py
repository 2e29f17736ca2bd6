"""Sets of 64-bit keys that stay small: sorted arrays with a few newcomers beside them.

A partition begins as a set (:mod:`keyset`), which is fast and large. Packed, it is a sorted array
of eight bytes per key; spilled, that array is in a file. One that has grown large is split
by the next bits of the keys, so that reading it back stays cheap.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections import defaultdict
from typing import IO

from trailwarden.trail.keyset import KEY_COST, KeySet

_FANOUT_BITS = 4
FANOUT = 1 << _FANOUT_BITS
_KEY_BITS = 64

ARRAY_COST = 8  # bytes of a key in an array
_SEED = int.from_bytes(os.urandom(8))


def part_of(key: int, level: int) -> int:
    """Which part of a partition that was split at ``level`` a key belongs to."""
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
        if extent is None or extent.room < len(keys):
            if extent is not None:
                self.give_up(extent)
            extent = self._extent(1 << (len(keys) - 1).bit_length())
        self._file.seek(extent.place)
        self._file.write(keys)
        return extent

    def _extent(self, room: int) -> Extent:
        if self._free[room]:
            return self._free[room].pop()
        extent = Extent(self._end, room)
        self._end += room * ARRAY_COST
        return extent

    def give_up(self, extent: Extent) -> None:
        """Let others have the place."""
        self._free[extent.room].append(extent)

    def read(self, extent: Extent, count: int) -> array[int]:
        """The first ``count`` keys stored there."""
        keys: array[int] = array("Q")
        self._file.seek(extent.place)
        keys.frombytes(self._file.read(count * ARRAY_COST))
        return keys


class Partition:
    """The keys seen in one part of the key space. ``level`` counts the splits above it."""

    __slots__ = ("_extent", "_is_stored", "_newcomers", "_packed", "_packed_count", "level")

    def __init__(self, level: int = 0) -> None:
        self.level = level
        self._newcomers = KeySet(_SEED)
        self._packed: array[int] | None = None  # sorted
        self._packed_count = 0  # in memory or not
        self._extent: Extent | None = None
        self._is_stored = False  # the extent holds the packed keys as they are

    def __len__(self) -> int:
        return len(self._newcomers) + self._packed_count

    @property
    def cost(self) -> int:
        """Bytes in memory, about."""
        packed = 0 if self._packed is None else len(self._packed)
        return len(self._newcomers) * KEY_COST + packed * ARRAY_COST

    def add(self, keys: array[int]) -> list[int]:
        """Add keys; returns the positions of those that are not new. It must be loaded.

        Key 0 is none.
        """
        if not self._packed_count:
            return self._newcomers.add(keys.tobytes())
        packed = [place for place, key in enumerate(keys) if key and self._is_packed(key)]
        if packed:
            keys = array("Q", keys)
            for place in packed:
                keys[place] = 0
        return sorted(packed + self._newcomers.add(keys.tobytes()))

    def _is_packed(self, key: int) -> bool:
        keys = self._packed
        if keys is None:
            raise ValueError("the partition is not loaded")
        at = bisect_left(keys, key)
        return at < len(keys) and keys[at] == key

    def pack(self) -> None:
        """Put the newcomers among the sorted keys. The partition must be loaded."""
        if len(self._newcomers):
            keys = sorted(array("Q", self._newcomers.keys()))
            if self._packed:
                keys = sorted([*self._packed, *keys])  # two runs are merged in linear time
            self._packed = array("Q", keys)
            self._packed_count = len(keys)
            self._newcomers = KeySet(_SEED)
            self._is_stored = False

    def spill(self, file: SpillFile) -> None:
        """Pack, and move the keys to the file."""
        self.pack()
        if self._packed and not self._is_stored:
            self._extent = file.write(self._packed, self._extent)
            self._is_stored = True
        self._packed = None

    def load(self, file: SpillFile | None) -> None:
        """Have the keys in memory again."""
        if self._packed is None and self._extent is not None and file is not None:
            self._packed = file.read(self._extent, self._packed_count)

    def split(self, file: SpillFile | None) -> list[Partition]:
        """Its parts, by the next bits of the keys, in the place of it. It must be loaded."""
        parts = [Partition(self.level + 1) for _ in range(FANOUT)]
        keys: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
        for source in (self._packed or (), array("Q", self._newcomers.keys())):
            for key in source:
                keys[part_of(key, self.level)].append(key)
        for number, those in keys.items():
            parts[number].add(those)
        if self._extent is not None and file is not None:
            file.give_up(self._extent)
        return parts

"""Sets of 64-bit keys, as the compiled extension has them; in Python where that is missing."""

from __future__ import annotations

from array import array

try:
    from trailwarden._speedups import KeySet

    KEY_COST = 32  # bytes of memory per key, about, at most
except ImportError:  # installed without a C compiler

    class KeySet:  # type: ignore[no-redef]
        """See ``_speedups.pyi``."""

        def __init__(self, seed: int) -> None:
            del seed  # Python's own sets of numbers cannot be helped
            self._keys: set[int] = set()

        def __len__(self) -> int:
            return len(self._keys)

        def add(self, keys: bytes) -> list[int]:
            numbers = array("Q", keys)
            batch = set(numbers)
            if len(batch) == len(numbers) and 0 not in batch and self._keys.isdisjoint(batch):
                self._keys |= batch
                return []
            return [place for place, key in enumerate(numbers) if key and not self._is_new(key)]

        def _is_new(self, key: int) -> bool:
            before = len(self._keys)
            self._keys.add(key)
            return len(self._keys) > before

        def keys(self) -> bytes:
            return array("Q", self._keys).tobytes()

    KEY_COST = 110


__all__ = ["KEY_COST", "KeySet"]

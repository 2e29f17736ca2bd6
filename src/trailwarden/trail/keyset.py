"""Sets of 128-bit keys, as the compiled extension has them; in Python where that is missing."""

from __future__ import annotations

from array import array
from itertools import chain

try:
    from trailwarden._speedups import WideKeySet as KeySet

    KEY_COST = 64  # bytes of memory per key, about, at most
except ImportError:  # installed without a C compiler

    class KeySet:  # type: ignore[no-redef]
        """See ``_speedups.pyi``."""

        def __init__(self, seed: int) -> None:
            del seed  # Python's own sets of numbers cannot be helped
            self._keys: set[tuple[int, int]] = set()

        def __len__(self) -> int:
            return len(self._keys)

        def add(self, keys: bytes) -> list[int]:
            numbers = array("Q", keys)
            pairs = list(zip(numbers[0::2], numbers[1::2], strict=True))
            batch = set(pairs)
            if len(batch) == len(pairs) and all(numbers[0::2]) and self._keys.isdisjoint(batch):
                self._keys |= batch
                return []
            return [place for place, key in enumerate(pairs) if key[0] and not self._is_new(key)]

        def _is_new(self, key: tuple[int, int]) -> bool:
            before = len(self._keys)
            self._keys.add(key)
            return len(self._keys) > before

        def keys(self) -> bytes:
            return array("Q", chain.from_iterable(self._keys)).tobytes()

    KEY_COST = 220


__all__ = ["KEY_COST", "KeySet"]

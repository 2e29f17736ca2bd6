"""Counters that an attacker cannot fill: what they have no room for is counted as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from trailwarden.monitor.tally import OTHERS
from trailwarden.tuning.model import Share

MOST_NAMES = 20_000


class Counts:
    """How often each name came; at most ``most`` different ones."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()

    def add(self, name: str, count: int = 1) -> None:
        is_known = name in self._counts or len(self._counts) < self._most
        self._counts[name if is_known else OTHERS] += count

    def update(self, other: Counts) -> None:
        for name, count in other._counts.items():
            self.add(name, count)

    @property
    def by_name(self) -> Mapping[str, int]:
        return self._counts

    def shares(self) -> tuple[Share, ...]:
        """All of them, the most frequent first, equals by name; what was not told apart last."""
        pairs = sorted(
            self._counts.items(), key=lambda pair: (pair[0] == OTHERS, -pair[1], pair[0])
        )
        return tuple(Share(name, count) for name, count in pairs)

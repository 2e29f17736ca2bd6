"""What one metric filter has matched so far."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from trailwarden.monitor.digest import UNNAMED, Action
from trailwarden.monitor.minutes import MinuteCounts
from trailwarden.monitor.outcome import PrincipalCount

MAX_PRINCIPALS = 50_000
MAX_DETAILS = 400_000
OTHERS = "(others)"
Doing = tuple[str, Action]  # a principal, and what it did


class FilterTally:
    """Matches of one filter: how many, when, and by whom. Bounded in memory.

    Beyond ``MAX_PRINCIPALS`` different principals the rest is counted as one; beyond
    ``MAX_DETAILS`` (minute, principal, action) it no longer knows who matched in which minute.
    """

    def __init__(self) -> None:
        self.matches = 0
        self.first: int | None = None
        self.last: int | None = None
        self._minutes = MinuteCounts()
        self._principals: Counter[str] = Counter()
        self._first_of: dict[str, int] = {}  # each principal's first minute
        self._doings: dict[Doing, Doing] = {}  # one object for all that are equal
        self._by_minute: defaultdict[int, Counter[Doing]] = defaultdict(Counter)
        self._details = 0

    def add(self, second: int, principal: str, action: Action = UNNAMED) -> None:
        """Count a match at ``second`` (since the epoch) by ``principal``."""
        self.matches += 1
        self.first = second if self.first is None else min(self.first, second)
        self.last = second if self.last is None else max(self.last, second)
        minute = second // 60
        self._minutes.add(minute)
        if self.principals_cut and principal not in self._principals:
            principal = OTHERS
        self._principals[principal] += 1
        self._first_of[principal] = min(minute, self._first_of.get(principal, minute))
        if self.knows_minutes:
            self._note(minute, (principal, action))

    def _note(self, minute: int, doing: Doing) -> None:
        counts = self._by_minute[minute]
        doing = self._doings.setdefault(doing, doing)
        self._details += doing not in counts
        counts[doing] += 1
        if self._details > MAX_DETAILS:
            self._by_minute.clear()
            self._doings.clear()

    @property
    def principals_cut(self) -> bool:
        return len(self._principals) >= MAX_PRINCIPALS

    @property
    def knows_minutes(self) -> bool:
        """False once there were too many details to keep."""
        return self._details <= MAX_DETAILS

    def principals(self) -> tuple[PrincipalCount, ...]:
        """All principals, the busiest first."""
        return ranked(self._principals)

    def count_in(self, start: int, end: int) -> int:
        """Matches in the minutes from ``start`` to before ``end``."""
        return sum(count for _, count in self._minutes.between(start, end))

    def doings_in(self, start: int, end: int) -> Counter[Doing]:
        """Matches per principal and action in the minutes from ``start`` to before ``end``."""
        found: Counter[Doing] = Counter()
        for minute in self._detailed(start, end):
            found.update(self._by_minute[minute])
        return found

    def details(self, start: int, end: int) -> Iterator[tuple[int, Doing, int]]:
        """(minute, who did what, count) from ``start`` to before ``end``, as far as known."""
        for minute in self._detailed(start, end):
            for doing, count in self._by_minute[minute].items():
                yield minute, doing, count

    def count_since(self, minute: int, principal: str) -> int:
        """Matches by ``principal`` in ``minute`` and later, as far as known."""
        first, last = self._first_of.get(principal), self.last
        if first is None or last is None:
            return 0
        if first >= minute:
            return self._principals[principal]
        found = self.details(minute, last // 60 + 1)
        return sum(count for _, (who, _), count in found if who == principal)

    def _detailed(self, start: int, end: int) -> Iterator[int]:
        for minute, _ in self._minutes.between(start, end):
            if minute in self._by_minute:
                yield minute

    def first_of(self, principal: str) -> int | None:
        """The minute of the first match by ``principal``; None where there is none."""
        return self._first_of.get(principal)


def ranked(counts: Counter[str]) -> tuple[PrincipalCount, ...]:
    """Counts as a tuple, the highest first, equals by name."""
    pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(PrincipalCount(name, count) for name, count in pairs)

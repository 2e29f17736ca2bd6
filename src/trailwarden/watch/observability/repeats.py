"""What is said again and again is said once, and then how often more."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from trailwarden.watch.observability.line import Line

WINDOW = 60.0  # seconds
_MOST = 1_000  # different lines that are remembered


@dataclass(slots=True)
class _Said:
    """A line that was written; ``last`` is the latest of the ``more`` that were held back."""

    line: Line
    since: float
    last: Line
    more: int = 0


class Repeats:
    """Holds back lines that say the same within :data:`WINDOW`. ``now`` is monotonic, in seconds.

    Nothing is lost: each line held back is in the count of a later one.
    """

    def __init__(self) -> None:
        self._said: OrderedDict[tuple[object, ...], _Said] = OrderedDict()  # the oldest first

    def take(self, line: Line, now: float) -> list[Line]:
        """The lines to write now that ``line`` came."""
        due = self.due(now)
        known = self._said.get(line.sameness)
        if known is not None:
            known.more += 1
            known.last = line
            return due
        self._said[line.sameness] = _Said(line, now, line)
        if len(self._said) > _MOST:
            due += _counts([self._said.popitem(last=False)[1]])
        return [*due, line]

    def due(self, now: float) -> list[Line]:
        """The counts whose time has come."""
        over = []
        while self._said and now - next(iter(self._said.values())).since >= WINDOW:
            over.append(self._said.popitem(last=False)[1])
        return _counts(over)

    def rest(self) -> list[Line]:
        """All counts that are not told yet. Everything is forgotten."""
        over = list(self._said.values())
        self._said.clear()
        return _counts(over)


def _counts(over: list[_Said]) -> list[Line]:
    return [said.last.repeated(said.more) for said in over if said.more]

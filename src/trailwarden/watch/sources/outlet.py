"""What a source says, and when it may say that it is drained."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

from trailwarden.errors import InputError
from trailwarden.problems import Problem
from trailwarden.watch.portion import Drained, Offer, Portion, Trouble

_MOST_TOLD = 10_000
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts
_MOST_ATTEMPTS_ONCE = 4
_AHEAD = timedelta(minutes=1)


class Outlet:
    """Puts offers. Trouble is told once as long as it stays the same, and holds back Drained."""

    def __init__(self, name: str, put: Callable[[Offer], None]) -> None:
        self.name = name
        self._put = put
        self._open: dict[str, str] = {}  # what is in trouble → the code that was told
        self._latest: datetime | None = None
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()

    def offer(self, portion: Portion) -> None:
        self._put(portion)

    def trouble(self, problem: Problem, *, about: str = "", lasting: bool = False) -> None:
        """Tell it. ``about`` names what is in trouble; empty for the source as a whole."""
        if not lasting:
            if self._open.get(about) != problem.code:
                self._open[about] = problem.code
                self._put(Trouble(self.name, problem))
            return
        self._open.pop(about, None)
        if (about, problem.code) not in self._told:
            self._told[about, problem.code] = None
            if len(self._told) > _MOST_TOLD:
                self._told.popitem(last=False)
            self._put(Trouble(self.name, problem, lasting=True))

    def mended(self, about: str = "") -> None:
        """What was in trouble works again."""
        self._open.pop(about, None)

    def drained(self, at: datetime, left_out: int = 0) -> bool:
        """Say Drained, unless something is in trouble. True where it was said."""
        if self._open:
            return False
        # What was said before is true for ever, even where less can be said now; but not what a
        # clock said that was ahead.
        is_ahead = self._latest is not None and self._latest > datetime.now(UTC) + _AHEAD
        self._latest = at if self._latest is None or is_ahead else max(at, self._latest)
        self._put(Drained(self.name, self._latest, left_out))
        return True


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubling, up to a minute."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10)))


def problem_of(error: InputError, source: str) -> Problem:
    return Problem(source, error.code, error.message, error.cure)


def keep_looking(
    look: Callable[[], float], outlet: Outlet, stop: Event, *, label: str, once: bool
) -> None:
    """Call ``look`` again and again; it returns how many seconds to wait before the next time.

    When it raises InputError, that is Trouble about the source, and the pauses become longer. With
    ``once`` it is called until it succeeds, but not for long: then there is no Drained.
    """
    failures = 0
    while not stop.is_set():
        try:
            pause = look()
        except InputError as error:
            failures += 1
            outlet.trouble(problem_of(error, label))
            if once and failures >= _MOST_ATTEMPTS_ONCE:
                return
            stop.wait(pause_after(failures))
            continue
        failures = 0
        if once:
            return
        stop.wait(pause)

"""When things happen: how a day's calls are spread over its 288 slots of five minutes (UTC)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

SLOT = 300  # seconds
SLOTS = 288
_WEEKEND = 5  # Saturday, by date.weekday()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``shares`` sum to 1; a weekend day has ``weekend`` times the calls of a working day."""

    shares: tuple[float, ...]
    weekend: float = 1.0

    def share(self, slot: int, weekday: int) -> float:
        """The part of a working day's calls that falls into ``slot`` of such a day."""
        return self.shares[slot] * (self.weekend if weekday >= _WEEKEND else 1.0)


def _spread(level: Callable[[float], float], weekend: float = 1.0) -> Rhythm:
    levels = [max(0.0, level(slot / 12)) for slot in range(SLOTS)]
    total = sum(levels)
    return Rhythm(tuple(value / total for value in levels), weekend)


def _working_hour(hour: float) -> float:
    """Busy from nine to six, with a dip at noon; nobody at night."""
    if not 8 <= hour < 19:
        return 0.0
    edge = min(hour - 7.5, 19.5 - hour, 1.5) / 1.5
    return edge * (0.55 if 12 <= hour < 13 else 1.0)


STEADY = _spread(lambda hour: 1.0)
# Machines that serve customers: most at 15:00, least at 03:00, and a quieter weekend.
TRAFFIC = _spread(lambda hour: 1.0 + 0.6 * cos((hour - 15) * pi / 12), weekend=0.75)
PIPELINE = _spread(lambda hour: 0.02 + _working_hour(hour - 0.5), weekend=0.12)
NIGHTLY = _spread(lambda hour: 1.0 if 3.25 <= hour < 3.75 else 0.0)


def office(offset: int) -> Rhythm:
    """A person's day, where clocks are ``offset`` hours ahead of UTC."""
    return _spread(lambda hour: _working_hour(hour + offset), weekend=0.0)

"""A change of an alarm's state, with what was behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trailwarden.alarms.model import State


@dataclass(frozen=True, slots=True)
class Point:
    """A datapoint of an evaluation: its bucket from ``start`` to before ``end``, in UTC."""

    start: datetime
    end: datetime
    value: float
    sample_count: int = 0
    breaching: bool = False


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change of state, decided at ``time`` (UTC): the end of the minute that decided it (W-3).

    ``points`` are the real datapoints used, the newest first. The matches behind the change lie
    from ``window_start`` to before ``window_end``: the buckets of the breaching points for ALARM,
    of all points used otherwise, the whole evaluation range where there are none. ``initial``
    marks the move out of INSUFFICIENT_DATA at the start of a run, which is no news (W-2a).
    ``reason_data`` is a JSON text. ``child`` is the alarm that made a composite alarm change.
    """

    time: datetime
    from_state: State
    to_state: State
    reason: str
    reason_data: str
    window_start: datetime
    window_end: datetime
    points: tuple[Point, ...] = ()
    initial: bool = False
    child: str | None = None

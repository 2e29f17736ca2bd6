"""Which samples make up which datapoint, and when an alarm is evaluated (rules E-1 to E-11).

Time is counted in *steps* of 60 seconds (10 for periods below a minute) since the epoch; at the
*instant* ``t`` the steps before ``t`` are complete. *Positions* number the instants at which the
content of buckets can change: the datapoint at position ``u`` is made of the samples whose own
position is in ``(u - width, u]``, and an evaluation at ``u`` looks at the datapoints at ``u``,
``u - width``, ``u - 2 * width`` …
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Protocol

from trailwarden.alarms.model import MetricAlarm, WallClockWindow
from trailwarden.times import epoch_seconds, from_epoch

DAY = 86_400
WALL_CLOCK_PERIODS = (60, 300, 3600, DAY, 7 * DAY)
_HOUR_IN_STEPS = 60  # only periods of an hour and more can be multi-day
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):(\d\d)", re.ASCII)


def step_seconds(alarm: MetricAlarm) -> int:
    """How often the alarm is evaluated at most, in seconds (rule E-1)."""
    return 10 if alarm.period < 60 else 60


def evaluation_range(alarm: MetricAlarm) -> int:
    """R: how many periods an evaluation looks back (rule E-11)."""
    if alarm.evaluation_range is not None:
        return alarm.evaluation_range
    beyond = 2 if alarm.evaluation_window is None else 0
    return alarm.evaluation_periods + beyond


def range_minutes(alarm: MetricAlarm) -> int:
    """How long a sample can matter, in minutes: the evaluation range, rounded up (rule W-2)."""
    return -(-evaluation_range(alarm) * alarm.period // 60)


class Windows(Protocol):
    """How the samples of an alarm fall into its buckets."""

    width: int
    stride: int  # evaluations take place at instants that are multiples of it

    def position_of(self, step: int) -> int:
        """The position from which a sample of ``step`` is seen."""

    def position_at(self, instant: int) -> int:
        """The last position at or before ``instant``."""

    def instant_of(self, position: int) -> int:
        """The first instant at which an evaluation sees ``position``."""

    def bucket(self, position: int) -> tuple[int, int]:
        """First step, and the step after the last one, of the datapoint at ``position``."""


def _stride(alarm: MetricAlarm) -> int:
    """Multi-day alarms are evaluated at full hours (rule E-2), whatever their windows."""
    return _HOUR_IN_STEPS if alarm.period * alarm.evaluation_periods > DAY else 1


class SlidingWindows:
    """Buckets that end at the evaluation (rules E-3, E-7). Positions are instants."""

    def __init__(self, alarm: MetricAlarm) -> None:
        self.width = alarm.period // step_seconds(alarm)
        self.stride = _stride(alarm)

    def position_of(self, step: int) -> int:
        return step + 1

    def position_at(self, instant: int) -> int:
        return instant

    def instant_of(self, position: int) -> int:
        return rounded_up(position, self.stride)

    def bucket(self, position: int) -> tuple[int, int]:
        return position - self.width, position


class ClockWindows:
    """Buckets aligned to the UTC clock, for periods that divide every time zone's offset (E-5)."""

    width = 1
    stride = 1

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def position_of(self, step: int) -> int:
        return step // self._steps + 1

    def position_at(self, instant: int) -> int:
        return instant // self._steps

    def instant_of(self, position: int) -> int:
        return position * self._steps

    def bucket(self, position: int) -> tuple[int, int]:
        return (position - 1) * self._steps, position * self._steps


class ZoneWindows:
    """Buckets aligned to the hour, midnight or Monday of a time zone (rule E-5).

    Position ``u`` begins at the instant ``edges[u]``; ``start`` is the first step of the run.
    """

    width = 1

    def __init__(self, alarm: MetricAlarm, zone: tzinfo, start: int) -> None:
        self.stride = _stride(alarm)
        self._period = alarm.period
        self._zone = zone
        first = from_epoch(start * 60)
        for _ in range(evaluation_range(alarm) + 2):  # what the first evaluation looks back on
            first = self._bucket_start(first - timedelta(seconds=1))
        self._edges = [_minute_from(first)]

    def position_of(self, step: int) -> int:
        self._reach(step + 1)
        return bisect_right(self._edges, step)

    def position_at(self, instant: int) -> int:
        self._reach(instant + 1)
        return bisect_right(self._edges, instant) - 1

    def instant_of(self, position: int) -> int:
        return rounded_up(self._edge(position), self.stride)

    def bucket(self, position: int) -> tuple[int, int]:
        return self._edge(position - 1), self._edge(position)

    def _edge(self, position: int) -> int:
        while position >= len(self._edges):
            self._edges.append(self._edge_after(self._edges[-1]))
        return self._edges[position]

    def _reach(self, instant: int) -> None:
        while self._edges[-1] < instant:
            self._edges.append(self._edge_after(self._edges[-1]))

    def _edge_after(self, edge: int) -> int:
        here = from_epoch(edge * 60)
        there = here + timedelta(seconds=self._period)
        if self._bucket_start(there) != there:
            # Clocks change in between: a bucket may be longer or shorter by up to a half.
            probe = here
            while (there := self._bucket_start(probe)) <= here:
                probe += timedelta(seconds=self._period // 2)
            while (before := self._bucket_start(there - timedelta(seconds=1))) > here:
                there = before
        return _minute_from(there)

    def _bucket_start(self, instant: datetime) -> datetime:
        """The start of the bucket that ``instant`` lies in."""
        local = instant.astimezone(self._zone)
        start = local.replace(minute=0, second=0, microsecond=0)
        if self._period >= DAY:
            start = start.replace(hour=0, fold=0)
        if self._period > DAY:
            start -= timedelta(days=start.weekday())
        return start.astimezone(UTC)


def rounded_up(instant: int, stride: int) -> int:
    """The first multiple of ``stride`` from ``instant`` on."""
    return -(-instant // stride) * stride


def _minute_from(instant: datetime) -> int:
    """The first whole minute from ``instant`` on: old offsets of time zones have seconds."""
    return -(-epoch_seconds(instant) // 60)


def parse_time_zone(text: str) -> tzinfo:
    """An IANA name, or an offset like ``+05:30`` or ``UTC+05:30``. Raises ValueError."""
    if text in ("UTC", "Z", "Etc/UTC"):
        return UTC
    if found := _OFFSET.fullmatch(text):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if offset % timedelta(minutes=5) or offset > timedelta(hours=18):
            raise ValueError(f"{text!r} is not an offset in multiples of 5 minutes")
        return timezone(-offset if found[1] == "-" else offset)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - needed by few alarms

    try:
        return ZoneInfo(text)
    except (LookupError, OSError, ValueError) as error:
        raise ValueError(f"{text!r} is not a known time zone") from error


def windows_of(alarm: MetricAlarm, start: int) -> Windows:
    """The windows of ``alarm`` for a run whose first step is ``start``."""
    if alarm.evaluation_window is None:
        return SlidingWindows(alarm)
    return _wall_clock(alarm, alarm.evaluation_window, start)


def _wall_clock(alarm: MetricAlarm, window: WallClockWindow, start: int) -> Windows:
    if alarm.period < 3600:
        return ClockWindows(alarm.period // 60)
    return ZoneWindows(alarm, parse_time_zone(window.time_zone), start)

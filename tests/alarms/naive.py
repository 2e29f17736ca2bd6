"""A second alarm evaluator, straight from the rules: minute by minute, every sample every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor, fsum
from zoneinfo import ZoneInfo

from trailwarden.alarms import MetricAlarm, State

Values = list[float]  # sorted


# --- statistics (rules T-1 to T-9) ---
def _percentile(percent: str) -> Callable[[Values], float | None]:
    return lambda v: v[max(1, ceil(Fraction(percent) * len(v) / 100)) - 1]


def _cut(values: Values, low: str, high: str) -> tuple[Values, int, int]:
    """What percentages leave, and how many go at the bottom and at the top."""
    below = floor(Fraction(low) * len(values) / 100)
    above = floor((100 - Fraction(high)) * len(values) / 100)
    return values[below : len(values) - above], below, above


def _mean(values: Values) -> float | None:
    return fsum(values) / len(values) if values else None


def _winsorized(values: Values, low: str, high: str) -> float | None:
    kept, below, above = _cut(values, low, high)
    return _mean([kept[0]] * below + kept + [kept[-1]] * above)


def _inside(values: Values, low: float, high: float) -> Values:
    return [v for v in values if low < v <= high]


SIMPLE: dict[str, Callable[[Values], float | None]] = {
    "SampleCount": lambda v: float(len(v)),
    "Sum": fsum,
    "Average": _mean,
    "Minimum": min,
    "Maximum": max,
}
OF_VALUES: dict[str, Callable[[Values], float | None]] = {
    "p0": _percentile("0"),
    "p50": _percentile("50"),
    "p90": _percentile("90"),
    "p99.9": _percentile("99.9"),
    "p100": _percentile("100"),
    "tm90": lambda v: _mean(_cut(v, "0", "90")[0]),
    "tc60": lambda v: float(len(_cut(v, "0", "60")[0])),
    "ts60": lambda v: fsum(_cut(v, "0", "60")[0]),
    "wm60": lambda v: _winsorized(v, "0", "60"),
    "IQM": lambda v: _mean(_cut(v, "25", "75")[0]),
    "TM(30%:)": lambda v: _mean(_cut(v, "30", "100")[0]),
    "TM(0:2)": lambda v: _mean(_inside(v, 0, 2)),
    "TC(0:2)": lambda v: float(len(_inside(v, 0, 2))),
    "TS(1:)": lambda v: fsum(_inside(v, 1, float("inf"))),
    "WM(1:2)": lambda v: _mean([min(max(x, 1.0), 2.0) for x in v]),
    "PR(:1)": lambda v: 100 * len(_inside(v, float("-inf"), 1)) / len(v),
}


def statistic(name: str, values: Sequence[float]) -> float | None:
    if not values:
        return None
    if name in SIMPLE:
        return SIMPLE[name](sorted(values))
    return None if min(values) < 0 else OF_VALUES[name](sorted(values))


def is_low(name: str, count: int) -> bool:
    """Rule E-30."""
    if not name.startswith("p"):
        return False
    part = Fraction(name[1:]) / 100
    return count * ((1 - part) if part >= Fraction(1, 2) else part) < 10


# --- deciding (rules E-10 to E-21) ---
def breaches(alarm: MetricAlarm, value: float) -> bool:
    assert alarm.threshold is not None
    return {
        "GreaterThanOrEqualToThreshold": value >= alarm.threshold,
        "GreaterThanThreshold": value > alarm.threshold,
        "LessThanThreshold": value < alarm.threshold,
        "LessThanOrEqualToThreshold": value <= alarm.threshold,
    }[alarm.comparison_operator]


def decide(alarm: MetricAlarm, newest_first: Sequence[float | None], previous: State) -> State:
    n = alarm.evaluation_periods
    m = n if alarm.datapoints_to_alarm is None else alarm.datapoints_to_alarm
    treatment = alarm.treat_missing_data or "missing"
    real = [breaches(alarm, value) for value in newest_first if value is not None]
    if len(real) >= n:
        return "ALARM" if sum(real[:n]) >= m else "OK"
    if not real:
        states: dict[str, State] = {
            "missing": "INSUFFICIENT_DATA",
            "ignore": previous,
            "breaching": "ALARM",
            "notBreaching": "OK",
        }
        return states[treatment]
    if treatment == "breaching":
        return "ALARM" if sum(real) + n - len(real) >= m else "OK"
    if sum(real) >= m:
        return "ALARM"
    if treatment == "notBreaching" or not all(real):
        return "OK"
    if treatment == "ignore":
        return previous
    age = max(place for place, value in enumerate(newest_first, 1) if value is not None)
    return "ALARM" if age >= m else "OK"


# --- in time (rules E-1 to E-7) ---
@dataclass(frozen=True)
class Sample:
    """``seen_after``: the first evaluation that sees it comes after this instant."""

    step: int
    value: float
    seen_after: int


@dataclass(frozen=True)
class Found:
    instant: int
    before: State
    after: State
    points: tuple[tuple[int, float, int], ...]  # first step, value, samples; the newest first


def changes(
    alarm: MetricAlarm, start: int, until: int, samples: Sequence[Sample], state: State
) -> list[Found]:
    found = []
    seconds = 10 if alarm.period < 60 else 60
    is_hourly = alarm.period * alarm.evaluation_periods > 86_400
    name = alarm.extended_statistic or alarm.statistic or ""
    for instant in range(start + 1, until + 1):
        if is_hourly and instant % 60:
            continue
        buckets = _buckets(alarm, instant, seconds)
        inside = [
            [s.value for s in samples if s.seen_after < instant and low <= s.step < high]
            for low, high in buckets
        ]
        datapoints = [statistic(name, values) for values in inside]
        real = [
            (buckets[place][0], value, len(inside[place]))
            for place, value in enumerate(datapoints)
            if value is not None
        ]
        used = tuple(real[: alarm.evaluation_periods])
        minds_low = alarm.evaluate_low_sample_count_percentile == "ignore"
        if minds_low and any(is_low(name, count) for _, _, count in used):
            continue
        after = decide(alarm, datapoints, state)
        if after != state:
            found.append(Found(instant, state, after, used))
            state = after
    return found


def _buckets(alarm: MetricAlarm, instant: int, seconds: int) -> list[tuple[int, int]]:
    """First step and the step after the last one of every bucket of the range, newest first."""
    if alarm.evaluation_window is None:
        width = alarm.period // seconds
        count = alarm.evaluation_range or alarm.evaluation_periods + 2
        return [(instant - (j + 1) * width, instant - j * width) for j in range(count)]
    count = alarm.evaluation_range or alarm.evaluation_periods
    day, edges = instant // 1440, list[int]()
    while len(edges) <= count:
        of_day = _edges(day, alarm.period, alarm.evaluation_window.time_zone)
        edges += [edge for edge in reversed(of_day) if edge <= instant]
        day -= 1
    return [(edges[j + 1], edges[j]) for j in range(count)]


@cache
def _edges(day: int, period: int, zone: str) -> list[int]:
    minutes = range(day * 1440, (day + 1) * 1440)
    return [minute for minute in minutes if is_edge(minute, period, zone)]


def is_edge(minute: int, period: int, zone: str) -> bool:
    """True where a bucket begins at this minute (since the epoch), by the clocks of ``zone``."""
    here, before = _local(minute, zone), _local(minute - 1, zone)
    if period < 3600:
        return here.minute % (period // 60) == 0
    if period == 3600:
        return here.minute == 0 or (here.date(), here.hour) != (before.date(), before.hour)
    if period == 86_400:
        return here.date() > before.date()
    return here.isocalendar()[:2] > before.isocalendar()[:2]


def _local(minute: int, zone: str) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))

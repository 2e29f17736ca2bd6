"""Which thresholds to try: the alarm is run again over what its filters published.

Its period, statistic and everything else stay. The search looks for the smallest threshold with at
most one incident a week, in the sense that one less has more; what the report shows of it, the
second pass counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from trailwarden.alarms import AlarmRun, MetricAlarm, StatisticSet, range_minutes
from trailwarden.alarms.evaluation import needed_to_alarm
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.pending import Pending

MOST_ROWS = 7
_WEEK = 7.0  # days
_HIGHEST = 1_000_000_000
_LADDER = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
_ABOVE = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold")
Samples = Sequence[tuple[int, StatisticSet]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Thresholds to try, the present one first; ``remark`` says why there are none.

    ``weekly`` is the one that was looked for.
    """

    thresholds: tuple[float, ...]
    weekly: float | None = None
    remark: str = ""


def published(pending: Pending, feeds: Sequence[Feed]) -> Samples:
    """What all ``feeds`` published: (minute since the epoch, samples), in order of time."""
    found = [
        (minute, samples)
        for day in pending.days()
        for feed in feeds
        for minute, samples in pending.samples(feed, day)
    ]
    return sorted(found, key=lambda pair: pair[0])


def plan(alarm: MetricAlarm, samples: Samples, first: int, last: int, days: float) -> Plan:
    """What to try for ``alarm``. The records lie in the minutes from ``first`` to ``last``."""
    remark = _unfit(alarm)
    if remark or alarm.threshold is None:
        return Plan((), remark=remark)

    @cache
    def fired(threshold: float) -> int:
        run = AlarmRun(replace(alarm, threshold=threshold), first)
        for minute, one in samples:
            run.add(minute, one)
        changes = run.advance(last + 1 + range_minutes(alarm))
        return sum(change.to_state == "ALARM" for change in changes)

    allowed = max(1, int(days / _WEEK))
    present = alarm.threshold
    weekly = _smallest(present, lambda threshold: fired(threshold) <= allowed)
    rows = _rows(present, weekly, lambda threshold: fired(threshold) == 0)
    return Plan(rows, None if weekly == present else weekly)


def fires_alone(alarm: MetricAlarm, feed: Feed, threshold: float) -> bool:
    """True where one event that ``feed`` counts is enough for ``alarm`` with ``threshold``.

    False where that depends on other records.
    """
    is_count = alarm.statistic == "SampleCount"
    value = 1.0 if is_count else feed.value
    if value is None or feed.default or (is_count and feed.default is not None):
        return False
    if needed_to_alarm(alarm) > 1:
        return False
    if alarm.comparison_operator == "GreaterThanThreshold":
        return value > threshold
    return value >= threshold


def _unfit(alarm: MetricAlarm) -> str:
    if alarm.comparison_operator not in _ABOVE or alarm.threshold is None:
        return "the alarm does not count upwards to a threshold"
    if alarm.statistic not in ("Sum", "SampleCount"):
        name = alarm.extended_statistic or alarm.statistic or "no statistic"
        return f"{name} does not grow with the number of events: a threshold is for Sum"
    return ""


def _smallest(present: float, suits: Callable[[float], bool]) -> float | None:
    """The first whole step from ``present`` that suits while the step below does not."""
    if suits(present):
        return present
    low, step = present, 1.0
    while not suits(low + step):
        low, step = low + step, step * 2
        if low > _HIGHEST:
            return None
    high = low + step
    while high - low > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if suits(middle) else (middle, high)
    return high


def _rows(
    present: float, weekly: float | None, is_silent: Callable[[float], bool]
) -> tuple[float, ...]:
    """The present threshold, the one found and its neighbour below, and some between and above."""
    chosen = {present}
    if weekly is not None and weekly != present:
        chosen |= {weekly, max(present, weekly - 1)}
    for step in _LADDER:
        if len(chosen) >= MOST_ROWS or (max(chosen) > present and is_silent(max(chosen))):
            break
        candidate = float(step) if present <= 1 else present * step
        if candidate > present:
            chosen.add(candidate)
    return tuple(sorted(chosen))

"""StateReason and StateReasonData, word for word (rules R-1, R-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter

from trailwarden.alarms.changes import Point
from trailwarden.alarms.evaluation import needed_to_alarm, treatment_of
from trailwarden.alarms.model import MetricAlarm, State
from trailwarden.alarms.spelling import java_double, json_text, short_date, timestamp

_INLINE = 4  # as many points are listed inside the sentence, more behind it
_NEWEST = 5
_LONGEST = 4000
_LIMITS = (64, 32, 16)
MOST_MISSING = _LIMITS[0]  # so many missing periods are named at most
_FILLS = {"breaching": "Breaching", "notBreaching": "NonBreaching"}
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}


def state_reason(alarm: MetricAlarm, state: State, points: Sequence[Point]) -> str:
    """Why ``alarm`` entered ``state``. ``points`` are the real points used, the newest first."""
    periods = alarm.evaluation_periods
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_datapoints(periods)} {_was(periods)} unknown."
    fills = _fills(alarm, len(points))
    listed = _listed(state, points)
    if listed:
        return (
            f"Threshold Crossed: {_comparison(alarm, state, listed)}{fills}{_tail(alarm, state)}."
        )
    if points:
        number = len(points)
        body = f"{_datapoints(number)} {_was(number)} received for {periods} periods"
    else:
        body = f"no datapoints were received for {periods} period{_s(periods)}"
    return f"Threshold Crossed: {body}{fills}."


def _listed(state: State, points: Sequence[Point]) -> list[Point]:
    """The points that speak for ``state``."""
    return [point for point in points if point.breaching == (state == "ALARM")]


def _comparison(alarm: MetricAlarm, state: State, listed: list[Point]) -> str:
    number = len(listed)
    head = _datapoints(number)
    if alarm.datapoints_to_alarm is not None:
        head = f"{number} out of the last {alarm.evaluation_periods} datapoints"
    negation = "" if state == "ALARM" else "not "
    relation = _COMPARISONS[alarm.comparison_operator]
    threshold = java_double(alarm.threshold or 0.0)
    crossed = f"{_was(number)} {negation}{relation} the threshold ({threshold})"
    if number <= _INLINE:
        return f"{head} [{_spelled(listed)}] {crossed}"
    newest = _spelled(listed[:_NEWEST])
    return f"{head} {crossed}. The most recent datapoints which crossed the threshold: [{newest}]"


def _spelled(points: Sequence[Point]) -> str:
    return ", ".join(f"{java_double(point.value)} ({short_date(point.start)})" for point in points)


def _fills(alarm: MetricAlarm, real: int) -> str:
    treated = _FILLS.get(treatment_of(alarm))
    number = alarm.evaluation_periods - real
    if treated is None or number <= 0:
        return ""
    missing = f"{number} missing datapoint{_s(number)}"
    return f" and {missing} {_was(number)} treated as [{treated}]"


def _tail(alarm: MetricAlarm, state: State) -> str:
    if alarm.datapoints_to_alarm is None:
        return ""
    number = _deciding(alarm, state)
    change = "OK -> ALARM" if state == "ALARM" else "ALARM -> OK"
    return f" (minimum {_datapoints(number)} for {change} transition)"


def _deciding(alarm: MetricAlarm, state: State) -> int:
    """How many datapoints it takes to reach ``state``."""
    if state == "ALARM":
        return needed_to_alarm(alarm)
    if state == "OK":
        return alarm.evaluation_periods - needed_to_alarm(alarm) + 1
    return alarm.evaluation_periods


def state_reason_data(
    alarm: MetricAlarm,
    state: State,
    points: Sequence[Point],
    missing: Sequence[datetime],
    decided: datetime,
) -> str:
    """The JSON text beside the reason, at most 4,000 characters long (rule A-4).

    ``points`` are the real points used, ``missing`` the starts of the empty periods of the
    evaluation range, both the newest first; ``decided`` is the time of the evaluation. Of very
    many datapoints only the newest are given.
    """
    text = ""
    for limit in _LIMITS:
        text = json_text(_reason_data(alarm, state, points, missing, decided, limit=limit))
        if len(text) <= _LONGEST:
            break
    return text


def _reason_data(
    alarm: MetricAlarm,
    state: State,
    points: Sequence[Point],
    missing: Sequence[datetime],
    decided: datetime,
    *,
    limit: int,
) -> dict[str, object]:
    data: dict[str, object] = {"version": "1.0", "queryDate": timestamp(decided)}
    if points:
        data["startDate"] = timestamp(points[-1].start)
    if alarm.unit is not None:
        data["unit"] = alarm.unit
    wanted = min(limit, _deciding(alarm, state))
    evaluated = [(p.start, _evaluated(p)) for p in _listed(state, points)[:wanted]]
    evaluated += [
        (start, {"timestamp": timestamp(start)}) for start in missing[: wanted - len(evaluated)]
    ]
    evaluated.sort(key=itemgetter(0), reverse=True)
    return data | {
        "statistic": alarm.extended_statistic or alarm.statistic,
        "period": alarm.period,
        "recentDatapoints": [point.value for point in reversed(points[:limit])],
        "threshold": float(alarm.threshold or 0.0),
        "evaluatedDatapoints": [entry for _, entry in evaluated],
    }


def _evaluated(point: Point) -> dict[str, object]:
    return {
        "timestamp": timestamp(point.start),
        "sampleCount": float(point.sample_count),
        "value": point.value,
    }


def _datapoints(number: int) -> str:
    return f"{number} datapoint{_s(number)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"

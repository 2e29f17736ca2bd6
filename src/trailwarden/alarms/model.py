"""Alarms as data. Field names are the CloudFormation properties in snake_case.

Every field has a default, so that a test may name only what it is about; ``validate`` (see
:mod:`trailwarden.alarms.validation`) says what CloudWatch would refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Literal, get_args

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
STATES: tuple[State, ...] = get_args(State)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": ge,
    "GreaterThanThreshold": gt,
    "LessThanThreshold": lt,
    "LessThanOrEqualToThreshold": le,
}
Dimensions = tuple[tuple[str, str], ...]  # (name, value), sorted by name


@dataclass(frozen=True, slots=True)
class WallClockWindow:
    """Buckets aligned to the hour, midnight or Monday in ``time_zone`` (rule E-5)."""

    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class MetricAlarm:
    """``AWS::CloudWatch::Alarm``. ``period`` is in seconds."""

    alarm_name: str = ""
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Dimensions = ()
    statistic: str | None = None
    extended_statistic: str | None = None
    unit: str | None = None
    period: int = 60
    evaluation_periods: int = 1
    datapoints_to_alarm: int | None = None
    threshold: float | None = None
    comparison_operator: str = "GreaterThanOrEqualToThreshold"
    treat_missing_data: str | None = None
    evaluate_low_sample_count_percentile: str | None = None
    alarm_description: str | None = None
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    evaluation_window: WallClockWindow | None = None
    evaluation_range: int | None = None  # rule E-11: an override for tests and studies


@dataclass(frozen=True, slots=True)
class CompositeAlarm:
    """``AWS::CloudWatch::CompositeAlarm``. The two periods are in seconds."""

    alarm_name: str = ""
    alarm_rule: str = ""
    alarm_description: str | None = None
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    actions_suppressor: str | None = None
    actions_suppressor_wait_period: int | None = None
    actions_suppressor_extension_period: int | None = None

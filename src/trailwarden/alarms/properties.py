"""Alarms from CloudFormation properties, or from the like that the API's DescribeAlarms gives.

Only types, required properties and the kind of alarm are looked at here; whether the values are
allowed is for :mod:`trailwarden.alarms.validation` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from trailwarden.alarms.model import CompositeAlarm, Dimensions, MetricAlarm, WallClockWindow
from trailwarden.alarms.refusal import refuse
from trailwarden.alarms.scalars import Properties
from trailwarden.alarms.single_metric import unfolded
from trailwarden.errors import UnsupportedAlarmError

_Value = TypeVar("_Value")
_COMMON = frozenset(
    {
        "ActionConfiguration",
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "AlarmName",
        "InsufficientDataActions",
        "OKActions",
        "Tags",
    }
)
METRIC_ALARM_PROPERTIES = _COMMON | {
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationCriteria",
    "EvaluationInterval",
    "EvaluationPeriods",
    "EvaluationWindow",
    "ExtendedStatistic",
    "MetricName",
    "Metrics",
    "Namespace",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
    "WarmUpConfiguration",
}
COMPOSITE_ALARM_PROPERTIES = _COMMON | {
    "ActionsSuppressor",
    "ActionsSuppressorExtensionPeriod",
    "ActionsSuppressorWaitPeriod",
    "AlarmRule",
}
_SOURCES = ("MetricName", "Metrics", "EvaluationCriteria")
_UNSUPPORTED = {
    "Metrics": "the alarm watches a metric math expression",
    "EvaluationCriteria": "the alarm watches a PromQL query",
    "ThresholdMetricId": "the alarm compares with an anomaly detection band",
}
_CURES = {
    "Period": "give the length of a period in seconds, such as 300",
    "EvaluationPeriods": "say over how many periods the metric is looked at, such as 1",
    "ComparisonOperator": "say GreaterThanOrEqualToThreshold, for instance",
    "Namespace": "name the namespace of the metric",
    "AlarmRule": 'write for instance ALARM("my-alarm")',
}


def metric_alarm_of(properties: Mapping[str, object]) -> MetricAlarm:
    """The metric alarm with these properties. Names that are not known are left alone.

    Raises :class:`~trailwarden.errors.AlarmConfigurationError` for a property that is missing or
    has a wrong type, and :class:`~trailwarden.errors.UnsupportedAlarmError` for an alarm on
    anything but one metric and a fixed threshold. WarmUpConfiguration is checked and has no
    effect: a run sees alarms that have long existed.
    """
    read = Properties(unfolded(properties))
    _check_source(read)
    _check_warm_up(read)
    return MetricAlarm(
        alarm_name=read.text("AlarmName") or "",
        namespace=_required(read.text("Namespace"), "Namespace"),
        metric_name=read.text("MetricName"),
        dimensions=_dimensions(read),
        statistic=read.text("Statistic"),
        extended_statistic=read.text("ExtendedStatistic"),
        unit=read.text("Unit"),
        period=_required(read.integer("Period"), "Period"),
        evaluation_periods=_required(read.integer("EvaluationPeriods"), "EvaluationPeriods"),
        datapoints_to_alarm=read.integer("DatapointsToAlarm"),
        threshold=read.number("Threshold"),
        comparison_operator=_required(read.text("ComparisonOperator"), "ComparisonOperator"),
        treat_missing_data=read.text("TreatMissingData"),
        evaluate_low_sample_count_percentile=read.text("EvaluateLowSampleCountPercentile"),
        alarm_description=read.text("AlarmDescription"),
        actions_enabled=read.flag("ActionsEnabled", default=True),
        alarm_actions=read.texts("AlarmActions"),
        ok_actions=read.texts("OKActions"),
        insufficient_data_actions=read.texts("InsufficientDataActions"),
        evaluation_window=_window(read),
    )


def composite_alarm_of(properties: Mapping[str, object]) -> CompositeAlarm:
    """The composite alarm with these properties. Names that are not known are left alone.

    Raises :class:`~trailwarden.errors.AlarmConfigurationError`.
    """
    read = Properties(properties)
    return CompositeAlarm(
        alarm_name=read.text("AlarmName") or "",
        alarm_rule=_required(read.text("AlarmRule"), "AlarmRule"),
        alarm_description=read.text("AlarmDescription"),
        actions_enabled=read.flag("ActionsEnabled", default=True),
        alarm_actions=read.texts("AlarmActions"),
        ok_actions=read.texts("OKActions"),
        insufficient_data_actions=read.texts("InsufficientDataActions"),
        actions_suppressor=read.text("ActionsSuppressor") or None,
        actions_suppressor_wait_period=read.integer("ActionsSuppressorWaitPeriod"),
        actions_suppressor_extension_period=read.integer("ActionsSuppressorExtensionPeriod"),
    )


def _check_source(read: Properties) -> None:
    """Exactly one source (rule C-2), and one that can be evaluated (rules E-31 to E-33)."""
    if not any(map(read.has, _SOURCES)):
        refuse("MetricName|Metrics", "the alarm watches nothing", "name a metric")
    for name in _SOURCES[1:]:
        if read.has("MetricName") and read.has(name):
            refuse(f"MetricName|{name}", "exactly one of them may be given", "remove one")
    if read.has("EvaluationInterval") and not read.has("EvaluationCriteria"):
        refuse("EvaluationInterval", "is only for alarms on PromQL queries", "remove it")
    for name, what in _UNSUPPORTED.items():
        if read.has(name):
            raise UnsupportedAlarmError(
                f"{name}: {what}, which cannot be evaluated offline",
                field=name,
                cure="evaluate it in CloudWatch, or watch one metric with a fixed threshold",
            )


def _dimensions(read: Properties) -> Dimensions:
    pairs = [(part.text("Name"), part.text("Value")) for part in read.parts("Dimensions")]
    named = [(name, value) for name, value in pairs if name is not None and value is not None]
    if len(named) < len(pairs):
        refuse("Dimensions", "every one needs a Name and a Value", "complete or remove it")
    return tuple(sorted(named))


def _window(read: Properties) -> WallClockWindow | None:
    """EvaluationWindow holds one of two objects; a sliding window is the default (rule E-5)."""
    window = read.part("EvaluationWindow")
    if window is None:
        return None
    wall_clock, sliding = window.part("WallClockWindow"), window.part("SlidingWindow")
    if (wall_clock is None) == (sliding is None):
        refuse(
            "EvaluationWindow",
            "exactly one of SlidingWindow and WallClockWindow must be given",
            "write for instance {WallClockWindow: {Timezone: UTC}}",
        )
    return None if wall_clock is None else WallClockWindow(wall_clock.text("Timezone") or "UTC")


def _check_warm_up(read: Properties) -> None:
    """Rule C-14."""
    warm_up = read.part("WarmUpConfiguration")
    if warm_up is None:
        return
    minutes = warm_up.integer("WarmUpPeriodDurationInMinutes")
    if minutes is None or not 1 <= minutes <= 2880:
        refuse(
            "WarmUpConfiguration",
            "WarmUpPeriodDurationInMinutes must be given, from 1 to 2880",
            "correct the number of minutes, or remove the warm-up",
        )


def _required(value: _Value | None, field: str) -> _Value:
    if value is None:
        refuse(field, "is required", _CURES.get(field, "give it a value"))
    return value

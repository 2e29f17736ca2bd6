"""What CloudWatch refuses (rules C-1 to C-10, E-5, C-25 to C-29)."""

from __future__ import annotations

import re
from collections.abc import Collection
from math import isfinite

from trailwarden.alarms.model import COMPARISONS, CompositeAlarm, MetricAlarm
from trailwarden.alarms.refusal import refuse
from trailwarden.alarms.rule import parse_rule
from trailwarden.alarms.statistics import SIMPLE_STATISTICS, parse_statistic
from trailwarden.alarms.windows import DAY, WALL_CLOCK_PERIODS, parse_time_zone
from trailwarden.text import visible
from trailwarden.units import UNITS

_MAX_NAME, _MAX_VALUE, _MAX_DESCRIPTION, _MAX_ARN = 255, 1024, 1024, 1024
_MAX_ACTIONS, _MAX_DIMENSIONS = 5, 30
_TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")
_LOW_SAMPLES = ("evaluate", "ignore")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MACHINE_ACTION = re.compile(r"arn:[^:]+:(?:automate|swf|autoscaling):")


def validate(alarm: MetricAlarm | CompositeAlarm) -> None:
    """Check that CloudWatch would take ``alarm``.

    Raises :class:`~trailwarden.errors.AlarmConfigurationError`, whose ``field`` is the property
    (several, joined by ``|`` or ``*``, where they disagree); its subclass
    :class:`~trailwarden.errors.RuleError` for an alarm rule.
    """
    _check_texts(alarm)
    _check_actions(alarm)
    if isinstance(alarm, CompositeAlarm):
        _check_composite(alarm)
        return
    _check_metric(alarm)
    _check_statistic(alarm)
    check_evaluation(alarm)


def check_evaluation(alarm: MetricAlarm) -> None:
    """Check what decides on datapoints: periods, comparison, threshold, missing data."""
    _check_period(alarm)
    _check_evaluation_periods(alarm)
    _check_comparison(alarm)


def _check_texts(alarm: MetricAlarm | CompositeAlarm) -> None:
    """Rule C-1."""
    _check_length("AlarmName", alarm.alarm_name, _MAX_NAME)
    if _CONTROL.search(alarm.alarm_name):
        refuse("AlarmName", "must not hold control characters", "remove them")
    _check_length("AlarmDescription", alarm.alarm_description, _MAX_DESCRIPTION, least=0)


def _check_actions(alarm: MetricAlarm | CompositeAlarm) -> None:
    """Rules C-10 and C-29."""
    for field, actions in (
        ("AlarmActions", alarm.alarm_actions),
        ("OKActions", alarm.ok_actions),
        ("InsufficientDataActions", alarm.insufficient_data_actions),
    ):
        _check_count(field, len(actions), _MAX_ACTIONS)
        for action in actions:
            _check_length(field, action, _MAX_ARN)
            if isinstance(alarm, CompositeAlarm) and _MACHINE_ACTION.match(action):
                refuse(
                    field,
                    "a composite alarm cannot have EC2 and Auto Scaling actions",
                    "move the action to a metric alarm",
                )


def _check_metric(alarm: MetricAlarm) -> None:
    """Rules C-3, M-2 and M-10."""
    _check_length("MetricName", alarm.metric_name or "", _MAX_NAME)
    _check_length("Namespace", alarm.namespace or "", _MAX_NAME)
    if (alarm.namespace or "").startswith(":"):
        refuse("Namespace", "must not begin with a colon", "remove the colon")
    _check_count("Dimensions", len(alarm.dimensions), _MAX_DIMENSIONS)
    for name, value in alarm.dimensions:
        _check_length("Dimensions", name, _MAX_NAME)
        _check_length("Dimensions", value, _MAX_VALUE)
    _check_choice("Unit", alarm.unit, UNITS)


def _check_statistic(alarm: MetricAlarm) -> None:
    """Rules C-3, C-9 and T-2."""
    if (alarm.statistic is None) == (alarm.extended_statistic is None):
        refuse(
            "Statistic|ExtendedStatistic",
            "exactly one of them must be given",
            "say Statistic: Sum, for instance",
        )
    _check_choice("Statistic", alarm.statistic, SIMPLE_STATISTICS)
    if alarm.extended_statistic is not None:
        field, cure = "ExtendedStatistic", "write for instance p99, tm90, IQM or TM(10%:90%)"
        if alarm.extended_statistic in SIMPLE_STATISTICS:
            refuse(
                field, f"{alarm.extended_statistic} is a plain statistic", "move it to Statistic"
            )
        try:
            parse_statistic(alarm.extended_statistic)
        except ValueError as error:
            refuse(field, visible(str(error), 200), cure)
    _check_choice(
        "EvaluateLowSampleCountPercentile",
        alarm.evaluate_low_sample_count_percentile,
        _LOW_SAMPLES,
    )


def _check_period(alarm: MetricAlarm) -> None:
    """Rules C-4 and E-5."""
    period = alarm.period
    if period not in (10, 20, 30) and (period <= 0 or period % 60):
        refuse(
            "Period",
            f"must be 10, 20, 30 or a multiple of 60 seconds, not {period}",
            "say 60 or 300, for instance",
        )
    if alarm.evaluation_window is None:
        return
    if period not in WALL_CLOCK_PERIODS:
        refuse(
            "Period",
            f"must be one of {_listed(WALL_CLOCK_PERIODS)} with a wall clock window, not {period}",
            "choose one of these, or a sliding window",
        )
    try:
        parse_time_zone(alarm.evaluation_window.time_zone)
    except ValueError as error:
        refuse(
            "EvaluationWindow",
            visible(str(error), 200),
            "write for instance Europe/Berlin or +05:30",
        )


def _check_evaluation_periods(alarm: MetricAlarm) -> None:
    """Rules C-5 and C-6."""
    periods, to_alarm = alarm.evaluation_periods, alarm.datapoints_to_alarm
    if periods < 1:
        refuse("EvaluationPeriods", f"must be at least 1, not {periods}", "say 1")
    if to_alarm is not None and not 1 <= to_alarm <= periods:
        refuse(
            "DatapointsToAlarm",
            f"must be from 1 to EvaluationPeriods, which is {periods}, not {to_alarm}",
            "lower it, or raise EvaluationPeriods",
        )
    longest, which = (7 * DAY, "") if alarm.period >= 3600 else (DAY, " for periods below an hour")
    if alarm.period * periods > longest:
        refuse(
            "Period*EvaluationPeriods",
            f"must not be longer than {longest:,} seconds{which}, is {alarm.period * periods:,}",
            "shorten the period, or look at fewer periods",
        )


def _check_comparison(alarm: MetricAlarm) -> None:
    """Rules C-7 and C-8."""
    # The operators for anomaly detection bands need a ThresholdMetricId.
    _check_choice("ComparisonOperator", alarm.comparison_operator, COMPARISONS)
    if alarm.threshold is None:
        refuse("Threshold", "is required", "say what the metric is compared with, such as 1")
    if not isfinite(alarm.threshold):
        refuse("Threshold", "must be a finite number", "say what the metric is compared with")
    _check_choice("TreatMissingData", alarm.treat_missing_data, _TREATMENTS)


def _check_composite(alarm: CompositeAlarm) -> None:
    """Rules C-24 and C-25, and the periods of action suppression."""
    parse_rule(alarm.alarm_rule)
    for field, seconds in (
        ("ActionsSuppressorWaitPeriod", alarm.actions_suppressor_wait_period),
        ("ActionsSuppressorExtensionPeriod", alarm.actions_suppressor_extension_period),
    ):
        if seconds is None and alarm.actions_suppressor is not None:
            refuse(field, "is required with ActionsSuppressor", "say 60, for instance")
        if seconds is not None and seconds < 0:
            refuse(field, f"must not be negative, is {seconds}", "say 60, for instance")


# --- the checks ------------------------------------------------------------------------------
def _check_length(field: str, text: str | None, most: int, *, least: int = 1) -> None:
    if text is not None and not least <= len(text) <= most:
        refuse(
            field,
            f"must have {least} to {most:,} characters, {visible(text, 40)!r} has {len(text):,}",
            "shorten it" if text else "give it a value",
        )


def _check_count(field: str, count: int, most: int) -> None:
    if count > most:
        refuse(field, f"may hold at most {most}, holds {count}", f"remove {count - most}")


def _check_choice(field: str, value: str | None, choices: Collection[str]) -> None:
    if value is not None and value not in choices:
        refuse(
            field,
            f"{visible(value, 80)!r} is not allowed",
            f"choose one of {_listed(choices)}",
        )


def _listed(choices: Collection[object]) -> str:
    return ", ".join(map(str, choices))

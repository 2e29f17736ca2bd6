"""Stacks made by hand, and the codes that lint finds in them."""

from __future__ import annotations

from typing import Any

from trailwarden.alarms.model import MetricAlarm
from trailwarden.patterns import parse
from trailwarden.stack.lint import Finding, lint
from trailwarden.stack.model import MetricFilter, MetricTransformation, Stack

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
PATTERN = "{ $.eventName = StopLogging }"


def filter_of(pattern: str = PATTERN, name: str = "stops", **changes: Any) -> MetricFilter:
    """A filter that adds 1 to Sec/Stops, with a default of 0."""
    fields: dict[str, Any] = {
        "metric_namespace": "Sec",
        "metric_name": "Stops",
        "metric_value": "1",
        "default_value": 0.0,
    }
    group = changes.pop("log_group_name", "trail")
    transformation = MetricTransformation(**(fields | changes))
    return MetricFilter(name, group, pattern, parse(pattern), (transformation,))


def alarm_of(**changes: Any) -> MetricAlarm:
    """An alarm on Sec/Stops that nothing is wrong with."""
    fields: dict[str, Any] = {
        "alarm_name": "stops",
        "namespace": "Sec",
        "metric_name": "Stops",
        "statistic": "Sum",
        "period": 300,
        "threshold": 1.0,
        "treat_missing_data": "notBreaching",
        "alarm_actions": (TOPIC,),
    }
    return MetricAlarm(**(fields | changes))


def stack_of(*filters: MetricFilter, alarm: MetricAlarm | None = None, **parts: Any) -> Stack:
    """A stack of filters (one, unless some are given) and an alarm."""
    return Stack(
        "sec",
        "t.yaml",
        metric_filters=filters or (filter_of(),),
        alarms=(alarm or alarm_of(),),
        **parts,
    )


def codes_of(stack: Stack) -> list[str]:
    return sorted({finding.code for finding in lint(stack)})


def pattern_codes(pattern: str) -> list[str]:
    """The codes of what is wrong with a filter that has this pattern."""
    return codes_of(stack_of(filter_of(pattern)))


def the_finding(stack: Stack, code: str) -> Finding:
    [finding] = [finding for finding in lint(stack) if finding.code == code]
    return finding

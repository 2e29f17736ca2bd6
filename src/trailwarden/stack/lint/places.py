"""Where the definitions of a stack stand, and how messages name them."""

from __future__ import annotations

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import Location
from trailwarden.stack.model import MetricFilter, Stack
from trailwarden.text import visible

_MAX_NAME = 100


def place_of_filter(stack: Stack, metric_filter: MetricFilter) -> Location | None:
    return stack.locations.get(("MetricFilter", metric_filter.filter_name))


def place_of_alarm(stack: Stack, alarm: MetricAlarm | CompositeAlarm) -> Location | None:
    return stack.locations.get(("Alarm", alarm.alarm_name))


def told_by_alarms(stack: Stack) -> set[str]:
    """The topics, and whatever else, that metric alarms tell when they fire."""
    return {action for alarm in stack.alarms for action in alarm.alarm_actions}


def quoted(name: str) -> str:
    """A name in a message: between quotation marks, bounded, nothing in it hidden."""
    return f"'{visible(name, _MAX_NAME)}'"

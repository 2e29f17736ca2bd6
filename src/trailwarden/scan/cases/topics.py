"""What the topics of a stack may be called by in a file of tests."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.stack.model import Stack

_RESOURCES = "Resources."


def topic_names(stack: Stack) -> tuple[str, ...]:
    """All names of all topics that alarms tell, and of those that the stack defines."""
    alarms: list[MetricAlarm | CompositeAlarm] = [*stack.alarms, *stack.composite_alarms]
    actions = [
        action
        for alarm in alarms
        for action in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    ]
    arns = dict.fromkeys([*actions, *(topic.arn for topic in stack.topics)])
    return tuple(dict.fromkeys(name for arn in arns for name in names_of(arn, stack)))


def names_of(arn: str, stack: Stack) -> Iterator[str]:
    """The names of one topic: its own, its resource's in the template, its ARN."""
    for topic in stack.topics:
        if topic.arn == arn:
            yield topic.topic_name
            place = stack.locations.get(("Topic", topic.topic_name))
            key = place.key if place is not None and place.key else ""
            if key.startswith(_RESOURCES):
                yield key.removeprefix(_RESOURCES)
    if arn.startswith("arn:"):
        yield arn.rpartition(":")[2]
    yield arn

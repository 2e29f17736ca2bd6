"""Which channels a topic's messages go to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.stack.model import Stack

_TOKEN = re.compile(r"\$\{[^{}]*\}")
_LOGICAL_ID = re.compile(r"\$\{([A-Za-z0-9]+)\.\w+\}|Resources\.([A-Za-z0-9]+)")
_WILD = re.compile(r"[*?\[]")
_EVERYTHING = "*"


def channels_for(
    topic_arn: str, topics: Mapping[str, tuple[str, ...]], stack: Stack
) -> tuple[str, ...]:
    """The channels that the settings' ``topics`` give to a topic; none for what is no topic.

    What is asked first wins: the ARN itself; the topic's name; the name of its resource in the
    template; globs for any of them, in the order of the settings; ``*`` at last. An ARN or a name
    with tokens (``${Alerts.TopicArn}``) is written in the settings as it stands in the stack.
    """
    if not is_topic(topic_arn):
        return ()
    spellings = topic_spellings(topic_arn, stack)
    for spelling in spellings:
        if spelling in topics:
            return topics[spelling]
    for pattern, channels in topics.items():
        if pattern != _EVERYTHING and _matches(pattern, spellings):
            return channels
    return topics.get(_EVERYTHING, ())


def is_topic(action: str) -> bool:
    """Whether an alarm's action is a topic, as far as can be told.

    Other actions (of EC2, Systems Manager, Lambda) are AWS's to execute. A token that stands for
    a whole action may be a topic.
    """
    parts = _split(action)
    return len(parts) < 3 or parts[0] != "arn" or parts[2] == "sns" or bool(_TOKEN.search(parts[2]))


def topic_spellings(topic_arn: str, stack: Stack) -> tuple[str, ...]:
    """All that a topic may be called by in the settings, its ARN first."""
    return tuple(dict.fromkeys(filter(None, (topic_arn, *_names(topic_arn, stack)))))


def topics_of(stack: Stack) -> dict[str, tuple[str, ...]]:
    """The topics that alarms of the stack tell, and the names of these alarms, in order.

    Topics that the stack defines and no alarm tells come last, without alarms.
    """
    found: dict[str, dict[str, None]] = {}
    for alarm in _alarms(stack):
        for action in _actions(alarm):
            if is_topic(action):
                found.setdefault(action, {})[alarm.alarm_name] = None
    for topic in stack.topics:
        found.setdefault(topic.arn, {})
    return {arn: tuple(names) for arn, names in found.items()}


def other_actions(stack: Stack) -> dict[str, tuple[str, ...]]:
    """The actions of alarms that are no topics, and the names of these alarms: to be said once."""
    found: dict[str, dict[str, None]] = {}
    for alarm in _alarms(stack):
        for action in _actions(alarm):
            if not is_topic(action):
                found.setdefault(action, {})[alarm.alarm_name] = None
    return {action: tuple(names) for action, names in found.items()}


def unused_topics(topics: Mapping[str, tuple[str, ...]], stack: Stack) -> list[str]:
    """Keys of the settings' ``topics`` that no topic of the stack answers to: misspelt, maybe."""
    spellings = [topic_spellings(arn, stack) for arn in topics_of(stack)]
    return [
        key
        for key in topics
        if key != _EVERYTHING
        and not any(key in names or _matches(key, names) for names in spellings)
    ]


def _matches(pattern: str, spellings: tuple[str, ...]) -> bool:
    if not _WILD.search(pattern):
        return False
    return any(fnmatchcase(spelling, pattern) for spelling in spellings)


def _names(arn: str, stack: Stack) -> Iterator[str]:
    """The topic's name and its resource's, by the stack and by the ARN itself."""
    topics = [topic for topic in stack.topics if topic.arn == arn]
    for topic in topics:
        yield topic.topic_name
    parts = _split(arn)
    if len(parts) == 6:
        yield parts[5]
    for topic in topics:
        place = stack.locations.get(("Topic", topic.topic_name))
        yield _logical_id(place.key or "") if place is not None else ""
    yield _logical_id(arn)


def _logical_id(text: str) -> str:
    found = _LOGICAL_ID.fullmatch(text)
    return (found[1] or found[2]) if found else ""


def _split(arn: str) -> list[str]:
    """The ARN's parts. Colons inside tokens (``${AWS::Region}``) separate nothing."""
    tokens = iter(_TOKEN.findall(arn))
    parts = _TOKEN.sub("\0", arn).split(":")
    return [re.sub("\0", lambda _: next(tokens), part) for part in parts]


def _alarms(stack: Stack) -> Iterator[MetricAlarm | CompositeAlarm]:
    yield from stack.alarms
    yield from stack.composite_alarms


def _actions(alarm: MetricAlarm | CompositeAlarm) -> tuple[str, ...]:
    return (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)

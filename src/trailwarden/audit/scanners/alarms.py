"""What scanners ask of the alarm on a filter's metric, and of who hears it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trailwarden.alarms.model import MetricAlarm
from trailwarden.audit.scanners.gaps import Gap, listed, may_not_read
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import MetricFilter, Stack, Subscription, Topic

_TOPIC = re.compile(r"arn:[^:]+:sns:|\$\{")  # an ARN, or a token that may be one
# Subscriptions of these protocols wait until the receiver confirms them.
_CONFIRMED_BY_HAND = ("email", "email-json", "http", "https")


def alarms_on(
    stack: Stack, metric_filter: MetricFilter, *, namespace: bool = False
) -> list[MetricAlarm]:
    """The alarms on the filter's (first) metric, by name, and by ``namespace`` if that counts."""
    metric = metric_filter.metric_transformations[0]
    return [
        alarm
        for alarm in stack.alarms
        if alarm.metric_name == metric.metric_name
        and (not namespace or alarm.namespace == metric.metric_namespace)
    ]


def unread_metric(stack: Stack, metric_filter: MetricFilter, *, namespace: bool = False) -> Gap:
    """What to say where there is no alarm."""
    metric = metric_filter.metric_transformations[0]
    name = metric.metric_name
    if namespace:
        name = f"{metric.metric_namespace}/{name}"
    shown = quoted(name)
    return Gap(
        f"no alarm reads the metric {shown}",
        "add an alarm on this metric",
        fails=not may_not_read(stack, "cloudwatch"),
    )


def told_gap(stack: Stack, alarms: Sequence[MetricAlarm]) -> Gap | None:
    """Why nobody hears any of ``alarms`` (one at least), as far as scanners ask."""
    actions = {action for alarm in alarms for action in alarm.alarm_actions}
    if not actions:
        name = quoted(alarms[0].alarm_name)
        return Gap(f"the alarm {name} has no AlarmActions", "give it a topic that people hear")
    found = [one for one in stack.subscriptions if one.topic_arn in actions]
    if any(_is_confirmed(one) for one in found):
        return None
    if found:
        return _unconfirmed(found)
    return _without_subscription(stack, actions)


def _is_confirmed(subscription: Subscription) -> bool:
    if subscription.confirmed is None:
        return subscription.protocol not in _CONFIRMED_BY_HAND
    return subscription.confirmed


def _unconfirmed(subscriptions: Sequence[Subscription]) -> Gap:
    topic = _topic_name(subscriptions[0].topic_arn)
    if any(one.confirmed is None for one in subscriptions):
        message = f"a subscription of the topic {topic} has to be confirmed after the deployment"
        return Gap(message, "confirm it by the link in the message that SNS sends", fails=False)
    message = f"no subscription of the topic {topic} is confirmed"
    return Gap(message, "confirm it by the link in the message that SNS sent")


def _without_subscription(stack: Stack, actions: set[str]) -> Gap:
    own = [topic for topic in stack.topics if topic.arn in actions]
    others = sorted(a for a in actions if _TOPIC.match(a) and a not in {t.arn for t in own})
    if others:
        message = f"the stack does not hold the topic {listed(map(_topic_name, others), 2)}"
        return Gap(
            f"{message}, so that its subscriptions are not known",
            "see to it that somebody is subscribed to it",
            fails=False,
        )
    if own:
        topic = quoted(own[0].topic_name)
        cure = "add a subscription and confirm it"
        if any(_has_no_subscriber(stack, one) for one in own):
            return Gap(f"nobody is subscribed to the topic {topic}", cure)
        return Gap(f"the stack subscribes nobody to the topic {topic}", cure, fails=False)
    return Gap("no alarm action is a topic", "notify a topic")


def _has_no_subscriber(stack: Stack, topic: Topic) -> bool:
    """What only a live account knows; to the topic of a template somebody may be subscribed."""
    return any(
        note.code == "topic-without-subscriber"
        and note.location is not None
        and note.location.source == topic.arn
        for note in stack.notes
    )


def _topic_name(arn: str) -> str:
    return quoted(arn.rpartition(":")[2] if arn.startswith("arn:") else arn)

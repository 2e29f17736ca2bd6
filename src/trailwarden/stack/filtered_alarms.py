"""Whether a subscription's filter policy lets the message of an ALARM through."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import RequestError
from trailwarden.stack.filter_tree import Leaf, Node, tree_of
from trailwarden.stack.model import Subscription

_UNKNOWN = object()
_BODY = "MessageBody"


def lets_alarm_through(subscription: Subscription, alarm: MetricAlarm | CompositeAlarm) -> bool:
    """False where no message of the alarm's change to ALARM passes the filter policy.

    What only the run knows (times, reasons) may be anything. A policy that SNS refuses is no
    question of this.
    """
    policy = subscription.filter_policy
    if not policy:
        return True
    try:
        tree = tree_of(policy)
    except RequestError:
        return True
    if subscription.filter_policy_scope != _BODY:
        return _may_hold(tree, {})  # an alarm's message has no attributes (S-21)
    return any(
        _may_hold(tree, _body(alarm) | {"OldStateValue": old})
        for old in ("OK", "INSUFFICIENT_DATA")
    )


def _body(alarm: MetricAlarm | CompositeAlarm) -> dict[str, object]:
    """The fields of the message as far as definitions tell them."""
    unknown = dict.fromkeys(
        (
            "AWSAccountId",
            "AlarmArn",
            "AlarmConfigurationUpdatedTimestamp",
            "AlarmDescription",
            "NewStateReason",
            "Region",
            "StateChangeTime",
            "AlarmActions",
            "OKActions",
            "InsufficientDataActions",
            "AlarmRule",
            "TriggeringChildren",
            "Trigger",
        ),
        _UNKNOWN,
    )
    name = alarm.alarm_name
    known: dict[str, object] = {"NewStateValue": "ALARM"}
    if "${" not in name:
        known["AlarmName"] = name
    else:
        known["AlarmName"] = _UNKNOWN
    if isinstance(alarm, MetricAlarm):
        del unknown["AlarmRule"], unknown["TriggeringChildren"]
    else:
        del unknown["Trigger"]
    return {**unknown, **known}


def _may_hold(node: Node, fields: Mapping[str, object]) -> bool:
    return all(_part_may_hold(part, fields.get(key, ())) for key, part in node.keys) and all(
        any(_may_hold(one, fields) for one in group) for group in node.alternatives
    )


def _part_may_hold(part: Leaf | Node, value: object) -> bool:
    if value is _UNKNOWN:
        return isinstance(part, Node) or bool(part.conditions) or part.if_present
    return part.accepts(value)

"""Topics of a live account: those that alarms publish to, and who is subscribed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trailwarden.errors import Location
from trailwarden.stack.live.calls import Answer, Reader
from trailwarden.stack.model import Note, Subscription, Topic, TopicPolicy

_GONE = ("NotFound", "NotFoundException")
_PENDING, _DELETED = "PendingConfirmation", "Deleted"


@dataclass(slots=True)
class Topics:
    """What was found out about the topics."""

    topics: list[Topic] = field(default_factory=list)
    policies: list[TopicPolicy] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_topic(reader: Reader, arn: str, found: Topics) -> None:
    """Add a topic to ``found``; of a topic that may not be read, only the name."""
    answer = reader.call("sns", "get_topic_attributes", _GONE, TopicArn=arn)
    if answer is None:
        message = f"alarms publish to the topic {arn}, which does not exist: they reach nobody"
        found.notes.append(Note("missing-topic", message, Location(arn)))
        return
    attributes = answer.get("Attributes", {})
    found.topics.append(
        Topic(
            topic_name=arn.rpartition(":")[2],
            arn=arn,
            display_name=attributes.get("DisplayName") or None,
            kms_master_key_id=attributes.get("KmsMasterKeyId") or None,
        )
    )
    policy = _json_object(attributes.get("Policy"))
    if policy is not None:
        found.policies.append(TopicPolicy((arn,), policy))
    _read_subscriptions(reader, arn, found)


def _read_subscriptions(reader: Reader, arn: str, found: Topics) -> None:
    pages = list(reader.pages("sns", "list_subscriptions_by_topic", _GONE, TopicArn=arn))
    subscriptions = [
        _subscription(reader, answer)
        for page in pages
        for answer in page["Subscriptions"]
        if answer["SubscriptionArn"] != _DELETED
    ]
    found.subscriptions += subscriptions
    if pages and not any(subscription.confirmed for subscription in subscriptions):
        why = "no subscription is confirmed yet" if subscriptions else "nobody is subscribed"
        message = f"alarms publish to the topic {arn} and reach nobody: {why}"
        found.notes.append(Note("topic-without-subscriber", message, Location(arn)))


def _subscription(reader: Reader, answer: Answer) -> Subscription:
    confirmed = answer["SubscriptionArn"] != _PENDING
    attributes: Mapping[str, str] = {}
    if confirmed:
        details = reader.call(
            "sns", "get_subscription_attributes", _GONE, SubscriptionArn=answer["SubscriptionArn"]
        )
        attributes = (details or {}).get("Attributes", {})
    return Subscription(
        topic_arn=answer["TopicArn"],
        protocol=answer["Protocol"],
        endpoint=answer.get("Endpoint"),
        filter_policy=_json_object(attributes.get("FilterPolicy")),
        filter_policy_scope=attributes.get("FilterPolicyScope") or "MessageAttributes",
        raw_message_delivery=attributes.get("RawMessageDelivery") == "true",
        confirmed=confirmed,
    )


def _json_object(text: str | None) -> Mapping[str, Any] | None:
    """The object that an attribute holds as text; None for anything else."""
    try:
        value = json.loads(text or "null")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

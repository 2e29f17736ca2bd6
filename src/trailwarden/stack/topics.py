"""``AWS::SNS::Topic``, its policies and its subscriptions."""

from __future__ import annotations

from trailwarden.stack.model import Subscription, Topic, TopicPolicy
from trailwarden.stack.resource import Resource


def topic_of(resource: Resource) -> Topic:
    """The topic itself; see :func:`inline_subscriptions` for those it defines."""
    return Topic(
        topic_name=resource.name,
        arn=resource.arn,
        display_name=resource.read.text("DisplayName"),
        kms_master_key_id=resource.read.text("KmsMasterKeyId"),
    )


def inline_subscriptions(resource: Resource) -> tuple[Subscription, ...]:
    """The subscriptions that a topic defines in its own properties."""
    return tuple(
        Subscription(resource.arn, part.text("Protocol") or "", part.text("Endpoint"))
        for part in resource.read.parts("Subscription")
    )


def topic_policy_of(resource: Resource) -> TopicPolicy:
    return TopicPolicy(
        topics=resource.read.texts("Topics"),
        policy_document=resource.json("PolicyDocument") or {},
    )


def subscription_of(resource: Resource) -> Subscription:
    return Subscription(
        topic_arn=resource.text("TopicArn"),
        protocol=resource.text("Protocol"),
        endpoint=resource.read.text("Endpoint"),
        filter_policy=resource.json("FilterPolicy"),
        filter_policy_scope=resource.read.text("FilterPolicyScope") or "MessageAttributes",
        raw_message_delivery=resource.read.flag("RawMessageDelivery", default=False),
    )

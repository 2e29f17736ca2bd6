"""The way of an alarm to people: actions, topics, who may publish, who is subscribed."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.errors import Location
from trailwarden.stack.filtered_alarms import lets_alarm_through
from trailwarden.stack.lint.feeding import fed_alarms
from trailwarden.stack.lint.meeting import noted
from trailwarden.stack.lint.places import place_of_alarm, quoted, told_by_alarms
from trailwarden.stack.lint.publishing import lets_everyone_publish
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack, TopicPolicy

_OWN_KEY_NEEDED = "alias/aws/sns"


@rule("TW401", "warning")
def alarm_without_actions(stack: Stack) -> Iterator[Fault]:
    """An alarm without actions tells nobody (Security Hub CloudWatch.15), unless a composite alarm
    reads it.
    """
    return noted(stack, "alarm-without-actions", "name a topic in AlarmActions")


@rule("TW402", "warning")
def actions_disabled(stack: Stack) -> Iterator[Fault]:
    """ActionsEnabled: false keeps every action from being taken (Security Hub CloudWatch.17)."""
    return noted(stack, "alarm-actions-disabled", "set ActionsEnabled to true")


@rule("TW403", "note")
def told_twice(stack: Stack) -> Iterator[Fault]:
    """OKActions on the topic of the alarm make two messages of every event, the second one of no
    news. Alarms on metrics of filters are meant: of a service's metric the return to OK is news.
    """
    for alarm in (fed.alarm for fed in fed_alarms(stack)):
        if set(alarm.alarm_actions) & set(alarm.ok_actions):
            yield Fault(
                f"the alarm {quoted(alarm.alarm_name)} tells its topic of the return to OK too: "
                "two messages for every event",
                "remove OKActions",
                place_of_alarm(stack, alarm),
            )


@rule("TW404", "warning")
def topic_without_subscription(stack: Stack) -> Iterator[Fault]:
    """A topic that nobody is subscribed to drops what it gets; CIS and Security Hub want at least
    one subscriber, who has confirmed as far as that is known.
    """
    subscribed = {one.topic_arn for one in stack.subscriptions if one.confirmed is not False}
    for topic in stack.topics:
        if topic.arn not in subscribed:
            yield Fault(
                f"nobody is subscribed to the topic {quoted(topic.topic_name)}, as far as the "
                "stack says",
                "add an AWS::SNS::Subscription, or confirm the one there is",
                stack.locations.get(("Topic", topic.topic_name)),
            )


@rule("TW405", "error")
def topic_open_to_everyone(stack: Stack) -> Iterator[Fault]:
    """``Principal: "*"`` without a condition on the account lets every AWS account publish: forged
    alarms to those who trust them (AWS Config rule sns-topic-no-public-access).
    """
    for policy in stack.topic_policies:
        if lets_everyone_publish(policy.policy_document):
            topic, place = _first_topic(stack, policy)
            yield Fault(
                f"the policy of the topic {quoted(topic)} lets everyone publish",
                "allow Service: cloudwatch.amazonaws.com only, with conditions on "
                "aws:SourceAccount and aws:SourceArn",
                place,
            )


@rule("TW406", "error")
def topic_with_managed_key(stack: Stack) -> Iterator[Fault]:
    """CloudWatch cannot use the key alias/aws/sns: the alarm fires, and the message silently never
    leaves.
    """
    for topic in stack.topics:
        if (topic.kms_master_key_id or "").endswith(_OWN_KEY_NEEDED):
            yield Fault(
                f"the topic {quoted(topic.topic_name)} is encrypted with {_OWN_KEY_NEEDED}, which "
                "CloudWatch cannot use: no alarm is delivered",
                "use a customer managed key that grants cloudwatch.amazonaws.com kms:Decrypt and "
                "kms:GenerateDataKey*",
                stack.locations.get(("Topic", topic.topic_name)),
            )


@rule("TW407", "note")
def topic_without_key(stack: Stack) -> Iterator[Fault]:
    """Messages of security alarms say who did what; SNS.1 wants them encrypted at rest."""
    for topic in stack.topics:
        if not topic.kms_master_key_id:
            yield Fault(
                f"the topic {quoted(topic.topic_name)} is not encrypted",
                "set KmsMasterKeyId to a customer managed key that cloudwatch.amazonaws.com may "
                "use",
                stack.locations.get(("Topic", topic.topic_name)),
            )


@rule("TW408", "error")
def filter_policy_by_attributes(stack: Stack) -> Iterator[Fault]:
    """Alarm messages have no attributes, so that a filter policy of the default scope lets none of
    them through (S-21).
    """
    told = told_by_alarms(stack)
    for subscription in stack.subscriptions:
        if (
            subscription.filter_policy
            and subscription.filter_policy_scope == "MessageAttributes"
            and subscription.topic_arn in told
        ):
            yield Fault(
                f"the {subscription.protocol} subscription of {quoted(subscription.topic_arn)} "
                "filters by attributes, which messages of alarms do not have: it gets none",
                "set FilterPolicyScope to MessageBody",
                None,
            )


@rule("TW414", "error")
def filter_policy_lets_no_alarm_through(stack: Stack) -> Iterator[Fault]:
    """A filter policy on the message's body that no message of an ALARM passes, whatever the run
    adds, tells its subscriber of nothing: one on ``NewStateValue: [OK]``, or on a field that such
    messages have not.
    """
    for subscription in stack.subscriptions:
        if subscription.filter_policy_scope != "MessageBody":
            continue
        kept_out = [
            alarm.alarm_name
            for alarm in stack.all_alarms
            if subscription.topic_arn in alarm.alarm_actions
            and not lets_alarm_through(subscription, alarm)
        ]
        if kept_out:
            yield Fault(
                f"the filter policy of the {subscription.protocol} subscription of "
                f"{quoted(subscription.topic_arn)} lets no ALARM of the alarm "
                f"{quoted(kept_out[0])} through: nobody is told there",
                "let NewStateValue: [ALARM] and the alarm's name through",
                next(
                    (
                        stack.locations.get(("Topic", topic.topic_name))
                        for topic in stack.topics
                        if topic.arn == subscription.topic_arn
                    ),
                    None,
                ),
            )


def _first_topic(stack: Stack, policy: TopicPolicy) -> tuple[str, Location | None]:
    for topic in stack.topics:
        if topic.arn in policy.topics:
            return topic.topic_name, stack.locations.get(("Topic", topic.topic_name))
    return (policy.topics or ("?",))[0], None

"""The way from an alarm to people: actions, topics, who may publish there, who is subscribed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.audit.model import SEVERITIES, Finding, Severity
from trailwarden.audit.scope import Scope
from trailwarden.errors import Location
from trailwarden.stack.filtered_alarms import lets_alarm_through
from trailwarden.stack.links import rules_that_hear
from trailwarden.stack.lint.places import place_of_alarm, quoted
from trailwarden.stack.model import Companion, Stack, Topic
from trailwarden.stack.policies import listed
from trailwarden.stack.topic_access import may_publish, publication_of

_EVENTS = "events.amazonaws.com"
_MANAGED_KEY = "alias/aws/sns"
_NO_PERSON = (":lambda:", ":automate:", ":ssm:", ":autoscaling:", ":swf:", ":aiops:")


class Ways:
    """``scope`` says what it means that the stack does not hold something."""

    def __init__(self, stack: Stack, scope: Scope) -> None:
        self._stack = stack
        self._scope = scope
        self._topics = {topic.arn: topic for topic in stack.topics}

    def of(self, alarm: MetricAlarm | CompositeAlarm) -> tuple[Finding, ...]:
        """What is wrong with the best way that begins at ``alarm``, or not known of it."""
        place = place_of_alarm(self._stack, alarm)
        name = quoted(alarm.alarm_name)
        ways = [tuple(self._heard(one, place)) for one in rules_that_hear(self._stack, alarm)]
        if alarm.alarm_actions and alarm.actions_enabled:
            ways += [tuple(self._action(arn, alarm, place)) for arn in alarm.alarm_actions]
        if ways:
            return min(ways, key=worst)
        if not alarm.alarm_actions:
            return (
                _broken(
                    "no-action",
                    f"the alarm {name} has no action: nobody is told",
                    "name a topic in AlarmActions",
                    place,
                ),
            )
        return (
            _broken(
                "actions-disabled",
                f"the actions of the alarm {name} are disabled",
                "set ActionsEnabled to true",
                place,
            ),
        )

    def _heard(self, rule: Companion, place: Location | None) -> Iterator[Finding]:
        """The way through an EventBridge rule, which gets every change of state (A-6)."""
        targets = [one for one in listed(rule.properties.get("Targets")) if isinstance(one, dict)]
        topics = [self._topics[one["Arn"]] for one in targets if one.get("Arn") in self._topics]
        name = quoted(rule.name)
        told = {one.topic_arn for one in self._stack.subscriptions if one.confirmed is not False}
        if any(topic.arn in told and self._lets_events_in(topic) for topic in topics):
            return
        yield _unknown(
            "heard-by-rule",
            f"the EventBridge rule {name} hears the alarm: whether its targets tell people is "
            "not known",
            "name a topic with a subscriber as its target, and let events.amazonaws.com publish",
            place,
        )

    def _lets_events_in(self, topic: Topic) -> bool:
        """A topic without a policy of its own takes nothing from EventBridge."""
        return any(
            _EVENTS in str(one.get("Principal"))
            for policy in self._stack.topic_policies
            if topic.arn in policy.topics
            for one in listed(policy.policy_document.get("Statement"))
            if isinstance(one, dict) and one.get("Effect") == "Allow"
        )

    def _action(
        self, arn: str, alarm: MetricAlarm | CompositeAlarm, place: Location | None
    ) -> Iterator[Finding]:
        topic = self._topics.get(arn)
        if topic is not None:
            yield from self._topic(topic, alarm)
        elif any(part in arn for part in _NO_PERSON):
            yield _unknown(
                "other-action",
                f"the action {quoted(arn)} is no topic: whether people hear of it is not known",
                "name a topic as well",
                place,
            )
        elif self._scope.is_whole and arn.startswith("arn:"):
            yield _broken(
                "topic-missing",
                f"the topic {quoted(arn)} does not exist, or cannot be read",
                "name a topic that exists",
                place,
            )
        else:
            yield _unknown(
                "topic-elsewhere",
                f"the topic {quoted(arn)} is not {self._scope.where}: who may publish to it and "
                "who is subscribed is not known",
                self._scope.cure,
                place,
            )

    def _topic(self, topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> Iterator[Finding]:
        name = quoted(topic.topic_name)
        place = self._stack.locations.get(("Topic", topic.topic_name))
        if (topic.kms_master_key_id or "").endswith(_MANAGED_KEY):
            yield _broken(
                "managed-key",
                f"the topic {name} is encrypted with {_MANAGED_KEY}, which CloudWatch cannot use: "
                "its messages never leave",
                "use a key of your own that lets cloudwatch.amazonaws.com use kms:Decrypt and "
                "kms:GenerateDataKey*",
                place,
            )
        yield from self._policy(topic, alarm, place)
        yield from self._subscriptions(topic, alarm, place)

    def _policy(
        self, topic: Topic, alarm: MetricAlarm | CompositeAlarm, place: Location | None
    ) -> Iterator[Finding]:
        documents = [
            policy.policy_document
            for policy in self._stack.topic_policies
            if topic.arn in policy.topics
        ]
        allowed = may_publish(
            documents, publication_of(self._stack, topic.arn, alarm.alarm_name)
        ).allowed
        name = quoted(topic.topic_name)
        if allowed is False:
            yield _broken(
                "may-not-publish",
                f"the policy of the topic {name} does not let CloudWatch publish",
                "allow Service: cloudwatch.amazonaws.com the action sns:Publish",
                place,
            )
        elif allowed is None:
            yield _unknown(
                "perhaps-publish",
                f"whether the policy of the topic {name} lets CloudWatch publish is not known",
                "allow Service: cloudwatch.amazonaws.com the action sns:Publish",
                place,
            )

    def _subscriptions(
        self, topic: Topic, alarm: MetricAlarm | CompositeAlarm, place: Location | None
    ) -> Iterator[Finding]:
        name = quoted(topic.topic_name)
        all_of_it = [one for one in self._stack.subscriptions if one.topic_arn == topic.arn]
        told = [one for one in all_of_it if lets_alarm_through(one, alarm)]
        if any(one.confirmed for one in told):
            return
        if any(one.confirmed is None for one in told):
            yield _unknown(
                "not-known-confirmed",
                f"whether a subscriber of the topic {name} has confirmed is not known",
                self._scope.cure,
                place,
            )
        elif told:
            message = f"no subscriber of the topic {name} has confirmed"
            cure = "open the link in the mail that SNS has sent, or subscribe again"
            yield _broken("not-confirmed", message, cure, place)
        elif all_of_it:
            yield _broken(
                "filtered-out",
                f"the filter policies of the topic {name} let no message of the alarm through"
                + (
                    ": they ask for attributes, which messages of alarms do not have"
                    if all(one.filter_policy_scope == "MessageAttributes" for one in all_of_it)
                    else ""
                ),
                "set FilterPolicyScope to MessageBody, and let NewStateValue: [ALARM] through",
                place,
            )
        elif self._scope.is_whole:
            message = f"nobody is subscribed to the topic {name}"
            yield _broken("no-subscriber", message, "subscribe those who must know", place)
        else:
            yield _unknown(
                "no-subscriber",
                f"nobody {self._scope.where} is subscribed to the topic {name}",
                f"subscribe those who must know, or {self._scope.cure}",
                place,
            )


def worst(findings: Iterable[Finding]) -> int:
    """The severity of the worst of them, as a number: more is worse."""
    return max((SEVERITIES.index(one.severity) for one in findings), default=0)


def _broken(code: str, message: str, cure: str, place: Location | None) -> Finding:
    return _finding("fail", code, message, cure, place)


def _unknown(code: str, message: str, cure: str, place: Location | None) -> Finding:
    return _finding("unknown", code, message, cure, place)


def _finding(
    severity: Severity, code: str, message: str, cure: str, place: Location | None
) -> Finding:
    return Finding(code, "way", severity, message, cure, place)

"""Policies of topics that mean well and keep the alarms out, or let others in."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.errors import Location
from trailwarden.stack.lint.places import quoted, told_by_alarms
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.statements import Statement, statements_of
from trailwarden.stack.model import Stack
from trailwarden.stack.topic_access import may_publish, publication_of

_CLOUDWATCH = "cloudwatch.amazonaws.com"
_PUBLISH = "sns:Publish"
# Alarms are published by a principal of AWS: it is in nobody's organization and account.
_OF_CALLERS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")


@rule("TW409", "error")
def topic_for_another_service(stack: Stack) -> Iterator[Fault]:
    """A topic policy replaces the usual one. One that lets events.amazonaws.com publish, or another
    service, and not CloudWatch, keeps the alarms from being delivered.
    """
    for topic, statements, place in _policies(stack):
        allowing = _publishing(statements)
        services = sorted({name for one in allowing for name in one.services})
        if services and not any(one.for_all or one.names(_CLOUDWATCH) for one in allowing):
            yield Fault(
                f"the policy of the topic {quoted(topic)} lets {services[0]} publish, and not "
                f"{_CLOUDWATCH}: no alarm is delivered",
                f"allow Service: {_CLOUDWATCH}",
                place,
            )


@rule("TW410", "error")
def topic_for_the_organization(stack: Stack) -> Iterator[Fault]:
    """A condition on the caller's organization or account never holds for an alarm, which a
    principal of AWS publishes.
    """
    for topic, statements, place in _policies(stack):
        fit = [one for one in _publishing(statements) if one.for_all or one.names(_CLOUDWATCH)]
        if fit and all(_of_callers(one) for one in fit):
            yield Fault(
                f"the policy of the topic {quoted(topic)} asks for {_of_callers(fit[0])}, which "
                "alarms do not have: none is delivered",
                f"allow Service: {_CLOUDWATCH}, with conditions on aws:SourceAccount and "
                "aws:SourceArn",
                place,
            )


@rule("TW412", "error")
def topic_policy_keeps_alarms_out(stack: Stack) -> Iterator[Fault]:
    """A topic policy replaces the usual one. One that allows another action, another topic or
    somebody else, whose conditions no alarm of the topic meets (aws:SourceArn with another name),
    or that denies it, keeps the alarms from being delivered.
    """
    told_otherwise = {
        fault.location
        for check in (topic_for_another_service, topic_for_the_organization)
        for fault in check(stack)
    }
    for topic in stack.topics:
        documents = [
            policy.policy_document
            for policy in stack.topic_policies
            if topic.arn in policy.topics and statements_of(policy.policy_document) is not None
        ]
        place = stack.locations.get(("Topic", topic.topic_name))
        if not documents or place in told_otherwise:
            continue
        for alarm in stack.all_alarms:
            if topic.arn in alarm.alarm_actions:
                answer = may_publish(documents, publication_of(stack, topic.arn, alarm.alarm_name))
                if answer.allowed is False:
                    yield Fault(
                        f"the policy of the topic {quoted(topic.topic_name)} does not let "
                        f"CloudWatch publish the alarm {quoted(alarm.alarm_name)}: {answer.why}",
                        f"allow Service: {_CLOUDWATCH} the action sns:Publish on the topic, with "
                        "conditions that the alarm meets",
                        place,
                    )
                    break


@rule("TW411", "warning")
def topic_for_alarms_of_all_accounts(stack: Stack) -> Iterator[Fault]:
    """CloudWatch publishes for the alarms of whoever names the topic: without aws:SourceAccount
    those of strangers look like one's own.
    """
    for topic, statements, place in _policies(stack):
        loose = [one for one in _publishing(statements) if one.names(_CLOUDWATCH)]
        if any(not one.is_bound() for one in loose if not _of_callers(one)):
            yield Fault(
                f"the policy of the topic {quoted(topic)} lets CloudWatch publish alarms of every "
                "account",
                "add conditions on aws:SourceAccount and aws:SourceArn",
                place,
            )


def _policies(stack: Stack) -> Iterator[tuple[str, tuple[Statement, ...], Location | None]]:
    """The topics that alarms tell, each with one of its policies."""
    told = told_by_alarms(stack)
    topics = {one.arn: one.topic_name for one in stack.topics if one.arn in told}
    for policy in stack.topic_policies:
        statements = statements_of(policy.policy_document) or ()
        for arn in dict.fromkeys(policy.topics):
            if arn in topics:
                yield topics[arn], statements, stack.locations.get(("Topic", topics[arn]))


def _publishing(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.effect == "Allow" and one.does(_PUBLISH)]


def _of_callers(statement: Statement) -> str:
    """The condition key that no alarm satisfies, or an empty text."""
    return next(
        (
            test.key
            for test in statement.tests
            if test.key in _OF_CALLERS
            and not test.operator.endswith("ifexists")
            and "not" not in test.operator
        ),
        "",
    )

"""Policies of topics that keep the alarms out, or let those of others in."""

from __future__ import annotations

import pytest

from tests.stack.lint.whole import changed, codes_after
from trailwarden.stack.lint import lint

SERVICE = "Principal: {Service: cloudwatch.amazonaws.com}\n            Action: sns:Publish"
BOUND = "{StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}}"
ORG = "{StringEquals: {'aws:PrincipalOrgID': o-1}}"
EVERYONE = SERVICE.replace("{Service: cloudwatch.amazonaws.com}", "'*'")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ([(SERVICE, SERVICE.replace("cloudwatch", "events"))], ["TW409"]),
        ([(SERVICE, SERVICE.replace("{Service", "{AWS: '1', Service"))], []),
        ([(SERVICE, EVERYONE)], []),
        ([(SERVICE, EVERYONE), (BOUND, ORG)], ["TW410"]),
        ([(BOUND, ORG)], ["TW410"]),
        ([(BOUND, ORG.replace("StringEquals", "StringEqualsIfExists"))], ["TW411"]),
        ([(BOUND, ORG.replace("PrincipalOrgID", "SourceOrgID"))], []),
        ([(BOUND, "{Bool: {'aws:SecureTransport': true}}")], ["TW411"]),
        ([(BOUND, BOUND.replace("StringEquals", "StringNotEquals"))], ["TW411", "TW412"]),
        ([(BOUND, "{ArnLike: {'aws:SourceArn': !Sub 'arn:aws:cloudwatch:*:1:alarm:*'}}")], []),
        ([(SERVICE, SERVICE.replace("sns:Publish", "sns:Subscribe"))], ["TW412"]),
    ],
)
def test_topic_policies(changes: list[tuple[str, str]], codes: list[str]) -> None:
    assert codes_after(*changes) == codes


def test_topics_that_no_alarm_tells() -> None:
    elsewhere = ("AlarmActions: [!Ref Topic]", "AlarmActions: [elsewhere]")
    assert codes_after(elsewhere, (SERVICE, SERVICE.replace("cloudwatch", "events"))) == []


def test_what_a_finding_says() -> None:
    [finding] = lint(changed((BOUND, ORG)))
    assert finding.message == (
        "the policy of the topic '${Topic.TopicName}' asks for aws:principalorgid, which alarms "
        "do not have: none is delivered"
    )
    assert finding.location.key == "Resources.Topic"

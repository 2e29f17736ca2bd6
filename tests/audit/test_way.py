"""The way from alarms to people, one fault at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.audit.stacks import cis, codes, judged, of, whole, with_alarms
from trailwarden.audit.run import audit
from trailwarden.errors import Location
from trailwarden.stack import Note, NotRun, Stack, Subscription, TopicPolicy

KEY = "vpc-changes"
LAMBDA = "arn:aws:lambda:us-east-1:111122223333:function:f"
ABSENT = "arn:aws:sns:us-east-1:111122223333:gone"
EVENTS = {"Principal": {"Service": "events.amazonaws.com"}}


def actions(*arns: str) -> Stack:
    return with_alarms(whole(), lambda alarm: replace(alarm, alarm_actions=arns))


def subscribed(**fields: Any) -> Stack:
    (told,) = whole().subscriptions
    return replace(whole(), subscriptions=(replace(told, **fields),))


def topic(**fields: Any) -> Stack:
    return replace(whole(), topics=(replace(cis().topics[0], **fields),))


def policy(statement: dict[str, Any]) -> Stack:
    document = {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", **statement}]}
    return replace(whole(), topic_policies=(TopicPolicy((cis().topics[0].arn,), document),))


def disabled() -> Stack:
    return with_alarms(whole(), lambda alarm: replace(alarm, actions_enabled=False))


@pytest.mark.parametrize(
    ("stack", "code", "status"),
    [
        (actions, "no-action", "FAIL"),
        (disabled, "actions-disabled", "FAIL"),
        (lambda: actions(ABSENT), "topic-missing", "FAIL"),
        (lambda: actions(LAMBDA), "other-action", "UNKNOWN"),
        (lambda: topic(kms_master_key_id="alias/aws/sns"), "managed-key", "FAIL"),
        (
            lambda: topic(kms_master_key_id="arn:aws:kms:us-east-1:111122223333:alias/aws/sns"),
            "managed-key",
            "FAIL",
        ),
        (lambda: policy(EVENTS), "may-not-publish", "FAIL"),
        (lambda: policy({"Principal": {"AWS": "111122223333"}}), "perhaps-publish", "UNKNOWN"),
        (lambda: subscribed(confirmed=False), "not-confirmed", "FAIL"),
        (lambda: subscribed(confirmed=None), "not-known-confirmed", "UNKNOWN"),
        (lambda: subscribed(filter_policy={"a": ["b"]}), "filtered-out", "FAIL"),
        (
            lambda: subscribed(filter_policy={"a": ["b"]}, filter_policy_scope="MessageBody"),
            "filtered-out",
            "FAIL",
        ),
        (lambda: subscribed(topic_arn="other"), "no-subscriber", "FAIL"),
    ],
)
def test_in_a_live_account(stack: Callable[[], Stack], code: str, status: str) -> None:
    one = judged(stack(), KEY)
    assert (codes(one), one.status) == ({code}, status)
    assert one.detection == "PASS"
    (finding,) = one.findings
    assert finding.part == "way"
    assert finding.cure
    assert finding.location is not None
    assert one.named.caught == (0 if status == "FAIL" else one.named.all)


@pytest.mark.parametrize(
    ("stack", "code"),
    [
        (lambda: actions(ABSENT), "topic-elsewhere"),
        (lambda: actions("${Topic}"), "topic-elsewhere"),
        (lambda: subscribed(topic_arn="other"), "no-subscriber"),
    ],
)
def test_what_a_template_does_not_hold_is_not_known(stack: Callable[[], Stack], code: str) -> None:
    one = judged(stack(), KEY, is_live=False)
    assert (codes(one), one.status) == ({code}, "UNKNOWN")


@pytest.mark.parametrize(
    "stack",
    [
        lambda: actions(LAMBDA, cis().topics[0].arn),
        lambda: topic(kms_master_key_id="arn:aws:kms:us-east-1:111122223333:key/1"),
        lambda: replace(whole(), topic_policies=()),
        lambda: policy({"Principal": {"AWS": "*"}}),
        lambda: subscribed(
            filter_policy={"NewStateValue": ["ALARM"]}, filter_policy_scope="MessageBody"
        ),
    ],
)
def test_ways_that_are_whole(stack: Callable[[], Stack]) -> None:
    assert judged(stack(), KEY).status == "PASS"


def test_one_subscriber_who_has_confirmed_is_enough() -> None:
    others = [
        Subscription(cis().topics[0].arn, "email", confirmed=confirmed)
        for confirmed in (False, None, True)
    ]
    assert judged(replace(whole(), subscriptions=tuple(others)), KEY).status == "PASS"


def test_what_may_not_be_read_of_an_account_is_not_known() -> None:
    denied = Note("access-denied", "sns:ListSubscriptionsByTopic is not allowed in us-east-1: \x1b")
    stack = replace(cis(), notes=(denied, Note("other", "no matter")))
    found = audit(stack, is_live=True)
    assert {one.status for one in found.controls} == {"UNKNOWN"}
    assert found.notes == (r"sns:ListSubscriptionsByTopic is not allowed in us-east-1: \x1b",)
    messages = [finding.message for finding in found.controls[3].findings]
    assert messages == [
        "no trail in what may be read of the account delivers to the log group "
        "'CloudTrail/DefaultLogGroup'",
        "nobody in what may be read of the account is subscribed to the topic 'cis-alarms'",
    ]


def test_alarms_that_are_not_run_may_read_the_metric() -> None:
    place = Location("t.yaml", 1)
    math = NotRun("Math\x1b", "AWS::CloudWatch::Alarm", "metric math", place)
    role = NotRun("Role", "AWS::IAM::Role", "not part of the monitoring chain", place)
    stack = with_alarms(whole(), lambda a: None if a.alarm_name.endswith(KEY) else a)
    stack = replace(stack, not_run=(math, role))
    one = of(audit(stack), KEY)
    assert (one.status, codes(one)) == ("UNKNOWN", {"no-alarm"})
    assert audit(stack).notes == (r"Math\x1b is not run: metric math",)
    # An account has many alarms on other metrics, which are not run either.
    assert of(audit(stack, is_live=True), KEY).status == "FAIL"

"""Topics, trails and log groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stack.lint.stacks import TOPIC, codes_of, stack_of, the_finding
from trailwarden.errors import Location
from trailwarden.stack.model import LogGroup, Stack, Subscription, Topic, TopicPolicy, Trail

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
ACCOUNT = {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def with_topic(
    *, key: str | None = KEY, policy: Any = None, subscribed: bool = True, **subscription: Any
) -> Stack:
    policies = () if policy is None else (TopicPolicy((TOPIC,), {"Statement": policy}),)
    subscriptions = (Subscription(TOPIC, "email", "a@example.com", **subscription),)
    return stack_of(
        topics=(Topic("alarms", TOPIC, kms_master_key_id=key),),
        topic_policies=policies,
        subscriptions=subscriptions if subscribed else (),
        locations={("Topic", "alarms"): Location("t.yaml", 7, 3)},
    )


def statement(**changes: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": "*"}
    return usual | changes


def test_nothing_is_wrong_with_a_usual_topic() -> None:
    cloudwatch = statement(Principal={"Service": "cloudwatch.amazonaws.com"}, Condition=ACCOUNT)
    assert codes_of(with_topic(policy=[cloudwatch])) == []


def test_topics() -> None:
    assert codes_of(with_topic(subscribed=False)) == ["TW404"]
    assert codes_of(with_topic(confirmed=False)) == ["TW404"]
    assert codes_of(with_topic(confirmed=True)) == []
    assert codes_of(with_topic(key="alias/aws/sns")) == ["TW406"]
    assert codes_of(with_topic(key=None)) == ["TW407"]
    assert codes_of(with_topic(filter_policy={"a": ["b"]})) == ["TW408"]
    by_body = with_topic(filter_policy={"a": ["b"]}, filter_policy_scope="MessageBody")
    assert codes_of(by_body) == ["TW414"]  # no alarm's message has this key


@pytest.mark.parametrize(
    "policy",
    [
        statement(),
        [statement(Principal="*")],
        [statement(Principal={"AWS": ["arn:aws:iam::111122223333:root", "*"]})],
        [statement(Action=["sns:Subscribe", "sns:*"])],
        [{"Effect": "Allow", "Principal": "*", "NotAction": "sns:Subscribe"}],
        [{"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "*"}],
        [statement(Condition={"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}})],
        [statement(Condition={"ForAllValues:StringEquals": {"aws:SourceAccount": ["1"]}})],
        [statement(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}})],
        [statement(Condition={"Null": {"aws:SourceArn": "false"}})],
        [statement(Condition={"StringNotEquals": {"aws:SourceAccount": "111122223333"}})],
        [statement(Condition={"StringLike": {"aws:SourceAccount": "*"}})],
        [statement(Condition={"Bool": {"aws:SecureTransport": "true"}})],
    ],
)
def test_policies_that_are_open(policy: Any) -> None:
    finding = the_finding(with_topic(policy=policy), "TW405")
    assert (finding.severity, finding.location) == ("error", Location("t.yaml", 7, 3))


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        ([statement(Condition=ACCOUNT)], []),
        ([statement(Condition={"ArnLike": {"AWS:SourceArn": f"{TOPIC[:30]}*"}})], []),
        # These let nobody publish whom they should not, and the alarms neither.
        ([statement(Effect="Deny")], ["TW412"]),
        ([statement(Action="sns:Subscribe")], ["TW412"]),
        ([{"Effect": "Allow", "Principal": "*", "NotAction": ["sns:Publish"]}], ["TW412"]),
        ([statement(Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::b"}})], ["TW412"]),
        ([statement(Principal={"AWS": "111122223333"})], []),
        ("not a statement", []),
        ([None, 1], []),
    ],
)
def test_policies_that_are_not(policy: Any, codes: list[str]) -> None:
    assert codes_of(with_topic(policy=policy)) == codes


def with_trail(**changes: Any) -> Stack:
    usual: dict[str, Any] = {
        "cloud_watch_logs_log_group_arn": "arn:aws:logs:eu-west-1:1:log-group:trail:*",
        "is_multi_region_trail": True,
        "enable_log_file_validation": True,
        "kms_key_id": KEY,
    }
    return stack_of(trails=(Trail("t", **(usual | changes)),))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"is_logging": False}, ["TW501"]),
        ({"cloud_watch_logs_log_group_arn": None}, ["TW005", "TW502"]),
        ({"enable_log_file_validation": False}, ["TW503"]),
        ({"is_multi_region_trail": False}, ["TW504"]),
        ({"include_global_service_events": False}, ["TW505"]),
        ({"kms_key_id": None}, ["TW506"]),
        (
            {"event_selectors": ({"DataResources": [{"Type": "AWS::S3::Object"}, 1]},)},
            ["TW507"],
        ),
        ({"event_selectors": ({"DataResources": "x"}, {})}, []),
        ({"sns_topic_name": "alarms"}, ["TW509"]),
        ({"sns_topic_name": TOPIC}, ["TW509"]),
        ({"sns_topic_name": "log-files"}, []),
    ],
)
def test_trails(changes: dict[str, Any], codes: list[str]) -> None:
    assert codes_of(with_trail(**changes)) == codes


@pytest.mark.parametrize(("days", "codes"), [(None, []), (365, []), (364, ["TW508"])])
def test_retention(days: int | None, codes: list[str]) -> None:
    assert codes_of(stack_of(log_groups=(LogGroup("trail", days),))) == codes

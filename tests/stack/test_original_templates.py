"""The two templates of the stack that this project replaces, unchanged."""

from __future__ import annotations

import pickle

import pytest

from tests.shared_data import TEMPLATES
from trailwarden.stack import Stack, load

pytestmark = pytest.mark.skipif(not TEMPLATES.exists(), reason=f"no templates in {TEMPLATES}")
TRAIL = TEMPLATES / "original-cloudtrail.yaml"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
GIVEN = {
    "LogBacketName": "access-logs",
    "SnsTopicName": "alerts",
    "SnsTopicARN": TOPIC,
    "AWS::AccountId": "111122223333",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "security",
}


def check_chain(stack: Stack, name: str, topic: str) -> None:
    """Everything that both ways of loading have in common."""
    assert (len(stack.metric_filters), len(stack.alarms), len(stack.log_groups)) == (14, 14, 1)
    assert stack.name == name
    [group] = stack.log_groups
    assert (group.log_group_name, group.retention_in_days) == (f"/aws/cloudtrail/{name}", 365)
    for metric_filter, alarm in zip(stack.metric_filters, stack.alarms, strict=True):
        assert metric_filter.log_group_name == group.log_group_name
        [transformation] = metric_filter.metric_transformations
        assert (transformation.metric_namespace, transformation.metric_value) == ("LogMetrics", "1")
        assert transformation.metric_name == alarm.metric_name
        assert alarm.alarm_actions == alarm.ok_actions == (topic,)
        assert (alarm.statistic, alarm.period, alarm.threshold) == ("Maximum", 60, 1.0)
    assert stack.alarms[0].alarm_name == f"Warning-{name}-CloudTrail-Unauthorized-API-Calls"
    assert [item.type for item in stack.not_run] == [
        "AWS::IAM::Role",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
    ]
    assert [note.code for note in stack.notes] == ["unknown-topic"]
    root = stack.metric_filters[2].pattern
    assert root.matches({"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall"})
    assert pickle.loads(pickle.dumps(stack)) == stack


def test_the_trail_without_parameters() -> None:
    stack = load(str(TRAIL))
    check_chain(stack, "original-cloudtrail", "${SnsTopicARN}")
    [trail] = stack.trails
    assert trail.trail_name == "original-cloudtrail"
    assert trail.s3_bucket_name == "defaultsecuritysettings-cloudtrail-us-east-1-${AWS::AccountId}"
    assert trail.sns_topic_name == "${SnsTopicName}"
    assert trail.cloud_watch_logs_log_group_arn == (
        "arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:/aws/cloudtrail/original-cloudtrail:*"
    )
    assert (trail.is_multi_region_trail, trail.enable_log_file_validation) == (True, True)
    assert len(trail.event_selectors) == 1
    assert (stack.region, stack.account) == ("us-east-1", None)


def test_the_trail_with_parameters() -> None:
    stack = load(str(TRAIL), GIVEN)
    check_chain(stack, "security", TOPIC)
    [trail] = stack.trails
    assert trail.s3_bucket_name == "defaultsecuritysettings-cloudtrail-eu-west-1-111122223333"
    assert trail.sns_topic_name == "alerts"
    assert trail.cloud_watch_logs_log_group_arn == (
        "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/cloudtrail/security:*"
    )
    assert (stack.region, stack.account) == ("eu-west-1", "111122223333")


def test_the_trail_is_there_only_if_it_is_wanted() -> None:
    stack = load(str(TRAIL), {"CentralizedResources": "DISABLED"})
    assert stack.trails == ()
    assert len(stack.metric_filters) == 14


def test_every_definition_has_its_place() -> None:
    stack = load(str(TRAIL))
    lines = TRAIL.read_text("utf-8").splitlines()
    names = [("MetricFilter", f.filter_name) for f in stack.metric_filters]
    names += [("Alarm", alarm.alarm_name) for alarm in stack.alarms]
    for kind, name in names:
        location = stack.locations[kind, name]
        assert location.line is not None
        assert lines[location.line - 1] == f"  {(location.key or '').removeprefix('Resources.')}:"


def test_the_topic() -> None:
    stack = load(str(TEMPLATES / "original-sns.yaml"), {"AWS::AccountId": "111122223333"})
    arn = "arn:aws:sns:us-east-1:111122223333:original-sns-system-notifications"
    [topic] = stack.topics
    assert (topic.topic_name, topic.arn) == ("original-sns-system-notifications", arn)
    assert topic.display_name == "System Notifications from original-sns"
    [policy] = stack.topic_policies
    assert policy.topics == (arn,)
    [statement] = policy.policy_document["Statement"]
    assert statement["Principal"] == {"AWS": "*"}
    assert [note.code for note in stack.notes] == ["no-metric-filters"]

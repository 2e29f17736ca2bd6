"""A template that passes, to be changed in one place: the first control with event names alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.stack.templates import load_resources
from trailwarden.audit.scanners import predict
from trailwarden.audit.verdict import SCANNERS, Scanner, Verdict
from trailwarden.stack.controls import Control, control
from trailwarden.stack.model import Stack, Subscription

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
GATEWAYS = control("network-gateway-changes")
KEYS = control("cmk-disable-or-delete")

_RESOURCES = {
    "Group": "Type: AWS::Logs::LogGroup\nProperties: {LogGroupName: trail}\n",
    "Trail": """\
Type: AWS::CloudTrail::Trail
Properties:
  TrailName: all
  S3BucketName: logs
  IsLogging: true
  IsMultiRegionTrail: true
  CloudWatchLogsLogGroupArn: !GetAtt Group.Arn
  CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
""",
    "Filter": """\
Type: AWS::Logs::MetricFilter
Properties:
  FilterName: watched
  LogGroupName: trail
  FilterPattern: 'PATTERN'
  MetricTransformations: [{MetricName: Events, MetricNamespace: Sec, MetricValue: 1}]
""",
    "Alarm": """\
Type: AWS::CloudWatch::Alarm
Properties:
  AlarmName: events
  AlarmActions: [!Ref Topic]
  ComparisonOperator: GreaterThanOrEqualToThreshold
  EvaluationPeriods: 1
  MetricName: Events
  Namespace: Sec
  Period: 300
  Statistic: Sum
  Threshold: 1
""",
    "Topic": "Type: AWS::SNS::Topic\nProperties: {TopicName: alarms}\n",
    "Subscription": """\
Type: AWS::SNS::Subscription
Properties: {TopicArn: !Ref Topic, Protocol: sms, Endpoint: '+819012345678'}
""",
}


def whole(
    one: Control = GATEWAYS,
    changes: Mapping[str, tuple[str, str]] | None = None,
    *,
    without: tuple[str, ...] = (),
) -> Stack:
    """The stack for one control; ``changes`` are (old, new) texts per resource."""
    pattern = (one.security_hub_pattern or "").replace("'", "''")
    resources = {
        name: text.replace("PATTERN", pattern)
        for name, text in _RESOURCES.items()
        if name not in without
    }
    for name, (old, new) in (changes or {}).items():
        assert old in resources[name]
        resources[name] = resources[name].replace(old, new)
    return load_resources(resources)


def with_text(text: str, one: Control = GATEWAYS) -> Stack:
    """The whole stack with another text in its filter."""
    return whole(one, {"Filter": (f"'{one.security_hub_pattern}'", f"'{text}'")})


def subscribed(stack: Stack, *, confirmed: bool | None) -> Stack:
    """The stack with one subscription instead of its own, by mail."""
    mail = Subscription(stack.topics[0].arn, "email", "a@example.com", confirmed=confirmed)
    return replace(stack, subscriptions=(mail,))


def verdict(stack: Stack, scanner: Scanner, one: Control = GATEWAYS) -> Verdict:
    return predict(one, stack)[SCANNERS.index(scanner)]


def passes(stack: Stack, one: Control = GATEWAYS) -> tuple[bool | None, ...]:
    """What Prowler, Powerpipe and Security Hub say."""
    return tuple(verdict.passes for verdict in predict(one, stack))

"""Alarms without actions whose changes an EventBridge rule hears."""

from __future__ import annotations

import pytest

from trailwarden.audit.scope import scope_of
from trailwarden.audit.way import Ways
from trailwarden.stack.cloudformation import load_template

TEMPLATE = """\
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stops
      Namespace: Sec
      MetricName: Stops
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      Threshold: 1
  Topic:
    Type: AWS::SNS::Topic
  Mail:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: a@example.com}
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: events.amazonaws.com}
            Action: sns:Publish
            Resource: !Ref Topic
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.cloudwatch]
        detail-type: [CloudWatch Alarm State Change]
      Targets: [{Id: a, Arn: !Ref Topic}]
"""


def _codes(text: str) -> list[str]:
    stack = load_template(text, "t.yaml", "t", {})
    return [one.code for one in Ways(stack, scope_of(stack, is_live=False)).of(stack.alarms[0])]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("Threshold: 1\n", "Threshold: 1\n      ActionsEnabled: false\n", []),
        ("Arn: !Ref Topic}", "Arn: 'arn:aws:lambda:us-east-1:1:function:f'}", ["heard-by-rule"]),
        ("Service: events", "Service: cloudwatch", ["heard-by-rule"]),
        ("[aws.cloudwatch]", "[aws.cloudwatch]\n        detail: {alarmName: [x]}", ["no-action"]),
        ("Targets: [{Id: a, Arn: !Ref Topic}]", "Targets: []", ["no-action"]),
    ],
)
def test_an_alarm_that_a_rule_hears(old: str, new: str, codes: list[str]) -> None:
    assert _codes(TEMPLATE.replace(old, new)) == codes

"""Notifications of composite alarms, also where another alarm holds them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailwarden.cli.test_notices import composing
from trailwarden.scan.cases import read_cases, run_cases

STACK = """\
Resources:
  Alerts: {Type: AWS::SNS::Topic, Properties: {TopicName: security}}
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: stops
      FilterPattern: '{ $.eventName = StopLogging }'
      LogGroupName: trail
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Sec, MetricValue: 1, DefaultValue: 0}
  Deletes:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: deletes
      FilterPattern: '{ $.eventName = DeleteTrail }'
      LogGroupName: trail
      MetricTransformations:
        - {MetricName: Deletes, MetricNamespace: Sec, MetricValue: 1, DefaultValue: 0}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stopped
      AlarmActions: [!Ref Alerts]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
  Maint:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: maintenance
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Deletes
      Namespace: Sec
      Period: 60
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
  Comp:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties:
      AlarmName: comp
      AlarmRule: ALARM(stopped)
      AlarmActions: [!Ref Alerts]
      ActionsSuppressor: maintenance
      ActionsSuppressorWaitPeriod: 120
      ActionsSuppressorExtensionPeriod: 60
"""
FLAPPING = """\
events: [ec2:A at 00:00, StopLogging at 00:02, StopLogging at 00:03, ec2:A at 00:04]
expect:
  alarms: [{alarm: stopped, fired: 3}]
  notifications:
  - {alarm: stopped, state: ALARM, count: 3}
  - {alarm: comp, state: ALARM, topic: security, count: 3}
  - {at: "00:03", alarm: comp, count: 1, json: {AlarmRule: ALARM(stopped)}}
"""
SUPPRESSED = """\
events:
- ec2:A at 00:00
- ec2:A(times=30, every=1m) at 00:01
- DeleteTrail(times=10, every=1m) at 00:01
- StopLogging at 00:04
expect:
  alarms: [{alarm: comp, fired: 1}]
  notifications:
  - {alarm: stopped, state: ALARM, count: 1}
  - {alarm: comp, count: 0}
"""


@pytest.mark.parametrize("test", [FLAPPING, SUPPRESSED])
def test_what_composite_alarms_send(tmp_path: Path, test: str) -> None:
    (tmp_path / "stack.yaml").write_text(STACK)
    lines = "".join(f"  {line}\n" for line in test.splitlines())
    path = tmp_path / "tests.yaml"
    path.write_text(f"stack: stack.yaml\ntests:\n- name: t\n{lines}")
    file = read_cases(str(path))
    [result] = run_cases(file, compose=composing(file.stack))
    assert result.passed, result.mismatches

"""``trailwarden test``: what notifications say, to whom, how many, and until when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from trailwarden.scan.cases import read_cases, run_cases

Cli = Callable[..., Result]
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
        - {MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: &alarm
      AlarmName: stopped
      AlarmActions: [!Ref Alerts, "arn:aws:sns:us-east-1:111122223333:pager"]
      OKActions: ["arn:aws:sns:us-east-1:111122223333:pager"]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 60
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
  Other:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: reboots
      AlarmActions: ["arn:aws:automate:us-east-1:ec2:reboot"]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 60
      Statistic: Sum
      Threshold: 1
"""
EVENTS = """\
    - ec2:DescribeInstances at 00:00
    - StopLogging(user=alice, ip=203.0.113.7) at 00:02
    - ec2:DescribeInstances at 01:00
    - StopLogging(user=bob) at 01:01
"""


def written(folder: Path, *expected: str) -> Path:
    (folder / "stack.yaml").write_text(STACK.replace(" &alarm", ""))
    lines = "".join(f"    - {one}\n" for one in expected)
    path = folder / "tests.yaml"
    path.write_text(
        f"stack: stack.yaml\ntests:\n- name: t\n  events:\n{EVENTS}"
        f"  expect:\n    notifications:\n{lines}"
    )
    return path


@pytest.mark.parametrize(
    "expected",
    [
        "{alarm: stopped, topic: security, state: ALARM}",
        "{topic: Alerts, count: 2}",
        "{topic: pager, count: 4}",
        "{topic: pager, state: OK, count: 2}",
        "{topic: 'arn:aws:sns:us-east-1:111122223333:pager', at: '00:30', count: 2}",
        "{at: '00:02', count: 0}",
        "{at: '00:03', count: 2}",
        "{alarm: reboots, count: 0}",
        "{subject: 'ALARM stopped: user/bob*'}",
        "{subject: '*StopLogging*', contains: [203.0.113.7, user/alice], count: 2}",
        "{json: {Trigger.Threshold: 1, AWSAccountId: 111122223333, AlarmDescription: null}}",
        "{json: {'$.Trailwarden.principals[0].principal': 'user/bob*', 'Trigger.Period': 60}}",
        "{json: {'OKActions[*]': '*:pager', OldStateValue: OK, Trailwarden.filters: [stops]}}",
    ],
)
def test_what_is_sent(cli: Cli, tmp_path: Path, expected: str) -> None:
    result = cli("test", written(tmp_path, expected))
    assert (result.status, result.out) == (0, f"ok   {tmp_path}/tests.yaml: t\n1 test, 0 failed\n")


def test_differences(cli: Cli, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "{at: 30m, topic: Alerts, subject: OK*, contains: [mallory], json: {Trigger.Period: 300}}",
        "{alarm: stopped, topic: security, state: OK, at: 30m}",
        "{topic: security, count: 3}",
    )
    result = cli("test", path)
    assert result.status == 1
    sent = "2025-01-01T00:03:00Z to security: ALARM stopped: user/alice"
    lines = [line.strip() for line in result.out.splitlines()]
    found = [line.split(": ", 1)[1] for line in lines if line.startswith(("expected", "came"))]
    assert [one.strip() for one in found][:1] == ["subject OK*"]
    assert found[1].strip().startswith("subject ALARM stopped: user/alice (111122223333) from 203.")
    assert [one.strip() for one in found[2:]] == [
        "text with 'mallory'",
        "text without it",
        "$.Trigger.Period = 300",
        "60",
        "a message of OK to security by 2025-01-01T00:30:00Z",
        "none",
        "3 such messages",
        "2 such messages",
    ]
    assert sum(line.startswith(sent) for line in lines) == 4
    assert "(tests[0].expect.notifications[2]): notification" in result.out


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{topic: securty}", "did you mean 'security'?"),
        ("{alarm: stoped}", "did you mean 'stopped'?"),
        ("{state: FINE}", "there is no state 'FINE'"),
        ("{at: 5m}", "nothing is expected of the notification"),
        ("{contains: x}", "must be a list"),
        ("{contains: [[x]]}", "must be a list of parts of the text"),
        ("{json: x}", "must be an object"),
        ("{json: {a..b: x}}", "the path cannot be read"),
        ("{count: many}", "is no count"),
        ("{subjct: x}", "did you mean 'subject'?"),
    ],
)
def test_mistakes(cli: Cli, tmp_path: Path, expected: str, message: str) -> None:
    result = cli("test", written(tmp_path, expected))
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert f"{tmp_path}/tests.yaml:11:" in result.err


def test_nothing_composes_them(tmp_path: Path) -> None:
    file = read_cases(str(written(tmp_path, "{alarm: stopped}")))
    with pytest.raises(ValueError, match="composes"):
        list(run_cases(file))


def test_a_text_is_told_from_a_number(cli: Cli, tmp_path: Path) -> None:
    result = cli("test", written(tmp_path, "{json: {Trigger.Threshold: '1'}}"))
    assert 'expected: $.Trigger.Threshold = "1"\n       came:     1.0\n' in result.out

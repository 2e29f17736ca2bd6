"""The page's example passes, and two filters of one name are both looked at."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from tests.records import log_file, record
from trailwarden.cli.test_notices import composing
from trailwarden.scan.cases import CaseResult, read_cases, run_cases

PAGE = Path(__file__).resolve().parents[3] / "docs" / "test.md"
STACK = """\
Parameters: {LogGroupName: {Type: String}}
Resources:
  Security: {Type: AWS::SNS::Topic, Properties: {TopicName: security}}
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: stop-logging-filter
      FilterPattern: '{ $.eventName = StopLogging }'
      LogGroupName: !Ref LogGroupName
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: trail-changes
      AlarmActions: [!Ref Security]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: 1
"""
ANOTHER = """\
  Deletes:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: stop-logging-filter
      FilterPattern: '{ $.eventName = DescribeInstances }'
      LogGroupName: another
      MetricTransformations:
        - {MetricName: Deletes, MetricNamespace: Sec, MetricValue: 1}
"""


def write(folder: Path, stack: str) -> str:
    example = re.search(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert example is not None
    (folder / "security.yaml").write_text(stack)
    (folder / "records.json.gz").write_bytes(gzip.compress(log_file([record()])))
    (folder / "tests.yaml").write_text(example[1])
    return str(folder / "tests.yaml")


def run(path: str) -> list[CaseResult]:
    file = read_cases(path)
    return list(run_cases(file, compose=composing(file.stack)))


def test_the_example_passes(tmp_path: Path) -> None:
    [result] = run(write(tmp_path, STACK))
    assert result.passed, result.mismatches


def test_the_lines_of_the_page_are_events(tmp_path: Path) -> None:
    lines = re.search(r"^```yaml\n(events:\n.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)
    assert lines is not None
    events = "".join(f"  {line}\n" for line in lines[1].splitlines())
    expect = "  expect: {matches: {cis-root-usage: 1, cis-iam-policy-changes: 3}}\n"
    path = tmp_path / "tests.yaml"
    path.write_text(f"stack: cis\ntests:\n- name: t\n{events}{expect}")
    [result] = run(str(path))
    assert result.passed, result.mismatches


def test_filters_of_one_name(tmp_path: Path) -> None:
    [result] = run(write(tmp_path, STACK + ANOTHER))
    assert [one.came for one in result.mismatches] == ["2 matches"]
    assert [line[21:] for line in result.mismatches[0].details] == [
        "DescribeInstances by role/Admin/bob (111122223333)",
        "DescribeInstances by user/alice (111122223333)",
    ]


def test_only_what_came_up_to_a_time(tmp_path: Path) -> None:
    path = Path(write(tmp_path, STACK))
    late = "StopLogging(user=eve) at 1h\n      - ec2:Describe"
    text = path.read_text().replace("ec2:Describe", late, 1).replace("filter: 1", "filter: 2")
    path.write_text(text.replace("{alarm: trail", "{at: 30m, alarm: trail"))
    [result] = run(str(path))
    assert result.passed, result.mismatches
    path.write_text(text)
    [result] = run(str(path))
    assert [one.came for one in result.mismatches] == [
        "2 changes",
        "principals user/alice (111122223333), user/eve (111122223333)",
    ]

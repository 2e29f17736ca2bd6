"""The example of the page passes, and two filters of one name are both looked at."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from tests.records import log_file, record
from trailwarden.scan.cases import read_cases, run_cases

PAGE = Path(__file__).resolve().parents[3] / "docs" / "test.md"
STACK = """\
Parameters: {LogGroupName: {Type: String}}
Resources:
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


def test_the_example_passes(tmp_path: Path) -> None:
    [result] = run_cases(read_cases(write(tmp_path, STACK)))
    assert result.passed, result.mismatches


def test_filters_of_one_name(tmp_path: Path) -> None:
    [result] = run_cases(read_cases(write(tmp_path, STACK + ANOTHER)))
    assert [one.came for one in result.mismatches] == ["2 matches"]
    assert [line[21:] for line in result.mismatches[0].details] == [
        "DescribeInstances by role/Admin/bob (111122223333)",
        "DescribeInstances by user/alice (111122223333)",
    ]


def test_only_what_came_up_to_a_time(tmp_path: Path) -> None:
    path = Path(write(tmp_path, STACK))
    late = '{at: 1h, event: StopLogging, source: cloudtrail, user: eve}\n      - {at: "00:00"'
    text = path.read_text().replace('{at: "00:00"', late).replace("filter: 1", "filter: 2")
    path.write_text(text.replace("{alarm: trail", "{at: 30m, alarm: trail"))
    [result] = run_cases(read_cases(str(path)))
    assert result.passed, result.mismatches
    path.write_text(text)
    [result] = run_cases(read_cases(str(path)))
    assert [one.came for one in result.mismatches] == [
        "2 changes",
        "principals user/alice (111122223333), user/eve (111122223333)",
    ]

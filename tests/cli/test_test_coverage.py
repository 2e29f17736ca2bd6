"""``trailwarden test --coverage``, and the tests that come with the built-in stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from trailwarden.stack.builtin import NAMES

Cli = Callable[..., Result]
STACK = """\
Resources:
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: changes
      FilterPattern: '{ $.eventName = "*Trail" && ($.a = "x*" || $.a = x || $.b = 1) }'
      LogGroupName: trail
      MetricTransformations:
        - {MetricName: Changes, MetricNamespace: Sec, MetricValue: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: loud
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Changes
      Namespace: Sec
      Period: 60
      Statistic: Sum
      Threshold: 0
  Quiet:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: quiet
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Changes
      Namespace: Sec
      Period: 60
      Statistic: Sum
      Threshold: 1
"""
TESTS = """\
stack: security.yaml
tests:
- name: one
  events: [{record: {eventName: UpdateTrail, a: xy, b: 2}}]
  expect: {matches: {changes: 1}}
"""
MORE = """\
stack: security.yaml
tests:
- name: two
  events:
  - {record: {eventName: UpdateTrail, a: y}}
  - {record: {eventName: GetTrailStatus, b: 1}}
  - {record: {eventName: UpdateTrail, b: 1}}
  expect: {matches: {changes: 1}}
"""


@pytest.fixture
def tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("security.yaml").write_text(STACK)
    Path("one.yaml").write_text(TESTS)
    Path("two.yaml").write_text(MORE)


@pytest.mark.usefixtures("tests")
def test_what_is_missing(cli: Cli) -> None:
    result = cli("test", "one.yaml", "--coverage")
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines() == [
        "ok   one.yaml: one",
        "1 test, 0 failed",
        "coverage of security: covered 0 of 3 clauses (0 %), 1 left out as redundant; "
        "1 of 2 alarms",
        "  changes  0 of 3  security.yaml:2",
        "    never false                        $.eventName = *Trail",
        "    never false                        $.a = x*",
        "    never true, false decided nothing  $.b = 1",
        "  alarms never in ALARM",
        "    quiet",
    ]


@pytest.mark.usefixtures("tests")
def test_a_filter_that_no_test_reaches(cli: Cli) -> None:
    Path("one.yaml").write_text(
        TESTS.replace("UpdateTrail", "x").replace("changes: 1", "changes: 0")
    )
    lines = cli("test", "one.yaml", "--coverage").out.splitlines()
    assert lines[3:4] == ["  changes  0 of 3  security.yaml:2  no test reaches it"]
    assert lines[4] == "  alarms never in ALARM"


@pytest.mark.usefixtures("tests")
def test_files_cover_a_stack_together(cli: Cli) -> None:
    result = cli("test", "one.yaml", "two.yaml", "--coverage", "--output", "json")
    [coverage] = json.loads(result.out)["coverage"]
    assert coverage["stack"] == "security"
    assert (coverage["covered"], coverage["clauses"], coverage["percent"]) == (3, 3, 100)
    [metric_filter] = coverage["filters"]
    assert (metric_filter["name"], metric_filter["line"]) == ("changes", 2)
    assert metric_filter["clauses"][2] == {
        "text": "$.a = x",
        "covered": False,
        "gaps": ["never true"],
        "redundant": "$.a = x*",
    }


@pytest.mark.usefixtures("tests")
def test_fail_under(cli: Cli) -> None:
    assert cli("test", "one.yaml", "--fail-under", "1").status == 1
    result = cli("test", "one.yaml", "two.yaml", "--fail-under", "100")
    assert result.status == 0
    assert "covered 3 of 3 clauses (100 %)" in result.out
    assert "changes  " not in result.out
    assert cli("test", "one.yaml", "--fail-under", "101").status == 2


@pytest.mark.usefixtures("tests")
def test_without_coverage_nothing_is_said_of_it(cli: Cli) -> None:
    assert "coverage" not in cli("test", "one.yaml").out
    assert "coverage" not in json.loads(cli("test", "one.yaml", "--output", "json").out)


@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_stacks(cli: Cli, name: str) -> None:
    result = cli("test", name, "--fail-under", "100", "--output", "json")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    [coverage] = found["coverage"]
    assert coverage["alarms_never_fired"] == []
    # Every filter is named by some test.
    assert len(found["tests"]) >= len(coverage["filters"]) > 0

"""Filters on log groups that the template's trail does not feed are not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.trail.builders import log_file, record
from trailwarden.cli.root import trailwarden as main
from trailwarden.scan import scan
from trailwarden.scan.cases.reader import read_cases
from trailwarden.stack import Stack, load
from trailwarden.stack.running import running, unfed_filters

GROUP = {"Type": "AWS::Logs::LogGroup"}
NAMED = {**GROUP, "Properties": {"LogGroupName": "trail"}}
ARN = {"Fn::GetAtt": ["Group", "Arn"]}


def stack_of(
    path: Path, *, reads: Any, feeds: Any = None, group: Any = NAMED, trail: bool = True,
    given: dict[str, str] | None = None, **more: Any,
) -> Stack:  # fmt: skip
    """A stack with one filter that ``reads`` a log group, and a trail that ``feeds`` one."""
    resources: dict[str, Any] = {
        "Stops": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "FilterName": "stops",
                "LogGroupName": reads,
                "FilterPattern": "{ $.eventName = StopLogging }",
                "MetricTransformations": [
                    {"MetricNamespace": "Sec", "MetricName": "Stops", "MetricValue": "1"}
                ],
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "stops",
                "Namespace": "Sec",
                "MetricName": "Stops",
                "Statistic": "Sum",
                "Period": 300,
                "EvaluationPeriods": 1,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            },
        },
        "Both": {
            "Type": "AWS::CloudWatch::CompositeAlarm",
            "Properties": {"AlarmName": "both", "AlarmRule": "ALARM(stops)"},
        },
        "Group": group,
        **more,
    }
    if trail:
        properties = {"IsLogging": True, "S3BucketName": "b", "TrailName": "t"}
        if feeds is not None:
            properties |= {
                "CloudWatchLogsLogGroupArn": feeds,
                "CloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/ct",
            }
        resources["Trail"] = {"Type": "AWS::CloudTrail::Trail", "Properties": properties}
    template = {
        "Parameters": {"Name": {"Type": "String"}, "Other": {"Type": "String"}},
        "Resources": resources,
    }
    path.mkdir(exist_ok=True)
    (path / "stack.json").write_text(json.dumps(template))
    return load(str(path / "stack.json"), given)


def literal(account: str, name: str) -> str:
    return f"arn:aws:logs:us-east-1:{account}:log-group:{name}:*"


NOT_RUN: dict[str, dict[str, Any]] = {
    "another name": {"reads": "/app/web", "feeds": ARN},
    "another, the trail's without a name": {"reads": "/app/web", "feeds": ARN, "group": GROUP},
    "another of the stack": {"reads": {"Ref": "App"}, "feeds": ARN, "group": GROUP, "App": GROUP},
    "case": {"reads": "Trail", "feeds": ARN},
    "a literal ARN": {"reads": "trail", "feeds": literal("111122223333", "other")},
    "another end of an unknown name": {
        "reads": {"Fn::Sub": "${Name}-app"}, "feeds": literal("111122223333", "x-trail"),
    },
    "one unknown part, two ends": {
        "reads": {"Fn::Sub": "${Name}-app"},
        "feeds": {"Fn::Sub": "arn:aws:logs:us-east-1:1:log-group:${Name}-trail:*"},
    },
    "a parameter with a value": {
        "reads": {"Ref": "Name"}, "feeds": ARN, "given": {"Name": "/app/web"},
    },
    "beside a trail to S3 only": {
        "reads": "/app/web", "feeds": ARN,
        "Second": {"Type": "AWS::CloudTrail::Trail",
                   "Properties": {"IsLogging": True, "S3BucketName": "b"}},
    },
}  # fmt: skip
RUN: dict[str, dict[str, Any]] = {
    "the trail's by reference": {"reads": {"Ref": "Group"}, "feeds": ARN},
    "the trail's by name": {"reads": "trail", "feeds": ARN},
    "without a name": {"reads": {"Ref": "Group"}, "feeds": ARN, "group": GROUP},
    "no trail": {"reads": "/app/web", "trail": False},
    "a trail to S3 only": {"reads": "/app/web"},
    "a parameter": {"reads": {"Ref": "Name"}, "feeds": ARN},
    "a parameter for the trail": {"reads": "trail", "feeds": {"Ref": "Name"}},
    "an import": {"reads": "trail", "feeds": {"Fn::ImportValue": "trail-group-arn"}},
    "an unknown beginning": {
        "reads": "x-trail",
        "feeds": {"Fn::Sub": "arn:aws:logs:us-east-1:1:log-group:${Name}-trail:*"},
    },
    "two parameters": {
        "reads": {"Ref": "Other"},
        "feeds": {"Fn::Sub": "arn:aws:logs:us-east-1:1:log-group:${Name}:*"},
    },
    "a trail of the organization, elsewhere": {
        "reads": "trail", "feeds": literal("999999999999", "org"),
        "given": {"AWS::AccountId": "111122223333"},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_RUN)
def test_filters_that_get_no_records_are_not_run(tmp_path: Path, name: str) -> None:
    stack = stack_of(tmp_path / "stack", **NOT_RUN[name])
    assert stack.metric_filters
    (tmp_path / "a.json").write_bytes(log_file(record(eventName="StopLogging")))
    outcome = scan(stack, tmp_path / "a.json")
    assert (outcome.filters, outcome.alarms) == ((), ())
    reasons = {(one.type.rpartition(":")[2], one.name): one.reason for one in outcome.stack.not_run}
    assert "no trail of the stack delivers to its log group" in reasons["MetricFilter", "stops"]
    assert reasons["Alarm", "stops"] == "the metric filter stops that feeds it is not run"
    assert reasons["CompositeAlarm", "both"] == "it refers to 'stops', which is not run"
    assert running(outcome.stack) == outcome.stack


@pytest.mark.parametrize("name", RUN)
def test_filters_that_may_get_records_are_run(tmp_path: Path, name: str) -> None:
    stack = stack_of(tmp_path, **RUN[name])
    assert unfed_filters(stack) == ()
    assert running(stack) is stack


def test_an_alarm_with_another_source_is_run(tmp_path: Path) -> None:
    second = {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": "trail",
            "FilterPattern": "{ $.eventName = DeleteTrail }",
            "MetricTransformations": [
                {"MetricNamespace": "Sec", "MetricName": "Stops", "MetricValue": "1"}
            ],
        },
    }
    stack = running(stack_of(tmp_path, reads="/app/web", feeds=ARN, Second=second))
    assert [one.filter_name for one in stack.metric_filters] == ["Second"]
    assert [alarm.alarm_name for alarm in stack.alarms] == ["stops"]
    assert len(stack.composite_alarms) == 1


def test_all_reports_and_commands_say_so(tmp_path: Path) -> None:
    stack_of(tmp_path / "s", reads="/app/web", feeds=ARN)
    stack = str(tmp_path / "s" / "stack.json")
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.json").write_bytes(log_file(record(eventName="StopLogging")))
    run = CliRunner().invoke
    result = run(main, ["scan", str(logs), "--stack", stack])
    assert "no trail of the stack delivers to its log group" in " ".join(result.output.split())
    result = run(main, ["scan", str(logs), "--stack", stack, "--output", "json"])
    (not_run, *_) = json.loads(result.output)["stack"]["not_run"]
    assert (not_run["name"], not_run["type"]) == ("stops", "AWS::Logs::MetricFilter")
    result = run(main, ["tune", str(logs), "--stack", stack, "--alarm", "stops"])
    assert "the alarm 'stops' is not run: the metric filter stops" in str(result.exception)
    tests = tmp_path / "s" / "tests.yaml"
    tests.write_text(
        "stack: stack.json\ntests:\n- name: a\n  events: [StopLogging]\n"
        "  expect: {matches: {stops: 1}}\n"
    )
    with pytest.raises(Exception, match="'stops' is not run: no trail of the stack"):
        read_cases(str(tests))

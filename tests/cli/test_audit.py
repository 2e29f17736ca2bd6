"""``trailwarden audit``: versions, formats, exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.cli.conftest import Result
from tests.shared_data import TEMPLATES
from tests.stack.live_aws import Front
from tests.stack.test_live import (
    HOME,
    front,  # noqa: F401 - a fixture
    put_alarm,
    put_filter,
    put_trail,
    server,  # noqa: F401 - a fixture
)
from trailwarden.stack.controls import VERSIONS

Cli = Callable[..., Result]
ORIGINAL = TEMPLATES / "original-cloudtrail.yaml"


def audited(cli: Cli, *arguments: object) -> Any:
    result = cli("audit", *arguments, "--output", "json")
    assert (result.status, result.err) == (0, "")
    return json.loads(result.out)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """One control of fifteen, with a threshold to choose."""
    path = tmp_path / "one.yaml"
    path.write_text("""\
Parameters:
  Most: {Type: Number, Default: 1}
Resources:
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterPattern: '{ ($.eventSource = kms.amazonaws.com) && ($.eventName = DisableKey) }'
      LogGroupName: trail
      MetricTransformations: [{MetricName: Keys, MetricNamespace: Sec, MetricValue: 1}]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [arn:aws:sns:us-east-1:111122223333:alerts]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Keys
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: !Ref Most
      TreatMissingData: notBreaching
""")
    return path


def test_the_built_in_stack_is_the_default(cli: Cli) -> None:
    result = cli("audit")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("trailwarden · cis from builtin:cis\n")
    lines = result.out.splitlines()
    assert lines[1] == (
        "  as far as filters and alarms go: 15 PASS (CIS 15 of 15; beyond CIS 15 of 15)"
    )
    assert lines[2].endswith("of CIS AWS Foundations 7.0.0, all the way to people: 15 UNKNOWN")


@pytest.mark.parametrize(
    ("options", "versions"),
    [
        ([], ["7.0.0"]),
        (["--version", "1.2.0"], ["1.2.0"]),
        (["--version", "5.0.0", "--version", "1.4.0", "--version", "5.0.0"], ["1.4.0", "5.0.0"]),
        (["--version", "all"], list(VERSIONS)),
        (["--version", "1.2.0", "--version", "all"], list(VERSIONS)),
    ],
)
def test_versions(cli: Cli, options: list[str], versions: list[str]) -> None:
    found = audited(cli, *options)
    assert found["benchmarks"] == versions
    assert list(dict.fromkeys(one["benchmark"] for one in found["controls"])) == versions


def test_parameters_are_given_to_the_template(cli: Cli, template: Path) -> None:
    found = audited(cli, "--stack", template, "--parameter", "Most=7", "--version", "1.2.0")
    (one,) = (one for one in found["controls"] if one["key"] == "cmk-disable-or-delete")
    assert any("from 7 events within 5 minutes" in f["message"] for f in one["findings"])
    assert (one["named"], one["status"]) == ({"caught": 1, "all": 2}, "FAIL")
    assert [escape["name"] for escape in one["escapes"] if escape["is_named"]] == [
        "ScheduleKeyDeletion"
    ]


def test_the_live_account(cli: Cli, front: Front) -> None:  # noqa: F811
    sns = boto3.client("sns", region_name=HOME)
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    put_trail()
    pattern = "{ ($.eventSource = kms.amazonaws.com) && ($.eventName = DisableKey) }"
    put_filter("keys", metric="Keys", pattern=pattern)
    put_alarm("keys-alarm", metric="Keys", AlarmActions=[topic])
    options = ("--stack", "aws", "--region", HOME, "--version", "1.2.0")

    def why() -> dict[str, str]:
        found = audited(cli, *options)
        (one,) = (one for one in found["controls"] if one["key"] == "cmk-disable-or-delete")
        assert one["filters"] == ["keys"]
        return {f["code"]: f["severity"] for f in one["findings"] if f["part"] == "way"}

    assert why() == {"no-subscriber": "fail"}
    front.faults["ListSubscriptionsByTopic"] = "AccessDenied"
    assert why() == {"no-subscriber": "unknown"}
    del front.faults["ListSubscriptionsByTopic"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{HOME}:123456789012:q")
    assert why() == {}


def test_several_outputs_at_once(cli: Cli, tmp_path: Path) -> None:
    names = ("json", "csv", "html", "ocsf", "junit")
    options = [f"--output={name}={tmp_path / name}" for name in names]
    result = cli("audit", "--output", "terminal", *options)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("trailwarden")
    begins = [(tmp_path / name).read_text()[:5] for name in names]
    assert begins == ['{\n "s', "bench", "<!DOC", '[\n {"', "<?xml"]


@pytest.mark.parametrize(
    ("stack", "fail_on", "status"),
    [
        ("cis", [], 0),
        ("cis", ["fail"], 0),
        ("cis", ["weak"], 0),
        ("cis", ["beyond"], 0),
        ("cis", ["unknown"], 1),
        ("cis", ["prowler", "powerpipe"], 0),
        ("cis", ["security-hub"], 1),
        ("cis-1.2.0", ["fail"], 0),
        ("cis-1.2.0", ["weak"], 1),
        ("cis-1.2.0", ["beyond"], 1),
        ("cis-1.2.0", ["unknown"], 1),
        ("cis-1.2.0", ["powerpipe"], 1),
        ("cis-1.2.0", ["security-hub"], 0),
        ("cis-1.2.0", ["fail", "powerpipe"], 1),
    ],
)
def test_failing_on_request(cli: Cli, stack: str, fail_on: list[str], status: int) -> None:
    options = [part for one in fail_on for part in ("--fail-on", one)]
    result = cli("audit", "--stack", stack, "--version", "1.2.0", *options)
    assert (result.status, result.err) == (status, "")
    assert result.out.startswith("trailwarden")  # the report is written all the same


def test_failing_controls_fail(cli: Cli, template: Path) -> None:
    assert cli("audit", "--stack", template).status == 0
    for fail_on in ("fail", "weak", "unknown", "prowler"):
        assert cli("audit", "--stack", template, "--fail-on", fail_on).status == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--version", "1.6"],
            "the benchmark has no version '1.6'\n  cure: name one of 1.2.0, 1.3.0",
        ),
        (["--version", "\x1b[2J"], r"no version '\\x1b[2J'"),
        (["--stack", "cos"], "there is no stack 'cos'"),
        (["--stack", "no.yaml"], "there is no template 'no.yaml'"),
        (["--output", "ocfs"], "did you mean 'ocsf'?"),
        (["--output", "csv", "--output", "html"], "both go to standard output"),
        (["--fail-on", "pass"], "'pass' is not one of"),
        (["--region", "eu-west-1"], "a region can be chosen with --stack aws only"),
        (["--parameter", "A"], "is not NAME=VALUE"),
        (["--parameter", "No=1"], "No"),
        (["--stack", "aws", "--parameter", "A=b"], "the live account has no parameters"),
        (["cis"], "unexpected extra argument"),
    ],
)
def test_bad_usage(cli: Cli, arguments: list[str], message: str) -> None:
    result = cli("audit", *arguments)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err


@pytest.mark.skipif(not ORIGINAL.exists(), reason=f"no template in {TEMPLATES}")
def test_the_original_template(cli: Cli) -> None:
    result = cli("audit", "--stack", ORIGINAL, "--version", "1.2.0", "--fail-on", "weak")
    assert result.status == 1
    assert "CIS 1.2.0  14 UNKNOWN; beyond CIS 1 of 14" in result.out


@pytest.mark.parametrize("text", ["3", "3.0", "v3.0.0", "3.0.0"])
def test_a_version_may_be_written_in_short(cli: Cli, text: str) -> None:
    result = cli("audit", "--version", text, "--output", "json")
    assert json.loads(result.out)["benchmarks"] == ["3.0.0"]


@pytest.mark.parametrize("text", ["1", "3.", "", "v", "3.0.0.0"])
def test_a_version_must_be_one(cli: Cli, text: str) -> None:
    result = cli("audit", "--version", text)
    assert result.status == 2
    assert "name one of 1.2.0, " in result.err

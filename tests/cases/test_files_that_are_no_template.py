"""A file that cannot be used is a finding of its own; what it is, is named, and how to get ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trailwarden.cli.root import trailwarden
from trailwarden.errors import DefinitionError
from trailwarden.stack import load

BROKEN = """\
Resources:
  F:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{ $.eventName == "StopLogging" }'
      MetricTransformations: [{MetricNamespace: Sec, MetricName: Stops, MetricValue: "x"}]
"""
SOUND = BROKEN.replace("==", "=").replace('"x"', '"1"')
FILES = [
    (
        "main.tf",
        'resource "aws_cloudwatch_log_metric_filter" "f" {\n  name = "f"\n}\n',
        "Terraform configuration",
    ),
    ("plan.json", '{"format_version": "1.2", "planned_values": {}}', "Terraform plan"),
    (
        "s.json",
        '{"version": 4, "terraform_version": "1.9", "serial": 3, "resources": []}',
        "Terraform state",
    ),
    ("main.tf.json", '{"//": "x", "resource": {}, "terraform": {}}', "Terraform"),
    ("f.json", '{"metricFilters": [{"filterName": "f"}]}', "describe-metric-filters"),
    ("a.json", '{"MetricAlarms": [], "CompositeAlarms": []}', "describe-alarms"),
    ("a.yaml", "MetricAlarms:\n- AlarmName: a\n", "describe-alarms"),
    ("serverless.yml", "service: s\nprovider:\n  name: aws\nfunctions: {}\n", "Serverless"),
    (
        "p.yaml",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "Git LFS",
    ),
    ("k.yaml", "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n", "Kubernetes"),
    ("stack.ts", "import * as cdk from 'aws-cdk-lib';\nnew cdk.App();\n", "cdk synth"),
    ("cdk.json", '{"app": "npx ts-node bin/a.ts"}', "cdk synth"),
    ("log.json", '{"Records": [{"eventName": "StopLogging"}]}', "log file of CloudTrail"),
    ("page.yaml", "<!DOCTYPE html>\n<html></html>\n", "page of the web"),
    ("params.json", '[{"ParameterKey": "A", "ParameterValue": "b"}]', "file of parameters"),
    ("d.json", '{"Stacks": [{"StackName": "a"}]}', "get-template"),
    ("rule.yml", "title: t\nlogsource: {}\ndetection: {}\n", "Sigma"),
    ("c.yml", "services:\n  a: {image: b}\n", "Docker Compose"),
    ("pol.json", '{"Version": "2012-10-17", "Statement": []}', "policy of IAM"),
]


def lint(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        trailwarden, ["lint", *map(str, arguments)], standalone_mode=False, catch_exceptions=False
    )


@pytest.mark.parametrize(("name", "text", "words"), FILES, ids=[file[0] for file in FILES])
def test_another_format_is_named(name: str, text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load(str(path))
    assert words in str(caught.value)
    assert caught.value.cure
    result = lint(path)
    assert result.return_value == 2
    assert "TW000" in result.output


def test_a_packed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\x1f\x8b\x08\x00\x00")
    with pytest.raises(DefinitionError, match="packed with gzip"):
        load(str(path))


def test_what_synth_writes_for_terraform_is_named(tmp_path: Path) -> None:
    path = tmp_path / "main.tf.json"
    written = CliRunner().invoke(trailwarden, ["stack", "synth", "--format", "terraform"])
    path.write_text(written.stdout, "utf-8")
    with pytest.raises(DefinitionError, match="Terraform"):
        load(str(path))


def test_a_template_with_a_mistake_is_still_a_template(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("apiVersion: 1\nkind: x\nResources: {}\n", "utf-8")
    with pytest.raises(DefinitionError, match="'apiVersion' is not a section"):
        load(str(path))


@pytest.mark.parametrize("order", [("good", "bad"), ("bad", "good")])
def test_a_broken_template_is_a_finding_and_the_others_go_on(
    order: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "good.yaml").write_text(SOUND, "utf-8")
    (tmp_path / "bad.yaml").write_text(BROKEN, "utf-8")
    paths = [tmp_path / f"{name}.yaml" for name in order]
    sarif, junit = tmp_path / "f.sarif", tmp_path / "f.xml"
    outputs = ["--output", f"sarif={sarif}", "--output", f"junit={junit}", "--output", "github"]
    result = lint(*paths, *outputs)
    assert result.return_value == 2
    found = json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    where = {
        (
            one["ruleId"],
            Path(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).name,
        )
        for one in found
    }
    assert ("TW000", "bad.yaml") in where
    assert ("TW004", "good.yaml") in where
    broken = [one for one in found if one["ruleId"] == "TW000"]
    lines = [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in broken]
    assert lines == [6, 7]  # both mistakes
    assert "TW000" in junit.read_text("utf-8")
    assert "::error file=" in result.output


def test_fixing_goes_on_with_the_others(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    alarm = """\
  A:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: Sec, MetricName: Stops, Statistic: Maximum, Period: 300, Threshold: 5,
      EvaluationPeriods: 1, ComparisonOperator: GreaterThanThreshold, AlarmActions: [t]}
"""
    good.write_text(SOUND + alarm, "utf-8")
    bad.write_text("Resources: {A: {Typ: 2}}\n", "utf-8")
    result = lint(bad, good, "--fix")
    assert result.return_value == 2
    assert "Statistic: Sum" in good.read_text("utf-8")
    assert "TW000" in result.output


@pytest.mark.parametrize(
    "wrap",
    [
        lambda body: {"TemplateBody": body, "StagesAvailable": ["Original"]},
        lambda body: {"TemplateBody": json.dumps(body), "StagesAvailable": ["Original"]},
        lambda body: {"StackSet": {"TemplateBody": json.dumps(body)}},
        json.dumps,
        lambda body: body,
    ],
)
def test_what_the_cli_prints_around_a_template(wrap: object, tmp_path: Path) -> None:
    import yaml

    body = yaml.safe_load(SOUND)
    path = tmp_path / "t.json"
    path.write_text(json.dumps(wrap(body), indent=1), "utf-8")  # type: ignore[operator]
    stack = load(str(path))
    assert [one.filter_name for one in stack.metric_filters] == ["F"]
    assert next(iter(stack.locations.values())).line is not None


def test_a_text_of_yaml_in_what_the_cli_prints(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{\n"TemplateBody": ' + json.dumps(SOUND) + "}", "utf-8")
    stack = load(str(path))
    assert stack.locations["MetricFilter", "F"].line == 2
    path.write_text('{\n"TemplateBody": ' + json.dumps(BROKEN) + "}", "utf-8")
    result = lint(path)
    assert result.return_value == 2
    assert "t.json:2:" in result.output

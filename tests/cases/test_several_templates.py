"""Several templates, nested ones and a folder of CDK's are one stack."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from trailwarden.cli.root import trailwarden
from trailwarden.errors import DefinitionError, UsageError
from trailwarden.settings import read_settings
from trailwarden.stack import Stack, load
from trailwarden.stack.lint import lint

CHAIN = """\
Parameters:
  AlertTopicArn: {Type: String%s}
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{ $.eventName = "StopLogging" }'
      MetricTransformations: [{MetricNamespace: Sec, MetricName: Stops, MetricValue: "1"}]
  StopsAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: Sec, MetricName: Stops, Statistic: Sum, Period: 300, Threshold: 1,
      EvaluationPeriods: 1, ComparisonOperator: GreaterThanOrEqualToThreshold,
      AlarmActions: [!Ref AlertTopicArn]}
"""
TOPIC = """\
Resources:
  Alerts: {Type: AWS::SNS::Topic}
  Mail:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Alerts, Protocol: email, Endpoint: security@example.com}
Outputs:
  %s: {Value: !Ref Alerts%s}
"""


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)

    return write


def tells(stack: Stack) -> bool:
    """Whether the alarm reaches the topic of the other template, and who subscribes to it."""
    [topic] = stack.topics
    return stack.alarms[0].alarm_actions == (topic.arn,) == (stack.subscriptions[0].topic_arn,)


# --- references ------------------------------------------------------------------------------
@pytest.mark.parametrize("output", ["AlertTopicArn", "alertTopicARN", "SnsArn"])
@pytest.mark.parametrize("first", [0, 1])
def test_an_output_feeds_a_parameter(write, output: str, first: int) -> None:  # type: ignore[no-untyped-def]
    paths = [write("chain.yaml", CHAIN % ""), write("topic.yaml", TOPIC % (output, ""))]
    stack = load(paths if first == 0 else paths[::-1])
    assert tells(stack)
    assert "unknown-topic" not in [note.code for note in stack.notes]
    is_guess = output == "SnsArn"
    assert ("linked-by-kind" in [note.code for note in stack.notes]) is is_guess


def test_two_outputs_of_a_kind_feed_nothing(write) -> None:  # type: ignore[no-untyped-def]
    two = TOPIC % ("OneArn", "") + "  OtherArn: {Value: !Ref Alerts}\n"
    stack = load(write("chain.yaml", CHAIN % ""), write("topic.yaml", two))
    assert stack.alarms[0].alarm_actions == ("${AlertTopicArn}",)


def test_what_is_given_goes_over_an_output(write) -> None:  # type: ignore[no-untyped-def]
    paths = [write("chain.yaml", CHAIN % ""), write("topic.yaml", TOPIC % ("AlertTopicArn", ""))]
    arn = "arn:aws:sns:us-east-1:111122223333:given"
    stack = load(paths, {"AlertTopicArn": arn})
    assert stack.alarms[0].alarm_actions == (arn,)
    with pytest.raises(DefinitionError, match="no parameter 'Nobody'"):
        load(paths, parameters={"Nobody": "x"})


@pytest.mark.parametrize(
    ("export", "imported"),
    [
        ("shared-topic", "shared-topic"),
        ("!Sub '${AWS::StackName}-Topic'", "!Sub 'topic-Topic'"),
        ("!Sub '${AWS::StackName}-Topic'", "!Sub '${Network}-Topic'"),
        ("!Sub '${AWS::StackName}-Topic'", "prod-alerts-Topic"),
    ],
)
def test_an_export_is_imported(write, export: str, imported: str) -> None:  # type: ignore[no-untyped-def]
    chain = (CHAIN % "").replace("!Ref AlertTopicArn", f"{{'Fn::ImportValue': {imported}}}")
    if "Network" in imported:
        chain = chain.replace("Parameters:", "Parameters:\n  Network: {Type: String}")
    stack = load(
        write("chain.yaml", chain),
        write("topic.yaml", TOPIC % ("Arn", f", Export: {{Name: {export}}}")),
    )
    assert tells(stack)


def test_two_templates_that_hand_on_the_same_name(write) -> None:  # type: ignore[no-untyped-def]
    handing = "Outputs:\n  AlertTopicArn: {Value: !Ref AlertTopicArn}\n"
    stack = load(write("a.yaml", CHAIN % "" + handing), write("b.yaml", CHAIN % "" + handing))
    assert stack.alarms[0].alarm_actions == ("${AlertTopicArn}",)


# --- names -----------------------------------------------------------------------------------
def test_ids_that_two_templates_have_are_told_apart(write) -> None:  # type: ignore[no-untyped-def]
    own = (CHAIN % "").replace("Parameters:\n  AlertTopicArn: {Type: String}\n", "").replace(
        "AlertTopicArn", "Alerts"
    ) + "  Alerts: {Type: AWS::SNS::Topic}\n"
    stack = load(write("a.yaml", own), write("b.yaml", own))
    assert [alarm.alarm_name for alarm in stack.alarms] == ["StopsAlarm", "b-StopsAlarm"]
    first, second = stack.alarms
    assert first.alarm_actions != second.alarm_actions
    assert {first.alarm_actions[0], second.alarm_actions[0]} == {t.arn for t in stack.topics}


def test_a_name_that_two_templates_give_is_told(write) -> None:  # type: ignore[no-untyped-def]
    named = (CHAIN % "").replace("Properties: {Name", "Properties: {AlarmName: stops, Name")
    stack = load(write("a.yaml", named), write("b.yaml", named))
    assert [alarm.alarm_name for alarm in stack.alarms] == ["stops"]
    assert "defined-twice" in [note.code for note in stack.notes]


def test_one_template_given_twice_is_told(write) -> None:  # type: ignore[no-untyped-def]
    path = write("chain.yaml", CHAIN % "")
    stack = load([path, path])
    assert len(stack.alarms) == 1
    assert "given-twice" in [note.code for note in stack.notes]


def test_the_mistakes_of_all_templates_are_told_at_once(write) -> None:  # type: ignore[no-untyped-def]
    bad = (CHAIN % "").replace("Period: 300", "Period: 7")
    with pytest.raises(DefinitionError) as caught:
        load(write("a.yaml", bad), write("b.yaml", bad), write("c.yaml", "Resource: {}"))
    assert "c.yaml" in str(caught.value)
    with pytest.raises(DefinitionError) as caught:
        load(write("a.yaml", bad), write("b.yaml", bad))
    assert all(name in str(caught.value) for name in ("a.yaml:", "b.yaml:"))


def test_the_live_account_stands_alone(write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match="cannot be one stack"):
        load(["aws", write("a.yaml", CHAIN % "")])


def test_a_built_in_stack_and_a_template(write) -> None:  # type: ignore[no-untyped-def]
    stack = load("cis", write("a.yaml", CHAIN % ""))
    assert len(stack.alarms) == len(load("cis").alarms) + 1


# --- nested stacks ---------------------------------------------------------------------------
PARENT = """\
Parameters: {Bucket: {Type: String}}
Resources:
  Notify:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: %s}
  Watch:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/chain.yaml
      Parameters: {AlertTopicArn: !GetAtt Notify.Outputs.Arn}
"""


@pytest.mark.parametrize(
    "url",
    [
        "nested/topic.yaml",
        "./nested/topic.yaml",
        "https://s3.amazonaws.com/bucket/releases/nested/topic.yaml",
        "!Sub 'https://${Bucket}.s3.amazonaws.com/nested/topic.yaml'",
    ],
)
def test_nested_templates_beside_their_parent(write, url: str) -> None:  # type: ignore[no-untyped-def]
    write("nested/topic.yaml", TOPIC % ("Arn", ""))
    write("nested/chain.yaml", CHAIN % "")
    stack = load(write("parent.yaml", PARENT % url))
    assert tells(stack)
    assert stack.not_run == ()


def test_a_nested_template_that_is_not_there_is_not_run(write) -> None:  # type: ignore[no-untyped-def]
    stack = load(write("parent.yaml", PARENT % "'https://example.com/topic.yaml'"))
    assert [item.name for item in stack.not_run] == ["Notify", "Watch"]


def test_stacks_that_nest_themselves_end(write) -> None:  # type: ignore[no-untyped-def]
    nested = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: me.yaml}}"
    own = f"Resources:\n  Me: {nested}\n"
    assert load(write("me.yaml", own)).alarms == ()


@pytest.mark.parametrize("operator", ["=", "=="])
def test_the_template_in_a_stack_set(write, operator: str) -> None:  # type: ignore[no-untyped-def]
    body = (CHAIN % "").replace("eventName =", f"eventName {operator}").replace("\n", "\n        ")
    outer = (
        "Resources:\n  Everywhere:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
        "      StackSetName: s\n      PermissionModel: SERVICE_MANAGED\n"
        f"      TemplateBody: |\n        {body}\n"
    )
    path = write("set.yaml", outer)
    if operator == "=":
        assert len(load(path).metric_filters) == 1
        return
    with pytest.raises(DefinitionError) as caught:
        load(path)
    assert caught.value.location is not None
    assert (caught.value.location.line, "TemplateBody" in (caught.value.location.key or "")) == (
        7,
        True,
    )


def test_a_stack_set_may_name_its_alarms_as_the_template_around_it_does(write) -> None:  # type: ignore[no-untyped-def]
    inner = (CHAIN % "").replace("{Namespace", "{AlarmName: stops, Namespace")
    outer = (
        f"{inner}\n  Everywhere:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
        "      StackSetName: s\n      PermissionModel: SERVICE_MANAGED\n      TemplateBody: |\n"
        + textwrap.indent(inner, " " * 8)
    )
    stack = load(write("set.yaml", outer))
    assert len(stack.alarms) == 1
    assert "defined-twice" in [note.code for note in stack.notes]


# --- CDK -------------------------------------------------------------------------------------
def test_a_folder_of_cdk(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write("cdk.out/Chain.template.json", as_json(CHAIN % ""))
    write("cdk.out/assembly-Prod/Topic.template.json", as_json(TOPIC % ("AlertTopicArn", "")))
    stack = {"type": "aws:cloudformation:stack"}
    inner = {"T": {**stack, "properties": {"templateFile": "Topic.template.json"}}}
    write("cdk.out/assembly-Prod/manifest.json", json.dumps({"artifacts": inner}))
    outer = {
        "C": {**stack, "properties": {"templateFile": "Chain.template.json", "stackName": "c"}},
        "P": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
        "Odd": {**stack, "properties": {"templateFile": "../../etc/passwd"}},
        "Tree": {"type": "cdk:tree"},
    }
    write("cdk.out/manifest.json", json.dumps({"version": "36", "artifacts": outer}))
    for name in ("cdk.out", "cdk.out/manifest.json"):
        assert tells(load(tmp_path / name))


def test_a_folder_of_cdk_without_its_manifest(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write("cdk.out/Chain.template.json", as_json(CHAIN % ""))
    write("cdk.out/Topic.template.json", as_json(TOPIC % ("AlertTopicArn", "")))
    assert tells(load(tmp_path / "cdk.out"))


def test_a_folder_without_templates_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template of CDK"):
        load(tmp_path)


def as_json(text: str) -> str:
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})
    return json.dumps(yaml.load(text, Loader=Loader))


# --- on the command line ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "command",
    [
        ["stack", "show", "A", "B", "--output", "json"],
        ["stack", "show", "--stack", "A", "--stack", "B", "--output", "json"],
        ["lint", "--stack", "A", "--stack", "B", "--output", "json"],
        ["audit", "--stack", "A", "--stack", "B", "--output", "json"],
        ["scan", "LOGS", "--stack", "A", "--stack", "B", "--output", "json"],
        ["tune", "LOGS", "--stack", "A", "--stack", "B", "--output", "json"],
        ["stack", "cost", "LOGS", "--stack", "A", "--stack", "B", "--output", "json"],
        ["explain", "LOGS", "--stack", "A", "--stack", "B", "--filter", "Stops"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_command_merges(write, command: list[str]) -> None:  # type: ignore[no-untyped-def]
    record = {
        "eventVersion": "1.08", "eventID": "11111111-2222-4333-8444-555555555555",
        "eventTime": "2025-03-05T11:00:00Z", "eventName": "StopLogging",
        "eventSource": "cloudtrail.amazonaws.com", "awsRegion": "us-east-1",
    }  # fmt: skip
    later = {
        **record,
        "eventID": "21111111-2222-4333-8444-555555555555",
        "eventTime": "2025-03-08T11:00:00Z",
    }
    names = {
        "A": write("chain.yaml", CHAIN % ""),
        "B": write("topic.yaml", TOPIC % ("AlertTopicArn", "")),
        "LOGS": write("log.json", json.dumps({"Records": [record, later]})),
    }
    arguments = [names.get(word, word) for word in command]
    result = CliRunner().invoke(trailwarden, arguments, standalone_mode=False)
    assert result.exception is None, result.exception
    assert result.return_value in (0, 1)
    assert "unknown-topic" not in result.output
    assert "TW408" not in result.output


def test_tests_of_several_templates(write) -> None:  # type: ignore[no-untyped-def]
    write("chain.yaml", CHAIN % "")
    write("topic.yaml", TOPIC % ("AlertTopicArn", ""))
    cases = write(
        "tests.yaml",
        "stack: [chain.yaml, topic.yaml]\ntests:\n  - name: a\n    events: [StopLogging at 00:00]\n"
        "    expect: {matches: {Stops: 1}}\n",
    )
    result = CliRunner().invoke(trailwarden, ["test", cases], standalone_mode=False)
    assert result.exception is None, result.exception


def test_settings_name_several_templates(write) -> None:  # type: ignore[no-untyped-def]
    path = write("trailwarden.toml", '[watch]\nstack = ["chain.yaml", "topic.yaml"]\n')
    settings = read_settings(Path(path), options={}, environment={})
    assert settings.stack == ("chain.yaml", "topic.yaml")


def test_findings_stand_in_their_own_files(write) -> None:  # type: ignore[no-untyped-def]
    paths = [write("chain.yaml", CHAIN % ""), write("topic.yaml", TOPIC % ("AlertTopicArn", ""))]
    found = {(one.code, Path(one.location.source).name) for one in lint(load(paths))}
    assert ("TW407", "topic.yaml") in found

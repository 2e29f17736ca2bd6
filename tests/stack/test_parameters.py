from __future__ import annotations

import pytest

from tests.stack.templates import FILTER, load_resources, load_text, value_of
from trailwarden.errors import DefinitionError, DefinitionErrors, Location

HEAD = """\
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Period: {Type: Number, Default: 300, MinValue: 60, MaxValue: 3600}
  Email: {Type: String, AllowedPattern: '[^@]+@[^@]+', MinLength: 3, MaxLength: 20}
  Ports: {Type: List<Number>, Default: '1,2'}
  Secret: {Type: String, NoEcho: true, MinLength: 8}
  Odd: {Type: String, AllowedPattern: '(?=x)x'}
  Flag: {Type: String, Default: yes, AllowedValues: [yes, no]}
  Account: {Type: String, Default: 012345670123}
"""


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Env", "test", "'test' of the parameter Env is none of its AllowedValues: dev, prod"),
        ("Period", "30", "'30' of the parameter Period is below its MinValue 60"),
        ("Period", "7200", "'7200' of the parameter Period is above its MaxValue 3600"),
        ("Period", "5m", "'5m' of the parameter Period is not a number"),
        ("Period", "9" * 1000, f"{'9' * 99 + '…'!r} of the parameter Period is not a number"),
        ("Email", "x", "'x' of the parameter Email is shorter than its MinLength 3"),
        ("Email", "x" * 21, f"{'x' * 21!r} of the parameter Email is longer than its MaxLength 20"),
        (
            "Email",
            "a@b@c",
            "'a@b@c' of the parameter Email does not match its AllowedPattern [^@]+@[^@]+",
        ),
        ("Ports", "80,http", "'http' of the parameter Ports is not a number"),
        ("Secret", "hunter2", "the value of the parameter Secret is shorter than its MinLength 8"),
        (
            "Account",
            "x" * 5000,
            f"{'x' * 99 + '…'!r} of the parameter Account is longer than 4,096 characters",
        ),
    ],
)
def test_a_value_that_is_not_allowed(name: str, value: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        value_of("x", HEAD, {name: value})
    assert caught.value.message == message
    assert caught.value.cure == f"give another value: --parameter {name}=VALUE"
    line = next(n for n, text in enumerate(HEAD.splitlines(), 1) if text.startswith(f"  {name}:"))
    assert caught.value.location == Location("t.yaml", line, 3, f"Parameters.{name}")


@pytest.mark.parametrize(
    ("name", "value"),
    [("Env", "prod"), ("Period", "60"), ("Email", "a@b"), ("Ports", "80, 443"), ("Flag", "false")],
)
def test_a_value_that_is_allowed(name: str, value: str) -> None:
    assert value_of("ok", HEAD, {name: value}) == "ok"


def test_a_default_that_is_not_allowed_is_none() -> None:
    head = "Parameters:\n  A: {Type: String, Default: '', AllowedPattern: '.+'}\n"
    assert value_of("!Ref A", head) == "${A}"
    [note] = load_text(f"{head}Resources: {{}}").notes[:1]
    assert (note.code, str(note.location)) == (
        "default-not-allowed",
        "t.yaml:2:30 (Parameters.A)",
    )
    with pytest.raises(DefinitionError, match="does not match"):
        value_of("!Ref A", head, {"A": ""})


def test_an_unknown_parameter_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(DefinitionErrors) as caught:
        value_of("x", HEAD, {"Enw": "prod", "AWS::Regoin": "eu-west-1", "zzz": ""})
    assert [(error.message, error.cure) for error in caught.value.errors] == [
        ("the template has no parameter 'Enw'", "did you mean 'Env'?"),
        ("the template has no parameter 'AWS::Regoin'", "did you mean 'AWS::Region'?"),
        (
            "the template has no parameter 'zzz'",
            "its parameters are: Env, Period, Email, Ports, Secret, Odd, Flag, Account",
        ),
    ]


@pytest.mark.parametrize(("name", "value"), [("AWS::AccountId", "123"), ("AWS::Region", "Ohio")])
def test_an_account_or_region_that_cannot_be(name: str, value: str) -> None:
    with pytest.raises(DefinitionError, match=f"{name} cannot be '{value}'"):
        value_of("x", HEAD, {name: value})


def test_yes_is_true_and_a_number_keeps_its_leading_zero() -> None:
    text = value_of("!Sub '${Flag} ${Account} ${Ports}'", HEAD.replace("List<Number>", "String"))
    assert text == "true 012345670123 1,2"


def test_a_number_that_cloudformation_reads_as_octal_is_noted() -> None:
    [note] = [n for n in load_text(HEAD + "Resources: {}").notes if n.code == "octal-number"]
    assert str(note.location) == "t.yaml:9:36 (Parameters.Account.Default)"
    assert "octal number, 1402433619" in note.message


def test_a_pattern_that_cannot_be_checked_is_noted() -> None:
    stack = load_text(HEAD + "Resources: {}", {"Odd": "x"})
    assert [note.code for note in stack.notes if "Odd" in note.message] == ["pattern-not-checked"]


@pytest.mark.parametrize(
    ("declaration", "place", "message"),
    [
        ("{Default: x}", "t.yaml:2:3 (Parameters.A)", "the parameter has no Type"),
        ("{Type: String, Default: }", "t.yaml:2:30 (Parameters.A.Default)", "no null values"),
        (
            "{Type: String, Default: [x]}",
            "t.yaml:2:30 (Parameters.A.Default)",
            "must be a single value",
        ),
        ("String", "t.yaml:2:6 (Parameters.A)", "must be an object, not a single value"),
        (
            "{Type: String, Default: x, MinLength: y}",
            "t.yaml:2:44 (Parameters.A.MinLength)",
            "must be a number",
        ),
    ],
)
def test_a_declaration_that_is_wrong(declaration: str, place: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_text(f"Parameters:\n  A: {declaration}\nResources: {{}}\n")
    assert str(caught.value.location) == place
    assert message in caught.value.message


def test_a_value_that_must_be_known_asks_for_its_parameter() -> None:
    alarm = """\
Type: AWS::CloudWatch::Alarm
Properties:
  AlarmActions: !Ref Topics
  ComparisonOperator: GreaterThanThreshold
  EvaluationPeriods: 1
  MetricName: !Ref Metric
  Namespace: N
  Period: !Ref Period
  Statistic: Sum
  Threshold: !Ref AWS::AccountId
"""
    a_filter = FILTER.replace("MetricName: Stops", "MetricName: !Ref Metric").replace("Sec", "N")
    head = """\
Parameters:
  Period: {Type: Number}
  Metric: {Type: String}
  Topics: {Type: CommaDelimitedList}
"""
    with pytest.raises(DefinitionErrors) as caught:
        load_resources({"A": alarm, "F": a_filter}, head)
    assert [(str(error.location), error.cure) for error in caught.value.errors] == [
        ("t.yaml:15:15 (Resources.A.Properties.Period)", "give --parameter Period=VALUE"),
        (
            "t.yaml:17:18 (Resources.A.Properties.Threshold)",
            "give --parameter AWS::AccountId=VALUE",
        ),
    ]
    stack = load_resources(
        {"A": alarm}, head, {"Period": "60", "AWS::AccountId": "123456789012", "Topics": "t, u"}
    )
    assert stack.alarms[0].period == 60
    assert stack.alarms[0].threshold == 123456789012.0
    assert stack.alarms[0].alarm_actions == ("t", "u")
    assert stack.alarms[0].metric_name == "${Metric}"
    assert stack.account == "123456789012"


@pytest.mark.parametrize("name", ["AWS::Region", "a-b", "''"])
def test_a_name_that_no_parameter_may_have(name: str) -> None:
    with pytest.raises(DefinitionError, match="a parameter cannot be called") as caught:
        load_text(f"Parameters:\n  {name}: {{Type: String}}\nResources: {{}}\n")
    assert caught.value.location is not None
    assert (caught.value.location.line, caught.value.location.column) == (2, 3)

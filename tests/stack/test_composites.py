from __future__ import annotations

import pytest

from tests.stack.templates import ALARM, load_resources
from trailwarden.errors import DefinitionError

MATH = ALARM.replace("MetricName: Stops", "Metrics: [{Id: m, Expression: a+b}]")


def composite(rule: str, more: str = "") -> str:
    return (
        f"Type: AWS::CloudWatch::CompositeAlarm\nProperties:\n  AlarmRule: {rule}\n"
        f"  AlarmActions: [t]\n{more}"
    )


def test_rules_name_alarms_by_logical_id_name_and_arn() -> None:
    named = ALARM + "  AlarmName: !Sub '${AWS::StackName} root'\n"
    stack = load_resources(
        {
            "One": ALARM,
            "Two": named,
            "All": composite(
                """!Sub 'ALARM(${One}) AND ALARM("${Two}") AND ALARM("${Two.Arn}")'"""
            ),
            "Plain": composite("'ALARM(One)'"),
        }
    )
    first, second = stack.composite_alarms
    assert first.alarm_rule == (
        'ALARM(One) AND ALARM("my-stack root") AND '
        'ALARM("arn:aws:cloudwatch:us-east-1::alarm:my-stack root")'
    )
    assert (first.alarm_name, second.alarm_rule) == ("All", "ALARM(One)")
    assert str(stack.locations["Alarm", "All"]) == "t.yaml:28:3 (Resources.All)"


def test_a_suppressor_may_be_named_by_its_arn() -> None:
    more = (
        "  ActionsSuppressor: !GetAtt One.Arn\n  ActionsSuppressorWaitPeriod: 60\n"
        "  ActionsSuppressorExtensionPeriod: '120'\n"
    )
    stack = load_resources({"One": ALARM, "All": composite("ALARM(One)", more)})
    [alarm] = stack.composite_alarms
    assert alarm.actions_suppressor == "arn:aws:cloudwatch:us-east-1::alarm:One"
    assert alarm.actions_suppressor_wait_period == 60
    assert alarm.actions_suppressor_extension_period == 120


def test_names_that_are_unknown_before_deployment_meet() -> None:
    head = "Parameters: {P: {Type: String}}\n"
    named = ALARM + "  AlarmName: !Sub '${P}-root'\n"
    stack = load_resources({"One": named, "All": composite("!Sub 'ALARM(${P}-root)'")}, head)
    assert stack.composite_alarms[0].alarm_rule == "ALARM(${P}-root)"


@pytest.mark.parametrize(
    ("rule", "more", "place", "message"),
    [
        ("ALARM(", "", "AlarmRule", "AlarmRule: "),
        (
            "ALARM(C)",
            "",
            "AlarmRule",
            "AlarmRule: composite alarms depend on each other in a cycle",
        ),
        (
            "ALARM(D)",
            "",
            "AlarmRule",
            "AlarmRule: composite alarms depend on each other in a cycle",
        ),
        ("ALARM(One)", "  ActionsSuppressorWaitPeriod: x\n", "ActionsSuppressorWaitPeriod", "Act"),
        ("!If [Nobody, a, b]", "", "AlarmRule", "there is no condition 'Nobody'"),
    ],
)
def test_a_composite_alarm_that_would_be_refused(
    rule: str, more: str, place: str, message: str
) -> None:
    resources = {"C": composite(rule, more), "One": ALARM, "D": composite("ALARM(C)")}
    with pytest.raises(DefinitionError) as caught:
        load_resources(resources)
    error = caught.value
    assert error.message.startswith(message)
    assert error.location is not None
    assert (error.location.key or "").startswith(f"Resources.C.Properties.{place}")


def test_a_composite_alarm_of_an_alarm_from_elsewhere_is_not_run() -> None:
    """CloudWatch takes it where that alarm exists, which no template can tell."""
    suppressed = (
        "  ActionsSuppressor: Nobody\n  ActionsSuppressorWaitPeriod: 1\n"
        "  ActionsSuppressorExtensionPeriod: 1\n"
    )
    resources = {
        "A": composite("ALARM(Nobody)"),
        "B": composite("ALARM(One)", suppressed),
        "C": composite("ALARM(A) OR ALARM(One)"),
        "One": ALARM,
    }
    stack = load_resources(resources)
    assert stack.composite_alarms == ()
    notes = [note for note in stack.notes if note.code == "composite-of-strangers"]
    assert ["'Nobody'" in note.message for note in notes] == [True, True]
    assert {item.name: item.reason for item in stack.not_run}["C"] == (
        "it refers to 'A', which is not run"
    )


def test_what_depends_on_an_alarm_that_is_not_run_is_not_run() -> None:
    stack = load_resources(
        {
            "Math": MATH,
            "Fine": ALARM,
            "Second": composite("ALARM(First) OR ALARM(Fine)"),
            "First": composite("ALARM(Math) OR ALARM(Fine)"),
            "Other": composite("ALARM(Fine)"),
        }
    )
    assert [alarm.alarm_name for alarm in stack.composite_alarms] == ["Other"]
    assert {item.name: item.reason for item in stack.not_run} == {
        "Math": "Metrics: the alarm watches a metric math expression, "
        "which cannot be evaluated offline",
        "First": "it refers to 'Math', which is not run",
        "Second": "it refers to 'First', which is not run",
    }

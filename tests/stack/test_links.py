from __future__ import annotations

import pytest

from tests.stack.templates import ALARM, FILTER, load_resources
from trailwarden.stack.links import log_group_of_arn

TOPIC = "Type: AWS::SNS::Topic\nProperties: {TopicName: alerts}\n"
TRAIL = """\
Type: AWS::CloudTrail::Trail
Properties:
  S3BucketName: b
  IsLogging: true
  CloudWatchLogsLogGroupArn: !Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:trail:*
"""
WHOLE = {
    "F": FILTER,
    "A": ALARM.replace("[topic]", "[!Ref T]"),
    "T": TOPIC,
    "Trail": TRAIL,
}


def test_a_stack_whose_parts_meet_has_no_notes() -> None:
    assert load_resources(WHOLE).notes == ()


def test_two_filters_may_add_to_one_metric() -> None:
    assert load_resources({**WHOLE, "G": FILTER}).notes == ()


@pytest.mark.parametrize(
    ("changes", "code", "message", "key"),
    [
        (
            {"F": ""},
            "no-metric-filters",
            "the stack has no metric filter, so that no record can match",
            None,
        ),
        (
            {"F": FILTER.replace("Stops", "Other")},
            "filter-without-alarm",
            "no alarm watches the metric Sec/Other of the filter 'F'",
            "Resources.F",
        ),
        (
            {"A": WHOLE["A"].replace("Stops", "Other")},
            "alarm-without-metric",
            "no metric filter publishes the metric Sec/Other of the alarm 'A'",
            "Resources.A",
        ),
        (
            {"A": WHOLE["A"] + "  Dimensions: [{Name: a, Value: b}]"},
            "alarm-dimensions-differ",
            "the filters publish the metric Sec/Stops with other dimensions than the alarm "
            "'A' reads",
            "Resources.A",
        ),
        (
            {"A": WHOLE["A"] + "  Unit: Bytes"},
            "alarm-unit-differs",
            "no metric filter publishes the metric Sec/Stops in Bytes, which the alarm 'A' reads",
            "Resources.A",
        ),
        (
            {"A": ALARM.replace("  AlarmActions: [topic]\n", "")},
            "alarm-without-actions",
            "nobody is told when the alarm 'A' fires: it has no AlarmActions",
            "Resources.A",
        ),
        (
            {"A": WHOLE["A"] + "  ActionsEnabled: false"},
            "alarm-actions-disabled",
            "nobody is told when the alarm 'A' fires: its ActionsEnabled is false",
            "Resources.A",
        ),
        (
            {"A": WHOLE["A"] + "  OKActions: ['arn:aws:sns:us-east-1:111122223333:elsewhere']"},
            "unknown-topic",
            "1 alarm (A) notifies arn:aws:sns:us-east-1:111122223333:elsewhere, which the stack "
            "does not define: its subscriptions are not known",
            "Resources.A",
        ),
        (
            {"F": FILTER.replace("LogGroupName: trail", "LogGroupName: other")},
            "log-group-without-trail",
            "1 metric filter on the log group 'other', which no trail here feeds",
            "Resources.F",
        ),
        (
            {"Trail": TRAIL.replace("IsLogging: true", "IsLogging: false")},
            "trail-not-logging",
            "the trail '${Trail}' delivers nothing: its IsLogging is false",
            "Resources.Trail",
        ),
        (
            {f"F{n}": FILTER for n in range(100)},
            "too-many-filters",
            "101 metric filters on the log group 'trail', where AWS allows 100",
            "Resources.F",
        ),
        (
            {f"F{n}": FILTER.replace("StopLogging", "%Stop%") for n in range(6)},
            "too-many-regex-filters",
            "6 metric filters with a regular expression on the log group 'trail', "
            "where AWS allows 5",
            "Resources.F",
        ),
    ],
)
def test_a_note_on_what_does_not_meet(
    changes: dict[str, str], code: str, message: str, key: str | None
) -> None:
    resources = {name: text for name, text in {**WHOLE, **changes}.items() if text}
    found = [note for note in load_resources(resources).notes if note.code == code]
    assert [note.message for note in found] == [message]
    assert found[0].location is not None
    assert found[0].location.key == key


def test_quotas_are_not_exceeded_by_as_many_as_may_be() -> None:
    many = {
        f"F{n}": FILTER.replace("StopLogging", "%Stop%" if n < 5 else "Stop") for n in range(99)
    }
    assert load_resources({**WHOLE, **many}).notes == ()


def test_a_part_of_a_composite_alarm_needs_no_actions() -> None:
    silent = ALARM.replace("  AlarmActions: [topic]\n", "")
    both = (
        "Type: AWS::CloudWatch::CompositeAlarm\n"
        "Properties: {AlarmRule: ALARM(A), AlarmActions: [!Ref T]}\n"
    )
    assert load_resources({**WHOLE, "A": silent, "Both": both}).notes == ()


def test_topics_are_noted_once_for_all_their_alarms() -> None:
    head = "Parameters: {Topic: {Type: String}}\n"
    alarms = {f"A{n}": ALARM.replace("[topic]", "[!Ref Topic]") for n in range(4)}
    [note] = load_resources({"F": FILTER, **alarms}, head).notes
    assert note.message.startswith("4 alarms (A0, A1, and 2 more) notify ${Topic}, which")


def test_without_a_trail_nothing_is_said_about_log_groups() -> None:
    resources = {name: text for name, text in WHOLE.items() if name != "Trail"}
    assert load_resources(resources).notes == ()


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:logs:us-east-1:111122223333:log-group:/a/b:*", "/a/b"),
        ("arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:a", "a"),
        ("${Group.Arn}", "${Group}"),
        ("${Parameter}", "${Parameter}"),
        ("", ""),
    ],
)
def test_the_log_group_of_an_arn(arn: str, name: str) -> None:
    assert log_group_of_arn(arn) == name

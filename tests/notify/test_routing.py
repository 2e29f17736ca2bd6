"""Which channels a topic's messages go to."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.notify.routing import (
    channels_for,
    is_topic,
    other_actions,
    topic_spellings,
    topics_of,
    unused_topics,
)
from trailwarden.stack import Stack, Topic, load

ARN = "arn:aws:sns:eu-central-1:111122223333:alerts"
TEMPLATE = """\
Parameters:
  Elsewhere: {Type: String}
Resources:
  Named:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub '${Elsewhere}-alarms'}
  Nameless:
    Type: AWS::SNS::Topic
  Silent:
    Type: AWS::SNS::Topic
    Properties: {TopicName: silent}
  Stopped:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stopped
      AlarmActions: [!Ref Named, !Ref Nameless, !Ref Elsewhere]
      OKActions: [!Ref Named, !Sub 'arn:aws:automate:${AWS::Region}:ec2:stop']
      Namespace: Test
      MetricName: Stops
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
"""


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE)
    return load(str(path))


def test_what_is_more_exact_wins() -> None:
    topics = {
        "*": ("all",),
        "al*": ("glob",),
        "arn:aws:sns:*": ("later glob",),
        "alerts": ("name",),
        ARN: ("arn",),
    }
    nothing = Stack("s", "s")
    for expected in ("arn", "name", "glob", "later glob", "all"):
        assert channels_for(ARN, topics, nothing) == (expected,)
        del topics[next(key for key, value in topics.items() if value == (expected,))]
    assert channels_for(ARN, topics, nothing) == ()


def test_no_channels_on_purpose_is_an_answer() -> None:
    topics = {"alerts": (), "*": ("all",)}
    assert channels_for(ARN, topics, Stack("s", "s")) == ()


def test_case_matters() -> None:
    assert channels_for(ARN, {"Alerts": ("a",), "AL*": ("b",)}, Stack("s", "s")) == ()


def test_topics_of_a_template_go_by_all_their_names(stack: Stack) -> None:
    named, nameless, elsewhere, silent = topics_of(stack)
    assert topic_spellings(named, stack) == (named, "${Elsewhere}-alarms", "Named")
    assert topic_spellings(nameless, stack) == (
        "${Nameless.TopicArn}",
        "${Nameless.TopicName}",
        "Nameless",
    )
    assert elsewhere == "${Elsewhere}"
    assert topic_spellings(silent, stack)[1:] == ("silent", "Silent")
    for spelling in topic_spellings(named, stack):
        assert channels_for(named, {"*": (), spelling: ("found",)}, stack) == ("found",)
    assert channels_for(named, {"*-alarms": ("found",)}, stack) == ("found",)
    assert channels_for(elsewhere, {"Nameless": ("x",), "*": ("rest",)}, stack) == ("rest",)


def test_the_alarms_behind_each_topic(stack: Stack) -> None:
    assert list(topics_of(stack).values()) == [("stopped",), ("stopped",), ("stopped",), ()]


def test_actions_of_composite_alarms_count() -> None:
    both = CompositeAlarm("both", "ALARM(a)", insufficient_data_actions=(ARN,))
    assert topics_of(Stack("s", "s", composite_alarms=(both,))) == {ARN: ("both",)}


def test_what_is_no_topic_is_not_routed_but_said(stack: Stack) -> None:
    action = "arn:aws:automate:us-east-1:ec2:stop"
    assert other_actions(load_region(stack)) == {action: ("stopped",)}
    assert channels_for(action, {"*": ("all",), action: ("exact",)}, stack) == ()


def load_region(stack: Stack) -> Stack:
    return load(stack.source, {"AWS::Region": "us-east-1"})


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (ARN, True),
        ("arn:aws-cn:sns:cn-north-1:111122223333:a", True),
        ("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:a", True),
        ("${Topic}", True),
        ("${A::B::C:D}", True),
        ("arn:aws:${Service}:us-east-1:111122223333:a", True),
        ("arn:aws:lambda:us-east-1:111122223333:function:sns", False),
        ("arn:aws:ssm:us-east-1:111122223333:opsitem:1", False),
        ("arn:${AWS::Partition}:swf:${AWS::Region}:x", False),
    ],
)
def test_what_is_a_topic(action: str, expected: bool) -> None:
    assert is_topic(action) is expected


def test_keys_that_no_topic_answers_to_are_found(stack: Stack) -> None:
    topics = {"*": (), "Named": (), "silent": (), "s*": (), "nmaed": (), "x*": ()}
    assert unused_topics(topics, stack) == ["nmaed", "x*"]


def test_a_topic_known_to_the_stack_by_another_name() -> None:
    known = Stack("s", "s", topics=(Topic("pages", "${Import}"),))
    assert channels_for("${Import}", {"pages": ("pager",)}, known) == ("pager",)


def test_an_alarm_counts_once_per_topic() -> None:
    alarm = MetricAlarm("a", statistic="Sum", alarm_actions=(ARN,), ok_actions=(ARN,))
    assert topics_of(Stack("s", "s", alarms=(alarm,))) == {ARN: ("a",)}

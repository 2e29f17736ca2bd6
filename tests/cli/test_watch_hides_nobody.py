"""Who acts while an alarm is in ALARM, behind a mute or in a crowd, is told by a watch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result
from tests.records import log_file, record

Call = Callable[..., Result]
TEMPLATE = """\
Resources:
  Changes:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{ $.eventSource = "cloudtrail.amazonaws.com" }'
      MetricTransformations: [{MetricName: Changes, MetricNamespace: N, MetricValue: '1'}]
  Changed:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: changed
      Namespace: N
      MetricName: Changes
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
      OKActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
"""
COMPOSITE = """\
  Either:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties:
      AlarmName: either
      AlarmRule: ALARM(changed)
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
"""
SETTINGS = """\
[channels.out]
type = "stdout"
[topics]
"*" = ["out"]
[[mutes]]
reason = "the nightly job"
principal = "user/robot (*"
"""
NOW = datetime.now(UTC).replace(second=0, microsecond=0)


def did(name: str, ago: int, user: str, **fields: Any) -> dict[str, Any]:
    """What ``user`` did so many minutes ago."""
    at = (NOW - timedelta(minutes=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    item = record(name, user=user, **fields)
    return {**item, "eventSource": "cloudtrail.amazonaws.com", "eventTime": at}


def session(number: int) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "accountId": "111122223333",
        "arn": f"arn:aws:sts::111122223333:assumed-role/Crowd/one-{number}",
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Crowd"}},
    }


class Inbox:
    """A folder that is watched, again and again, with one home."""

    def __init__(self, folder: Path, cli: Call, template: str = TEMPLATE) -> None:
        self._folder, self._cli = folder, cli
        self.log: list[dict[str, Any]] = []
        self._files = 0
        (folder / "logs").mkdir()
        (folder / "stack.yaml").write_text(template)
        (folder / "settings.toml").write_text(SETTINGS)

    def told(self, *records: dict[str, Any], lateness: str = "0s") -> list[dict[str, Any]]:
        """What is told of a file with ``records``."""
        self._files += 1
        (self._folder / "logs" / f"{self._files}.json").write_bytes(log_file(list(records)))
        result = self._cli(
            *("watch", self._folder / "logs", "--once", "--home", self._folder / "home"),
            *("--stack", self._folder / "stack.yaml", "--since", "12h", "--log-format", "json"),
            *("--config", self._folder / "settings.toml", "--lateness", lateness),
        )
        assert result.status == 0, result.err
        self.log += [json.loads(line) for line in result.err.splitlines()]
        return [json.loads(line) for line in result.out.splitlines()]


@pytest.fixture
def inbox(tmp_path: Path, cli: Call) -> Inbox:
    return Inbox(tmp_path, cli)


def kinds(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["Trailwarden"]["kind"], one["NewStateValue"]) for one in messages]


def names(message: dict[str, Any]) -> list[str]:
    return [one["principal"].split(" ")[0] for one in message["Trailwarden"]["principals"]]


def test_a_stranger_behind_muted_noise_is_told_and_so_is_the_end(inbox: Inbox) -> None:
    assert inbox.told(did("StopLogging", 60, "robot"), lateness="12h") == []
    (muted,) = [line for line in inbox.log if line["message"] == "muted"]
    assert (muted["reason"], muted["channel"], muted["alarm"]) == (
        "the nightly job",
        "out",
        "changed",
    )
    update, end = inbox.told(did("DeleteTrail", 57, "mallory"))
    assert kinds([update, end]) == [("amendment", "ALARM"), ("transition", "OK")]
    assert names(update) == ["user/mallory"]
    assert "DeleteTrail" in json.dumps(update)


def test_muted_noise_alone_is_muted_to_its_end(inbox: Inbox) -> None:
    assert inbox.told(did("StopLogging", 60, "robot"), did("StartLogging", 58, "robot")) == []
    reasons = [line["reason"] for line in inbox.log if line["message"] == "muted"]
    assert "the nightly job" in reasons
    assert reasons[-1] == "its alarm was muted"


def test_who_comes_to_a_lasting_alarm_is_told_once(inbox: Inbox) -> None:
    noise = [did("StopLogging", ago, "alice") for ago in range(90, 40, -4)]
    told = inbox.told(*noise, did("StopLogging", 61, "mallory"), did("StopLogging", 52, "mallory"))
    assert kinds(told) == [("transition", "ALARM"), ("amendment", "ALARM"), ("transition", "OK")]
    assert [names(one) for one in told] == [["user/alice"], ["user/mallory"], []]
    assert len({one["Trailwarden"]["id"] for one in told}) == 3


def test_alarms_and_ends_alternate_whichever_file_comes_first(inbox: Inbox) -> None:
    told: list[dict[str, Any]] = []
    for ago in (90, 150, 30):
        told += inbox.told(did("StopLogging", ago, "mallory"), lateness="12h")
    assert [state for _, state in kinds(told)] == ["ALARM", "OK", "ALARM", "OK", "ALARM"]


def test_a_crowd_of_sessions_buries_nobody(inbox: Inbox) -> None:
    crowd = [did("StartLogging", 60, "", userIdentity=session(n // 2)) for n in range(160)]
    alarm, _ = inbox.told(*crowd, did("DeleteTrail", 60, "mallory"))
    assert "user/mallory" in names(alarm)
    counts = {one["name"]: one["count"] for one in alarm["Trailwarden"]["eventNames"]}
    assert counts == {"StartLogging": 160, "DeleteTrail": 1}


def test_what_came_later_is_no_history(inbox: Inbox) -> None:
    told = inbox.told(*(did("StopLogging", ago, "mallory") for ago in (90, 60, 30)))
    alarms = [one["Trailwarden"] for one in told if one["NewStateValue"] == "ALARM"]
    assert [one["principals"][0]["before"] for one in alarms] == [0, 1, 2]
    assert [one["eventCount"] for one in alarms] == [1, 1, 1]


def test_a_composite_alarm_has_the_history_of_its_parts(tmp_path: Path, cli: Call) -> None:
    inbox = Inbox(tmp_path, cli, TEMPLATE + COMPOSITE)
    told = inbox.told(*(did("StopLogging", ago, "mallory") for ago in (90, 30)))
    alarms = [one["Trailwarden"] for one in told if one["AlarmName"] == "either"]
    assert [one["principals"][0]["before"] for one in alarms] == [0, 1]
    assert {tuple(one["filters"]) for one in alarms} == {("Changes",)}


def test_a_backlog_is_told_in_order_of_time_and_from_the_states_that_it_had(
    tmp_path: Path, cli: Call
) -> None:
    second = TEMPLATE.partition("Resources:\n")[2].replace("Change", "Other").replace("N\n", "M\n")
    second = second.replace("AlarmName: changed", "AlarmName: other").replace(": N,", ": M,")
    second = second.replace("cloudtrail.amazonaws.com", "iam.amazonaws.com")
    inbox = Inbox(tmp_path, cli, TEMPLATE + second)
    others = [did("CreateUser", ago, "carol") for ago in (110, 50)]
    told = inbox.told(
        {**did("DescribeTrails", 200, "alice"), "eventSource": "ec2.amazonaws.com"},
        *(did("StopLogging", ago, "mallory") for ago in (80, 30)),
        *({**one, "eventSource": "iam.amazonaws.com"} for one in others),
    )
    assert len(told) == 8
    times = [one["StateChangeTime"] for one in told]
    assert times == sorted(times)
    pairs = {(one["OldStateValue"], one["NewStateValue"]) for one in told}
    assert pairs == {("OK", "ALARM"), ("ALARM", "OK")}

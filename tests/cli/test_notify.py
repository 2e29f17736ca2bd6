"""``trailwarden notify`` as a user meets it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from tests.notify.receivers import receiving

Cli = Callable[..., Result]
CAT = f'type = "exec"\ncommand = ["{sys.executable}", "-c", "import sys; sys.stdin.read()"]\n'
FAILS = f'type = "exec"\ncommand = ["{sys.executable}", "-c", "import sys; sys.exit(7)"]\n'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """``settings(text)`` writes ./trailwarden.toml; the home is beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILWARDEN_HOME", str(tmp_path / "home"))

    def write(text: str) -> Path:
        path = tmp_path / "trailwarden.toml"
        path.write_text(text, "utf-8")
        return path

    return write


# --- test ------------------------------------------------------------------------------------
def test_every_channel_of_the_topic_gets_the_test(
    cli: Cli, settings: Callable[[str], Path]
) -> None:
    with receiving() as receiver:
        settings(
            f'[channels.hook]\ntype = "webhook"\nurl = "{receiver.url}"\n'
            f'[channels.out]\ntype = "stdout"\ngroup_wait = "1h"\n'
            f"[channels.unused]\n{FAILS}"
            '[topics]\ncis-alarms = ["hook", "out"]\n"*" = ["unused"]\n'
            '[[mutes]]\nalarm = "*"\n'
        )
        result = cli("notify", "test", "AlarmTopic")
    assert (result.status, result.err) == (0, "")
    hook, line, out = result.out.splitlines()
    assert (hook, out) == ("hook: delivered", "out: delivered")
    envelope = json.loads(receiver.requests[0].body)
    assert envelope["Subject"].startswith("TEST cis-")
    for body in (json.loads(line), json.loads(envelope["Message"])):
        assert (body["NewStateValue"], body["Trailwarden"]["kind"]) == ("ALARM", "test")


def test_one_channel_that_fails_keeps_nobody_else_from_it(
    cli: Cli, settings: Callable[[str], Path]
) -> None:
    with receiving() as receiver:
        receiver.answer(503)
        settings(
            f"[channels.broken]\n{FAILS}"
            f'[channels.busy]\ntype = "webhook"\nurl = "{receiver.url}"\n'
            f"[channels.good]\n{CAT}"
            '[topics]\n"*" = ["broken", "busy", "good"]\n'
        )
        result = cli("notify", "test", "cis-alarms")
    assert result.status == 3
    assert "\ngood: delivered\n" in result.out
    broken, busy = result.out.split("busy: failed: ")
    assert broken.startswith("broken: failed: ")
    assert "try again later" not in broken
    assert "\n  a watch would try again later\n" in busy
    assert result.out.count("\n  cure: ") == 2
    assert "s3cr3t-path" not in result.out


def test_a_channel_that_cannot_be_used_keeps_nobody_else_from_it(
    cli: Cli, settings: Callable[[str], Path]
) -> None:
    settings(
        '[channels.bad]\ntype = "webhook"\nurl = "ftp://s3cret@x"\n'
        f"[channels.good]\n{CAT}"
        '[topics]\n"*" = ["bad", "good"]\n'
    )
    result = cli("notify", "test", "cis-alarms")
    assert result.status == 2
    assert "bad: cannot be used: channels.bad" in result.out
    assert "good: delivered" in result.out
    assert "s3cret" not in result.out


def test_the_state_of_a_test_can_be_chosen(cli: Cli, settings: Callable[[str], Path]) -> None:
    settings('[channels.out]\ntype = "stdout"\n[topics]\n"*" = "out"\n')
    arn = "arn:aws:sns:eu-west-1:111122223333:elsewhere"
    body = json.loads(cli("notify", "test", arn, "--state", "OK").out.splitlines()[0])
    assert (body["NewStateValue"], body["OldStateValue"]) == ("OK", "ALARM")


@pytest.mark.parametrize(
    ("text", "topic", "message"),
    [
        ("", "cis-alarm", "the stack has no topic 'cis-alarm'\n  cure: did you mean 'cis-alarms'?"),
        ("", "xyz", "the stack has no topic 'xyz'\n  cure: it has: cis-alarms, AlarmTopic"),
        ("", "cis-alarms", "no channel is told of 'cis-alarms'\n  cure: give it some"),
        ("[topics]\n'*' = ['out']", "cis-alarms", "(topics.\"*\"[0]): there is no channel 'out'"),
        ("[watch]\nstack = 'sic'", "x", "there is no stack 'sic'"),
    ],
)
def test_a_test_that_cannot_be_meant(
    cli: Cli, settings: Callable[[str], Path], text: str, topic: str, message: str
) -> None:
    settings(text)
    result = cli("notify", "test", topic)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_without_settings_there_is_a_way_out(
    cli: Cli, settings: Callable[[str], Path], tmp_path: Path
) -> None:
    result = cli("notify", "test", "cis-alarms")
    assert result.status == 2
    assert "error: there are no settings\n  cure: write trailwarden.toml, here or in " in result.err
    elsewhere = settings("").rename(tmp_path / "other.toml")
    assert "no channel is told" in cli("notify", "test", "cis-alarms", "--config", elsewhere).err
    (tmp_path / "home").mkdir()
    elsewhere.rename(tmp_path / "home" / "trailwarden.toml")
    assert "no channel is told" in cli("notify", "test", "cis-alarms").err


# --- confirm ---------------------------------------------------------------------------------
def test_a_webhook_waits_for_its_token(cli: Cli, settings: Callable[[str], Path]) -> None:
    with receiving() as receiver:
        settings(
            f'[channels.hook]\ntype = "webhook"\nurl = "{receiver.url}"\nconfirm = "token"\n'
            '[topics]\n"*" = ["hook"]\n'
        )
        assert cli("notify", "test", "cis-alarms").status == 3
        assert cli("notify", "confirm", "wrong").status == 2
        [asked] = receiver.requests
        token = json.loads(asked.body)["Token"]
        assert cli("notify", "confirm", token).out.startswith("confirmed")
        assert "waits for this token" in cli("notify", "confirm", token).err
        assert cli("notify", "test", "cis-alarms").status == 0
        assert json.loads(receiver.requests[-1].body)["Type"] == "Notification"


# --- check -----------------------------------------------------------------------------------
TEMPLATE = """\
Resources:
  Pages: {Type: AWS::SNS::Topic}
  Mails: {Type: AWS::SNS::Topic, Properties: {TopicName: mails}}
  Stopped:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stopped
      AlarmActions: [!Ref Pages, 'arn:aws:lambda:eu-west-1:111122223333:function:f']
      OKActions: [!Ref Mails]
      Namespace: Test
      MetricName: Stops
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
"""


def test_the_check_shows_who_is_told_what(
    cli: Cli, settings: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "stack.yaml").write_text(TEMPLATE)
    settings(
        '[watch]\nstack = "stack.yaml"\n[[sources]]\ntype = "folder"\naddress = "/logs"\n'
        '[channels.hook]\ntype = "webhook"\nurl = "https://example.com"\n'
        'headers = "X-Key: s3cret"\n'
        '[channels.out]\ntype = "stdout"\n'
        '[topics]\nPages = ["hook"]\nmial = ["hook"]\n'
    )
    result = cli("notify", "check")
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[:4] == [
        "trailwarden.toml: 1 source, 2 channels, 0 mutes",
        "topics of the stack stack:",
        "  ${Pages.TopicName} (1 alarm): hook",
        "  mails (1 alarm): NO CHANNEL, nobody is told",
    ]
    assert lines[4:7] == [
        "note: no topic goes to the channel out",
        "note: the stack has no topic 'mial', which [topics] names",
        "note: arn:aws:lambda:eu-west-1:111122223333:function:f is no topic: this action of "
        "1 alarm is AWS's alone to execute",
    ]
    assert "(channels.hook.headers): what may be a secret stands here in clear" in lines[7]
    assert "s3cret" not in result.out
    assert not (tmp_path / "home").exists()


def test_the_check_finds_options_that_only_the_channel_can_judge(
    cli: Cli, settings: Callable[[str], Path]
) -> None:
    settings(
        '[channels.one]\ntype = "webhook"\nurl = "s3cret"\n'
        '[channels.two]\ntype = "webhook"\nurl = "https://example.com"\nheaders = ["s3cret"]\n'
    )
    result = cli("notify", "check")
    assert result.status == 2
    assert result.err.startswith("error: channel one: channels.one (url): ")
    assert "\nerror: channel two: channels.two (headers): " in result.err
    assert "s3cret" not in result.out + result.err


def test_the_check_tells_all_mistakes_of_the_file(
    cli: Cli, settings: Callable[[str], Path]
) -> None:
    settings('[watch]\nlateness = "soon"\n[channels.x]\ntype = "fax"\n')
    result = cli("notify", "check")
    assert (result.status, result.out) == (2, "")
    assert result.err.count("error: trailwarden.toml:") == 2
    assert "trailwarden.toml:2:1 (watch.lateness): 'soon' is no duration" in result.err


def test_the_check_notes_mutes_that_match_nothing(
    cli: Cli, settings: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "stack.yaml").write_text(TEMPLATE)
    settings(
        '[watch]\nstack = "stack.yaml"\n'
        '[[mutes]]\nreason = "deploys"\nalarm = "stoped"\nprincipal = "roles/deploy/*"\n'
        '[[mutes]]\nalarm = "s*"\nprincipal = "role/deploy/*"\naccount = "1111"\n'
    )
    result = cli("notify", "check")
    assert (result.status, result.err) == (0, "")
    found = result.out.splitlines()
    begin = found.index("note: mute 1 (deploys): alarm = 'stoped' matches no alarm of the stack")
    assert found[begin + 1 :] == [
        "  cure: did you mean stopped?",
        "note: mute 1 (deploys): principal = 'roles/deploy/*' matches no principal's name",
        "  cure: did you mean role/deploy/*?",
        "note: mute 2: account = '1111' matches no account: they have twelve digits",
        "  cure: correct it, or remove the mute",
    ]

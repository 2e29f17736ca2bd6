"""``trailwarden test``: verdicts, differences, formats, mistakes in files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Result
from trailwarden.cli.test_report import render_run
from trailwarden.cli.test_run import Wanted, run_tests

Cli = Callable[..., Result]
STACK = """\
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: stops
      FilterPattern: '{ $.eventName = StopLogging }'
      LogGroupName: trail
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: trail-changes
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
"""
TESTS = """\
stack: security.yaml
tests:
  - name: stopping the trail pages us
    events:
      - {at: "00:00", event: DescribeInstances, source: ec2, role: Admin/bob}
      - {at: "00:02", event: StopLogging, source: cloudtrail.amazonaws.com, user: alice}
      - {at: 150s, record: {eventName: StopLogging, userIdentity: {type: Root, accountId: "1"}}}
    expect:
      matches: {stops: 2}
      alarms:
        - {at: "00:02", alarm: trail-changes, state: OK, fired: 0}
        - {at: "00:06", alarm: trail-changes, state: ALARM}
        - {alarm: trail-changes, state: OK, fired: 1, principals: [user/alice, Root]}
"""


@pytest.fixture
def tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of tests that pass, beside its stack, in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("security.yaml").write_text(STACK)
    path = Path("tests.yaml")
    path.write_text(TESTS)
    return path


def test_all_pass(cli: Cli, tests: Path) -> None:
    result = cli("test", tests)
    assert (result.status, result.err) == (0, "")
    assert result.out == "ok   tests.yaml: stopping the trail pages us\n1 test, 0 failed\n"


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("said", ["", "1"])
def test_colours(tests: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("NO_COLOR", said)
    monkeypatch.setenv("TERM", "xterm")
    screen = _Terminal()
    render_run(run_tests(Wanted((str(tests),))), "text", screen)
    assert screen.getvalue().startswith("ok " if said else "\x1b[32mok ")


def test_a_small_encoding(tests: Path) -> None:
    tests.write_text(TESTS.replace("name: stopping", "name: ☃ stopping"), "utf-8")
    stream = TextIOWrapper(BytesIO(), encoding="ascii")
    render_run(run_tests(Wanted((str(tests),))), "text", stream)
    stream.seek(0)
    assert "stopping the trail" in stream.read()


def test_differences(cli: Cli, tests: Path) -> None:
    text = TESTS.replace("stops: 2", "stops: 3").replace("state: ALARM", "state: OK")
    tests.write_text(text.replace("principals: [user/alice, Root]", "principals: [user/bob]"))
    result = cli("test", tests)
    assert result.status == 1
    assert result.out.splitlines() == [
        "FAIL tests.yaml: stopping the trail pages us",
        "     tests.yaml:9:17 (tests[0].expect.matches.stops): filter stops",
        "       expected: 3 matches",
        "       came:     2 matches",
        "         2025-01-01T00:02:00Z StopLogging by user/alice (111122223333)",
        "         2025-01-01T00:02:30Z StopLogging by Root (1)",
        "     tests.yaml:12:11 (tests[0].expect.alarms[1]): alarm trail-changes",
        "       expected: OK at 2025-01-01T00:06:00Z",
        "       came:     ALARM",
        *_TRANSITIONS,
        "     tests.yaml:13:11 (tests[0].expect.alarms[2]): alarm trail-changes",
        "       expected: principals user/bob",
        "       came:     principals Root (1), user/alice (111122223333)",
        *_TRANSITIONS,
        "1 test, 1 failed",
    ]


_TRANSITIONS = [
    "         2025-01-01T00:01:00Z INSUFFICIENT_DATA -> OK",
    "         2025-01-01T00:03:00Z OK -> ALARM by Root (1) (1), user/alice (111122223333) (1)",
    "         2025-01-01T00:18:00Z ALARM -> OK",
]


def test_formats(cli: Cli, tests: Path) -> None:
    tests.write_text(TESTS.replace("stops: 2", "stops: 3"))
    result = cli("test", tests, "--output", "json", "--output", "junit=out.xml")
    assert result.status == 1
    found = json.loads(result.out)
    assert (found["schema"], found["passed"], found["failed"]) == ("trailwarden.test/1", 0, 1)
    [mismatch] = found["tests"][0]["mismatches"]
    assert (mismatch["expected"], mismatch["came"]) == ("3 matches", "2 matches")
    assert (mismatch["line"], mismatch["column"]) == (9, 17)
    [suite] = ElementTree.parse("out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    [failure] = suite.iter("failure")
    assert failure.get("message") == "filter stops: 2 matches"
    assert "expected: 3 matches" in (failure.text or "")


@pytest.mark.parametrize("form", ["text", "junit", "json"])
def test_names_of_strangers(cli: Cli, tests: Path, form: str) -> None:
    name = r'"\u202e\e[2J<b>&\x22]]>"'
    text = TESTS.replace("stopping the trail pages us", name).replace("stops: 2", "stops: 0")
    tests.write_text(text.replace("user: alice", f"user: {name}"))
    result = cli("test", tests, "--output", form)
    assert (result.status, result.err) == (1, "")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", result.out)
    if form == "junit":
        [[case]] = ElementTree.fromstring(result.out)
        assert case.get("name") == r'\u202e\x1b[2J<b>&"]]>'


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("stops: 2", "stop: 2", "9:17", "did you mean 'stops'?"),
        ("stops: 2", "stops: two", "9:24", "'two' is no count"),
        ("state: ALARM", "state: ALARMS", "12:54", "did you mean 'ALARM'?"),
        ("state: ALARM", "stat: ALARM", "12:47", "did you mean 'state'?"),
        ("alarm: trail-changes, state: ALARM", "alarm: trail", "12:32", "has no alarm 'trail'"),
        ('"00:02", event', "10:30, event", "6:14", "is no time after the start"),
        ("user: alice", "root: true, user: alice", "6:", "one caller"),
        ("event: StopLogging, ", "", "6:9", "one of event, record and file"),
        ("Instances, source: ec2,", "Instances,", "5:9", "the event has no source"),
        ("StopLogging, source: cloudtrail.amazonaws.com", "CreateRoute", "6:", "no source"),
        ("StopLogging, source: cloudtrail.amazonaws.com", "CreatePolicy", "6:", "organizations"),
        ("event: StopLogging", 'event: "StopLogging(mfa"', "6:30", "cannot be read as an event"),
        ("user: alice", "role: /bob", "6:", "write ROLE or ROLE/SESSION"),
        ("user: alice", "account: 12", "6:", "an account id has 12 digits"),
        ("at: 150s, record: {", "record: {eventTime: soon, ", "7:", "its eventTime is no time"),
        ("stack: security.yaml", "stack: secrity.yaml", "1:8", "security.yaml"),
        ("stack: security.yaml", "x: y", "2:", "the file names no stack"),
        ("name: stopping the trail pages us", "start: 2025", "3:12", "no time of a record"),
    ],
)
def test_mistakes(cli: Cli, tests: Path, old: str, new: str, place: str, message: str) -> None:
    assert old in TESTS
    tests.write_text(TESTS.replace(old, new, 1))
    result = cli("test", tests)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    if place != "2:":
        assert f"tests.yaml:{place}" in result.err


def test_all_mistakes_at_once(cli: Cli, tests: Path) -> None:
    text = TESTS.replace("stops: 2", "stop: 2").replace("user: alice", "usr: alice")
    tests.write_text(text)
    Path("more.yaml").write_text("stack: cis\ntests: []\n")
    result = cli("test", tests, "more.yaml")
    assert result.status == 2
    assert result.err.count("error: ") == 3
    assert result.err.index("'usr'") < result.err.index("'stop'") < result.err.index("no tests")


def test_a_mistake_is_told_once(cli: Cli, tests: Path) -> None:
    tests.write_text("stack: cis\ntests:\n - {name: a, events: {}, expect: {alarms: 3}}\n")
    result = cli("test", tests)
    assert result.status == 2
    assert re.findall(r"error: tests.yaml:(\S+)", result.err) == ["3:22", "3:43"]


@pytest.mark.parametrize("text", ["", "tests: []\nstack: cis\n", "stack: cis\n", "[1]\n"])
def test_nothing_to_test(cli: Cli, tests: Path, text: str) -> None:
    tests.write_text(text)
    assert cli("test", tests).status == 2
    assert cli("test").status == 2
    assert cli("test", "absent.yaml").status == 2


def test_another_stack(cli: Cli, tests: Path) -> None:
    Path("other.yaml").write_text(STACK.replace("StopLogging", "DeleteTrail"))
    result = cli("test", tests, "--stack", "other.yaml")
    assert result.status == 1
    assert "came:     0 matches" in result.out


def test_parameters(cli: Cli, tests: Path) -> None:
    parameters = "Parameters: {Call: {Type: String, Default: DeleteTrail}}\n"
    pattern = "!Sub '{ $.eventName = ${Call} }'"
    Path("security.yaml").write_text(
        parameters + STACK.replace("'{ $.eventName = StopLogging }'", pattern)
    )
    assert cli("test", tests).status == 1
    tests.write_text("parameters: {Call: StopLogging}\n" + TESTS)
    assert cli("test", tests).status == 0
    assert cli("test", tests, "--parameter", "Call=StartLogging").status == 1

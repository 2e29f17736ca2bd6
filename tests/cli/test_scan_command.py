"""``trailwarden scan`` as a user meets it."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result
from tests.cli.templates import STOPS
from tests.records import log_file, record
from tests.shared_data import INVICTUS, TEMPLATES, needs_shared_data

Cli = Callable[..., Result]

TEMPLATE = """\
Parameters:
  Group: {Type: String, Default: trail}
Resources:
""" + STOPS.replace("LogGroupName: trail", "LogGroupName: !Ref Group")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    records = [record("StopLogging", 3, user="mallory"), record(minute=40)]
    (folder / "a.json.gz").write_bytes(gzip.compress(log_file(records)))
    return folder


def test_json_has_the_promised_shape(cli: Cli, logs: Path, template: Path) -> None:
    result = cli("scan", logs, "--stack", template, "--output", "json")
    assert (result.status, result.err) == (0, "")
    report = json.loads(result.out)
    assert report["schema"] == "trailwarden.scan/1"
    assert {"stack", "input", "filters", "alarms"} <= report.keys()
    read: dict[str, Any] = report["input"]
    assert (read["files"], read["events"], read["duplicates"], read["problems"]) == (1, 2, 0, [])
    assert read["bytes"] == (logs / "a.json.gz").stat().st_size
    assert read["first_event"] == "2024-05-01T12:03:00Z"
    assert read["last_event"] == "2024-05-01T12:40:00Z"
    (found,) = report["filters"]
    assert (found["name"], found["matches"]) == ("Stops", 1)
    assert found["pattern"] == "{ $.eventName = StopLogging }"
    assert found["first"] == found["last"] == "2024-05-01T12:03:00Z"
    assert found["principals"][0]["count"] == 1
    (alarm,) = report["alarms"]
    assert (alarm["name"], alarm["state"], alarm["fired"]) == ("stopped", "OK", 1)
    fired = alarm["transitions"][0]
    assert (fired["from"], fired["to"]) == ("INSUFFICIENT_DATA", "ALARM")
    assert fired["time"] == "2024-05-01T12:04:00Z"
    assert fired["reason"].startswith("Threshold Crossed: 1 datapoint [1.0 (01/05/24 11:59:00)]")
    assert fired["events"][0]["name"] == "StopLogging"


def test_several_outputs_at_once(cli: Cli, logs: Path, template: Path, tmp_path: Path) -> None:
    formats = {"json": "r.json", "jsonl": "r.jsonl", "csv": "r.csv", "html": "deep/er/r.html"}
    options = [
        part for name, file in formats.items() for part in ("--output", f"{name}={tmp_path / file}")
    ]
    result = cli("scan", logs, "--stack", template, "--output", "terminal", *options)
    assert result.status == 0
    assert "stopped" in result.out
    assert "mallory" in result.out
    for file in formats.values():
        assert "mallory" in (tmp_path / file).read_text("utf-8")


def test_terminal_is_plain_when_piped(cli: Cli, logs: Path, template: Path) -> None:
    assert "\x1b" not in cli("scan", logs, "--stack", template).out


def test_standard_input(
    cli: Cli, logs: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in ((logs / "a.json.gz").read_bytes(), log_file([record("StopLogging")])):
        stdin = io.TextIOWrapper(io.BytesIO(content))
        monkeypatch.setattr(sys, "stdin", stdin)
        result = cli("scan", "-", "--stack", template, "--output", "json")
        assert json.loads(result.out)["filters"][0]["matches"] == 1


def test_fail_on_alarm(cli: Cli, logs: Path, template: Path) -> None:
    assert cli("scan", logs, "--stack", template, "--fail-on-alarm").status == 1
    assert (
        cli("scan", logs, "--stack", template, "--fail-on-alarm", "--since", "2024-06-01").status
        == 0
    )


def test_input_that_cannot_be_used_is_exit_status_3(cli: Cli, logs: Path, template: Path) -> None:
    (logs / "b.json.gz").write_bytes(b"\x1f\x8b broken")
    result = cli("scan", logs, "--stack", template)
    assert result.status == 3
    assert "b.json.gz" in result.out
    assert "stopped" in result.out


@pytest.mark.parametrize(
    ("arguments", "needles"),
    [
        (["nowhere"], ["nowhere"]),
        (["--stack", "ciss", "."], ["ciss", "cis"]),
        (["--stack", "missing.yaml", "."], ["missing.yaml"]),
        (["--output", "jsn", "."], ["jsn", "did you mean 'json'"]),
        (["--output", "json", "--output", "csv", "."], ["standard output"]),
        (["--since", "someday", "."], ["someday", "36h"]),
        (["--parameter", "novalue", "."], ["novalue", "NAME=VALUE"]),
        (["--clock", "wall", "."], ["wall", "event"]),
        (["--frobnicate", "."], ["--frobnicate"]),
    ],
)
def test_bad_usage_is_exit_status_2_and_one_clear_message(
    cli: Cli, arguments: list[str], needles: list[str]
) -> None:
    result = cli("scan", *arguments)
    assert result.status == 2
    assert result.out == ""
    assert "Traceback" not in result.err
    for needle in needles:
        assert needle in result.err


@pytest.mark.parametrize(
    ("old", "new", "needles"),
    [
        ("= StopLogging }", "== StopLogging }", ["stack.yaml:8:", "^"]),
        ("Period: 300", "Period: 45", ["stack.yaml:18:", "Period"]),
        ("Statistic: Sum", "Statistics: Sum", ["stack.yaml:17:", "Statistic"]),
        ("!Ref Group", "!Ref Grupp", ["stack.yaml:7:", "Grupp"]),
        ("Resources:", "Resources: [", ["stack.yaml:"]),
    ],
)
def test_bad_definitions_are_exit_status_2_with_their_place(
    cli: Cli, logs: Path, template: Path, old: str, new: str, needles: list[str]
) -> None:
    template.write_text(TEMPLATE.replace(old, new))
    result = cli("scan", logs, "--stack", template)
    assert result.status == 2
    assert "Traceback" not in result.err
    for needle in needles:
        assert needle in result.err


def test_unknown_parameter(cli: Cli, logs: Path, template: Path) -> None:
    result = cli("scan", logs, "--stack", template, "--parameter", "Gruop=x")
    assert result.status == 2
    assert "Group" in result.err


def test_unwritable_output_is_noticed_before_the_work(
    cli: Cli, logs: Path, template: Path, tmp_path: Path
) -> None:
    for path in (logs / "a.json.gz/x.json", logs / "a.json.gz/x/y.json", logs):
        result = cli("scan", logs, "--stack", template, "--output", f"json={path}")
        assert (result.status, result.out) == (2, "")
        assert str(logs) in result.err


def test_two_reports_in_one_file_are_refused(cli: Cli, logs: Path, tmp_path: Path) -> None:
    file = tmp_path / "r"
    result = cli("scan", logs, "--output", f"json={file}", "--output", f"csv={file}")
    assert result.status == 2
    assert f"json and csv both go to {file}" in result.err
    assert not file.exists()


def test_a_report_that_cannot_be_written_costs_the_others_nothing(
    cli: Cli, logs: Path, template: Path, tmp_path: Path
) -> None:
    outputs = ("--output", "json=/dev/full", "--output", f"csv={tmp_path}/r.csv")
    result = cli("scan", logs, "--stack", template, *outputs)
    assert result.status == 2
    assert "json to /dev/full: No space left" in result.err
    assert "mallory" in (tmp_path / "r.csv").read_text()


def test_links_and_pipes_are_written_through(
    cli: Cli, logs: Path, template: Path, tmp_path: Path
) -> None:
    for name in ("there.json", "new.json"):
        target, link = tmp_path / name, tmp_path / f"link-to-{name}"
        link.symlink_to(target)
        if name == "there.json":
            target.write_text("old" * 100_000)
        assert cli("scan", logs, "--stack", template, "--output", f"json={link}").status == 0
        assert link.is_symlink()
        assert json.loads(target.read_text())["filters"][0]["matches"] == 1


@pytest.mark.parametrize(
    ("shell", "status", "err"),
    [
        ("{} > /dev/full", 2, "terminal to standard output: No space left"),
        ("{} >&-", 2, "terminal to standard output: Bad file descriptor"),
        ("{} --output json=report.json >&- && grep -q mallory report.json", 0, ""),
        ("{} 2>&-", 0, ""),
        ("{} --output terminal --output json=late.json | true; grep -q mallory late.json", 0, ""),
        ("{} --help > /dev/full", 2, "No space left"),
    ],
)
def test_standard_streams_of_every_kind(
    shell: str, status: int, err: str, logs: Path, template: Path, tmp_path: Path
) -> None:
    scan = f"{sys.executable} -m trailwarden scan {logs} --stack {template}"
    done = subprocess.run(
        ["bash", "-c", shell.format(scan)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert err in done.stderr
    assert bool(err) == bool(done.stderr)
    assert "Traceback" not in done.stderr


def test_a_closed_standard_input_is_empty(template: Path) -> None:
    command = f"{sys.executable} -m trailwarden scan - --stack {template} <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert "empty-file" in done.stdout


def test_a_bug_is_no_finding_and_its_text_is_harmless(
    cli: Cli, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("\x1b[31m of the log")

    monkeypatch.setattr("trailwarden.scan.scan", fail)
    result = cli("scan", logs)
    assert result.status == 70
    assert "ValueError: \\x1b[31m of the log" in result.err
    assert "report it" in result.err


def test_hostile_names_do_not_reach_the_terminal(cli: Cli, logs: Path, template: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m\u202egnp.exe"
    (logs / "c.json").write_bytes(log_file([record("StopLogging", user=evil, userAgent=evil)]))
    (logs / "\x1b[2Jd.json").write_text("{")
    result = cli("scan", logs, "--stack", template)
    assert result.status == 3
    assert "owned" in result.out
    assert not set(result.out + result.err) & set("\x1b\x07\u202e")


@pytest.mark.parametrize("output", ["terminal", "json", "json=/dev/stdout"])
def test_a_reader_that_goes_away_is_no_error(output: str, logs: Path, template: Path) -> None:
    command = [sys.executable, "-m", "trailwarden", "scan", str(logs), "--stack", str(template)]
    command += ["--output", output]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_reader_of_another_command_may_go_away(tmp_path: Path) -> None:
    simulate = [sys.executable, "-m", "trailwarden", "simulate", str(tmp_path / "archive")]
    read, write = os.pipe()
    os.close(read)
    options = ["--days", "1", "--events-per-day", "1"]
    done = subprocess.run([*simulate, *options], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@needs_shared_data
@pytest.mark.parametrize(
    ("source", "parameters"),
    [
        ("cis", {}),
        ("cis-1.2.0", {}),
        ("original-cloudtrail.yaml", {}),
        (
            "original-cloudtrail.yaml",
            {
                "LogBacketName": "access-logs",
                "SnsTopicName": "alerts",
                "SnsTopicARN": "arn:aws:sns:us-east-1:111122223333:alerts",
                "CentralizedResources": "DISABLED",
                "AWS::StackName": "seed",
            },
        ),
        ("original-sns.yaml", {}),
    ],
)
def test_real_archive_with_each_stack(cli: Cli, source: str, parameters: dict[str, str]) -> None:
    stack = TEMPLATES / source if source.endswith(".yaml") else source
    options = [
        part for name, value in parameters.items() for part in ("--parameter", f"{name}={value}")
    ]
    result = cli("scan", INVICTUS, "--stack", stack, *options, "--output", "json")
    report = json.loads(result.out)
    assert result.status == 0
    assert report["input"]["events"] == 2900
    if source.startswith("original-cloudtrail"):
        assert len(report["alarms"]) == len(report["filters"]) == 14
        assert any(alarm["fired"] for alarm in report["alarms"])
    if parameters:
        assert all("-seed-CloudTrail-" in alarm["name"] for alarm in report["alarms"])


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_all_matches(cli: Cli, logs: Path, template: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"deep/m.{ending}"
    result = cli("scan", logs, "--stack", template, "--output", f"matches={file}")
    assert (result.status, result.out, result.err) == (0, "", "")
    text = file.read_text("utf-8")
    assert text.count("StopLogging") == text.count("mallory (") == 1
    assert text.startswith("time," if ending == "csv" else "{")


def test_all_matches_on_standard_output(cli: Cli, logs: Path, template: Path) -> None:
    result = cli("scan", logs, "--stack", template, "--output", "matches")
    header, row = result.out.splitlines()
    assert header.startswith("time,filter,alarm")
    assert row.startswith("2024-05-01T12:03:00Z,Stops,stopped,user/mallory (111122223333)")


def test_matches_in_a_form_that_does_not_exist(cli: Cli, logs: Path, tmp_path: Path) -> None:
    result = cli("scan", logs, "--output", f"matches={tmp_path / 'm.xlsx'}")
    assert result.status == 2
    assert "'m.xlsx' does not" in " ".join(result.err.split())
    assert not (tmp_path / "m.xlsx").exists()


UNUSABLE = "1 input could not be used"


@pytest.mark.parametrize(
    ("command", "output"),
    [
        *(("scan", one) for one in ("html=r.html", "json=r.json", "csv=r.csv", "csv", "matches")),
        ("tune", "json=r.json"),
        ("stack cost --days 2", "json=r.json"),
    ],
)
def test_what_could_not_be_used_is_said_where_no_report_shows_it(
    cli: Cli,
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    output: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    result = cli(*command.split(), "empty", "--stack", template, "--output", output)
    assert result.status == 3
    assert UNUSABLE in result.err
    assert "no log files" in result.err
    if output[-4:] in ("html", "json"):
        assert f"listed in {tmp_path / output.partition('=')[2]}" in result.err


@pytest.mark.parametrize("output", ["terminal", "json", "html"])
def test_what_could_not_be_used_is_said_once(
    cli: Cli, template: Path, tmp_path: Path, output: str
) -> None:
    (tmp_path / "empty").mkdir()
    result = cli("scan", tmp_path / "empty", "--stack", template, "--output", output)
    assert (result.status, result.err) == (3, "")

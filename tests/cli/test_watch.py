"""The command: what it refuses, what it remembers, what it says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result
from tests.records import log_file, record

Call = Callable[..., Result]


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def stop(hours: float, number: int) -> bytes:
    item = record("StopLogging", number=number, eventSource="cloudtrail.amazonaws.com")
    return log_file([{**item, "eventTime": ago(hours)}])


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_without_channels_messages_go_to_standard_output(cli: Call, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.json").write_bytes(stop(0.5, 1))
    result = cli("watch", logs, "--once", "--home", tmp_path / "home")
    assert result.status == 0
    first = told(result)[0]
    assert (first["NewStateValue"], first["AWSAccountId"]) == ("ALARM", "111122223333")
    assert first["Trailwarden"]["principals"][0]["principal"].startswith("user/alice")


def test_a_later_run_leaves_out_nothing_that_came_in_between(cli: Call, tmp_path: Path) -> None:
    logs, home = tmp_path / "logs", tmp_path / "home"
    logs.mkdir()
    (logs / "a.json").write_bytes(log_file([{**record(), "eventTime": ago(6)}]))
    first = cli("watch", logs, "--once", "--home", home, "--since", "12h")
    assert told(first) == []
    # Nothing ran for hours; the settings still say "1h".
    (logs / "b.json").write_bytes(stop(5, 1))
    second = cli("watch", logs, "--once", "--home", home, "--since", "1h")
    assert [one["Trailwarden"]["kind"] for one in told(second)]


def test_input_that_cannot_be_used_shows_in_the_status(cli: Call, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.json").write_text('{"Records": [')
    result = cli("watch", logs, "--once", "--home", tmp_path / "home", "--log-format", "json")
    assert result.status == 3
    warnings = [json.loads(line) for line in result.err.splitlines() if '"warning"' in line]
    assert any(str(logs / "a.json") in one.get("place", "") for one in warnings)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no SOURCE"),
        (("nowhere",), "no folder"),
        (("ftp://x/y",), "no source"),
        ((".", "--lateness", "soon"), "no span of time"),
        ((".", "--since", "soon"), "not a date or time"),
        ((".", "--stack", "nope.yaml"), "no template"),
        ((".", "--listen", "0.0.0.0:0"), "token"),
        ((".", "--config", "missing.toml"), "missing.toml"),
        ((".", "."), "two sources"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    cli: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cli("watch", *arguments, "--home", tmp_path / "home", "--once")
    assert result.status == 2
    assert message in result.err


def test_all_mistakes_of_the_settings_are_told_at_once(cli: Call, tmp_path: Path) -> None:
    settings = tmp_path / "bad.toml"
    settings.write_text(
        '[watch]\nstak = "cis"\n[channels.a]\ntype = "smpt"\n[topics]\n"*" = ["b"]\n'
    )
    result = cli("watch", tmp_path, "--config", settings, "--home", tmp_path / "home", "--once")
    assert result.status == 2
    for hint in ("bad.toml:2:1", "did you mean 'stack'", "did you mean 'smtp'", "no channel 'b'"):
        assert hint in result.err


def test_a_home_in_use_is_refused(cli: Call, tmp_path: Path) -> None:
    from trailwarden.watch import Database

    with Database(tmp_path / "home"):
        result = cli("watch", tmp_path, "--once", "--home", tmp_path / "home")
    assert result.status == 2
    assert "another watch" in result.err


def test_the_state_is_the_owners_alone(cli: Call, tmp_path: Path) -> None:
    logs, home = tmp_path / "logs", tmp_path / "home"
    logs.mkdir()
    cli("watch", logs, "--once", "--home", home)
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "state.sqlite3").stat().st_mode & 0o077 == 0
    connection = sqlite3.connect(home / "state.sqlite3")
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()


def test_what_is_left_out_as_too_old_is_said(cli: Call, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    place = "AWSLogs/111122223333/CloudTrail/us-east-1/2024/05/01"
    (logs / place).mkdir(parents=True)
    for number in range(1200):
        name = f"111122223333_CloudTrail_us-east-1_20240501T1205Z_{number:016}.json"
        (logs / place / name).write_bytes(b"{}")
    (logs / "flat.json").write_bytes(stop(5, 1))
    (logs / "new.json").write_bytes(stop(0.5, 2))
    result = cli("watch", logs, "--once", "--home", tmp_path / "home", "--log-format", "json")
    assert result.status == 0
    *_, before_last, _ = [json.loads(line) for line in result.err.splitlines()]
    assert "left out 1,201 files older than one hour: give --since" in str(before_last)
    more = cli("watch", logs, "--once", "--home", tmp_path / "more", "--since", "2024-04-01")
    assert "left out" not in more.err


def test_a_wrong_value_names_its_option(cli: Call, tmp_path: Path) -> None:
    for option in ("--lateness", "--since"):
        result = cli("watch", tmp_path, "--once", "--home", tmp_path / "home", option, "abc")
        assert result.status == 2
        assert f"{option}: 'abc' is" in result.err
    result = cli("watch", tmp_path, "--once", "--home", tmp_path / "home", "--lateness", "8d")
    assert "--lateness: '8d' is out of range" in result.err

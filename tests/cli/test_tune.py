"""``trailwarden tune`` as a user meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from tests.records import log_file, record
from trailwarden.patterns import parse

Cli = Callable[..., Result]
DAY = 24 * 60  # minutes


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A month in which a user changes a trail every day."""
    trail = {"eventSource": "cloudtrail.amazonaws.com"}
    records = [
        record("UpdateTrail", day * DAY, user="ci", number=day, **trail) for day in range(28)
    ]
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "month.json").write_bytes(log_file(records))
    return folder


def test_json(cli: Cli, logs: Path) -> None:
    result = cli("tune", logs, "--output", "json")
    assert (result.status, result.err) == (0, "")
    report = json.loads(result.out)
    (one,) = report["alarms"]
    assert one["name"] == "cis-cloudtrail-config-changes"
    (exclusion,) = one["exclusions"]
    assert exclusion["events"] == ["UpdateTrail"]
    assert (exclusion["fired"], exclusion["removed"], exclusion["lost"]) == (0, 28, ["UpdateTrail"])
    pattern = parse(exclusion["pattern"])
    trail = {"eventSource": "cloudtrail.amazonaws.com"}
    assert not pattern.matches(record("UpdateTrail", user="ci", **trail))
    assert pattern.matches(record("UpdateTrail", user="eve", **trail))
    assert pattern.matches(record("DeleteTrail", user="ci", **trail))


@pytest.mark.parametrize(
    "name", ['o"brien', "a\\b", "a&&b||c", "x}%y%", "名前", "tab\tname", "star*"]
)
def test_whatever_a_caller_is_called(cli: Cli, tmp_path: Path, name: str) -> None:
    fields = {"eventSource": "cloudtrail.amazonaws.com", "userAgent": "\x1b[2J\u202e"}
    records = [
        record("UpdateTrail", day * DAY, user=name, number=day, **fields) for day in range(28)
    ]
    (tmp_path / "month.json").write_bytes(log_file(records))
    page = cli("tune", tmp_path)
    assert page.status == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", page.out)
    (one,) = json.loads(cli("tune", tmp_path, "--output", "json").out)["alarms"]
    if "\t" in name or name.endswith("*"):
        assert one["exclusions"] == []
        return
    pattern = parse(one["exclusions"][0]["pattern"])
    assert not any(pattern.matches(one) for one in records)
    others = (name[:-1], name + "x", "alice")
    assert all(pattern.matches(record("UpdateTrail", user=other, **fields)) for other in others)


def test_a_scanners_stack(cli: Cli, logs: Path) -> None:
    result = cli("tune", logs, "--stack", "cis-1.2.0", "--output", "json")
    assert result.status == 0
    (one,) = json.loads(result.out)["alarms"]
    assert one["thresholds"]["rows"][0]["fired"] == one["fired"]


def test_the_page(cli: Cli, logs: Path) -> None:
    result = cli("tune", logs)
    assert result.status == 0
    assert "Leave out UpdateTrail by" in result.out
    assert "user arn:aws:iam::111122223333:user/ci" in result.out
    assert "Security Hub takes the benchmark's literal texts only" in result.out


def test_an_alarm_that_did_not_fire(cli: Cli, logs: Path) -> None:
    result = cli("tune", logs, "--alarm", "cis-root-usage")
    assert result.status == 0
    assert "cis-root-usage  0 incidents, 0 matches" in result.out


def test_since_and_until(cli: Cli, logs: Path) -> None:
    span = ("--since", "2024-05-02", "--until", "2024-05-12")
    result = cli("tune", logs, *span, "--output", "json")
    (one,) = json.loads(result.out)["alarms"]
    assert (one["fired"], one["matches"]) == (10, 10)


def test_partial_input(cli: Cli, logs: Path) -> None:
    (logs / "broken.json.gz").write_bytes(b"\x1f\x8b broken")
    result = cli("tune", logs)
    assert result.status == 3
    assert "could not be used" in result.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "ARCHIVE"),
        (("-",), "read twice"),
        (("missing",), "missing"),
        (("LOGS", "--alarm", "nobody"), "no alarm"),
        (("LOGS", "--output", "yaml"), "no format"),
        (("LOGS", "--top", "0"), "top"),
        (("LOGS", "--since", "2024-06-01", "--until", "2024-05-01"), "earlier"),
    ],
)
def test_mistakes(cli: Cli, logs: Path, arguments: tuple[str, ...], words: str) -> None:
    given = [logs if one == "LOGS" else one for one in arguments]
    result = cli("tune", *given)
    assert result.status == 2
    assert words in result.err


def test_a_name_that_is_nearly_right(cli: Cli, logs: Path) -> None:
    result = cli("tune", logs, "--alarm", "cis-root-use")
    assert result.status == 2
    assert "did you mean 'cis-root-usage'?" in result.err
    other = cli("tune", logs, "--alarm", "\x1b[31m")
    assert "its alarms: cis-unauthorized-api-calls, " in other.err
    assert "\x1b" not in other.err

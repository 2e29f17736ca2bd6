"""``trailwarden stack cost`` as a user meets it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result
from tests.cli.templates import STOPS
from tests.records import log_file, record

Cli = Callable[..., Result]
DAY = 24 * 60  # minutes

TEMPLATE = f"""\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{{Protocol: email, Endpoint: sec@example.com}}]
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: trail, RetentionInDays: 90}}
{STOPS}\
      AlarmActions: [!Ref Topic]
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Three days: two management events, a data event, and the two a second time."""
    folder = tmp_path / "logs"
    folder.mkdir()
    records = [
        record(number=1),
        record("StopLogging", DAY, number=2, eventCategory="Management"),
        record("GetObject", 3 * DAY, number=3, eventCategory="Data", managementEvent=False),
    ]
    (folder / "a.json.gz").write_bytes(gzip.compress(log_file(records)))
    (folder / "b.json.gz").write_bytes(gzip.compress(log_file(records)))
    return folder


def found(result: Result) -> dict[str, Any]:
    assert (result.status, result.err) == (0, "")
    report: dict[str, Any] = json.loads(result.out)
    return report


def test_json(cli: Cli, logs: Path, template: Path) -> None:
    report = found(cli("stack", "cost", logs, "--stack", template, "--output", "json"))
    assert report["schema"] == "trailwarden.cost/1"
    assert (report["days"], report["scale"], report["free_tier"]) == (3.0, 10.0, True)
    kinds = report["input"]["records"]
    assert kinds == {"management": 2, "data": 1, "network": 0, "insight": 0}
    volume = report["volume"]
    assert (volume["management"], volume["data"], volume["files"]) == (20, 10, 10)
    assert volume["read_bytes"] == pytest.approx(report["input"]["bytes_read"] / 2 * 10)
    assert (volume["published"], volume["delivered"]) == (10, {"email": 10})
    items = {item["key"]: item for item in report["items"]}
    assert items["custom-metrics"]["quantity"] == 1  # what counts records by kind is not billed
    assert items["data-events"]["cost"] == pytest.approx(10 * 0.10 / 100_000)
    assert report["total"] == pytest.approx(sum(item["cost"] for item in items.values()))


def test_configuration_items(cli: Cli, tmp_path: Path, template: Path) -> None:
    records = [
        record("CreateTrail", number=1, readOnly=False),
        record("DeleteTrail", number=2, readOnly=False, errorCode="AccessDenied"),
        record("PutObject", number=3, readOnly=False, eventCategory="Data"),
        record("ListTrails", number=4, readOnly=True, eventCategory="Management"),
        record("StopLogging", number=5, readOnly=False, eventCategory="Management"),
    ]
    (tmp_path / "a.json").write_bytes(log_file(records))
    asked = ("stack", "cost", tmp_path / "a.json", "--stack", template, "--output", "json")
    report = found(cli(*asked, "--days", 30, "--config"))
    assert report["volume"]["changes"] == 2
    items = {item["key"]: item for item in report["items"]}
    assert items["config-items"]["cost"] == pytest.approx(2 * 0.003)
    report = found(cli(*asked, "--days", 30))
    assert "config-items" not in {item["key"] for item in report["items"]}


@pytest.mark.parametrize(
    ("action", "published"),
    [
        ("arn:aws:sns:us-east-1:111122223333:elsewhere", 10),
        ("!ImportValue Alerts", 10),
        ("arn:aws:lambda:us-east-1:111122223333:function:f", 0),
    ],
)
def test_actions_beyond_the_stack(
    cli: Cli, logs: Path, template: Path, action: str, published: int
) -> None:
    template.write_text(TEMPLATE.replace("AlarmActions: [!Ref Topic]", f"AlarmActions: [{action}]"))
    report = found(cli("stack", "cost", logs, "--stack", template, "--output", "json"))
    assert report["volume"]["published"] == published
    assert report["volume"]["delivered"] == {}


def test_terminal(cli: Cli, logs: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    result = cli("stack", "cost", logs, "--stack", template)
    assert (result.status, result.err) == (0, "")
    assert "3 records in 2 files" in result.out
    assert "2 management, 1 data" in result.out
    assert "3 d; times 10 makes 30 days" in result.out
    assert "USD; list prices of 2025-06-01, us-east-1" in result.out
    assert "FREE" in result.out
    assert "< 0.01" in result.out
    assert "15% (an estimate)" in result.out
    assert re.search(r"standard alarms +1 alarm +1 ", result.out)


def test_without_the_free_tier(cli: Cli, logs: Path, template: Path) -> None:
    result = cli("stack", "cost", logs, "--stack", template, "--no-free-tier")
    total = next(line for line in result.out.splitlines() if line.startswith("  total"))
    assert "FREE" not in result.out
    assert total.split() == ["total", "0.40"]  # a metric and an alarm


def test_days_trails_and_prices(cli: Cli, logs: Path, template: Path, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices: {management-copies: {price: 7, per: 1}}\n")
    options = ("--days", 15, "--trails", 2, "--prices", prices, "--output", "json")
    report = found(cli("stack", "cost", logs, "--stack", template, *options))
    costs = {item["key"]: item["cost"] for item in report["items"]}
    assert (report["scale"], costs["management-copies"]) == (2.0, 2 * 2 * 7)
    assert report["prices"]["source"] == str(prices)


def test_an_archive_without_a_span(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(log_file([record()]))
    result = cli("stack", "cost", tmp_path)
    assert result.status == 2
    assert "give --days N" in result.err
    assert cli("stack", "cost", tmp_path, "--days", "nan").status == 2
    assert cli("stack", "cost", tmp_path, "--days", 1).status == 0


def test_the_retention_of_a_log_group_without_a_name_is_known(
    cli: Cli, logs: Path, template: Path
) -> None:
    text = TEMPLATE.replace("LogGroupName: trail, ", "").replace("Name: trail", "Name: !Ref Group")
    template.write_text(text)
    report = found(cli("stack", "cost", logs, "--stack", template, "--output", "json"))
    kept = {item["key"]: item["quantity"] for item in report["items"]}
    assert kept["log-storage"] == pytest.approx(kept["log-ingestion"] * 0.15 * 3)


def test_a_narrow_page_keeps_its_numbers(
    cli: Cli, logs: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    options = ("--days", 0.1, "--trails", 1000)  # for long numbers
    page = cli("stack", "cost", logs, "--stack", template, *options).out
    assert max(map(len, page.splitlines())) <= 60
    (row,) = re.findall(r"^  CloudTrail: +(\S+) events .* (\S+)$", page, re.MULTILINE)[:1]
    assert row == ("599,400", "11.99")


def test_a_slip_in_the_prices_is_told_before_any_work(cli: Cli, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices: {sns-email: {price: 7}}\n")
    result = cli("stack", "cost", tmp_path / "none", "--prices", prices)
    assert result.status == 2
    assert "prices.yaml:1:10 (prices)" in result.err
    assert "did you mean sns-emails?" in result.err


def test_an_input_that_cannot_be_used(cli: Cli, logs: Path, template: Path) -> None:
    (logs / "broken.json.gz").write_bytes(b"\x1f\x8b broken")
    result = cli("stack", "cost", logs, "--stack", template)
    assert result.status == 3
    assert "1 input could not be used" in result.out


def test_hostile_names_are_harmless(cli: Cli, logs: Path, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text('region: "\\e[31m\\u202e"\n')
    result = cli("stack", "cost", logs, "--prices", prices)
    assert result.status == 0
    assert not {"\x1b", "\u202e"} & set(result.out)

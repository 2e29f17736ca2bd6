"""``trailwarden stack``: the command line of ``show``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from tests.cli.conftest import Result
from tests.shared_data import TEMPLATES
from tests.stack.test_live import (
    GROUP,
    HOME,
    front,  # noqa: F401 - a fixture
    put_alarm,
    put_filter,
    put_trail,
    server,  # noqa: F401 - a fixture
)

Cli = Callable[..., Result]


def test_a_built_in_stack(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    result = cli("stack", "show", "cis")
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "trailwarden · cis from builtin:cis"
    assert "  │     └─ alarm cis-root-usage" in lines
    assert "  topic-without-subscriber  no subscription of the topic 'cis-alarms' is known" in lines


def test_a_parameter_changes_what_is_shown(cli: Cli) -> None:
    parameters = ("--parameter", "SubscriptionEndpoint=sec@example.com")
    found = json.loads(cli("stack", "show", "cis", *parameters, "--output", "json").out)
    assert [one["endpoint"] for one in found["subscriptions"]] == ["sec@example.com"]
    assert found["loose_ends"] == []


def test_several_outputs(cli: Cli, tmp_path: Path) -> None:
    page = tmp_path / "stack.html"
    result = cli("stack", "show", "cis", "--output", "mermaid", "--output", f"html={page}")
    assert result.status == 0
    assert result.out.startswith("flowchart LR\n")
    assert page.read_text("ascii").startswith("<!DOCTYPE html>")


def test_an_unknown_stack(cli: Cli) -> None:
    result = cli("stack", "show", "cs")
    assert result.status == 2
    assert "there is no stack 'cs'" in result.err


def test_an_unknown_format(cli: Cli) -> None:
    result = cli("stack", "show", "cis", "--output", "csv")
    assert result.status == 2
    assert "no format 'csv'\n  cure: name one of terminal, json, mermaid, html" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cis", "--region", "eu-west-1"), "--region is for the live account (aws)"),
        (("aws", "--parameter", "A=b"), "the live account has no parameters"),
        ((), "which stack?"),
    ],
)
def test_bad_usage(cli: Cli, arguments: tuple[str, ...], message: str) -> None:
    result = cli("stack", "show", *arguments)
    assert result.status == 2
    assert message in result.err


def test_a_template_that_cannot_be_run_fails_as_in_a_scan(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "Resources:\n"
        "  Stops:\n"
        "    Type: AWS::Logs::MetricFilter\n"
        "    Properties:\n"
        "      LogGroupName: g\n"
        "      FilterPattern: '{ $.eventName == StopLogging }'\n"
        "      MetricTransformations:\n"
        "        - {MetricName: M, MetricNamespace: N, MetricValue: '1'}\n"
    )
    shown = cli("stack", "show", path)
    assert shown.status == 2
    assert "bad.yaml:6" in shown.err
    assert shown == cli("scan", tmp_path, "--stack", path)


@pytest.mark.parametrize("name", ["original-cloudtrail.yaml", "original-sns.yaml"])
def test_original_templates(cli: Cli, name: str) -> None:
    if not TEMPLATES.exists():
        pytest.skip(f"no templates in {TEMPLATES}")
    for output in ("terminal", "json", "mermaid", "html"):
        assert cli("stack", "show", TEMPLATES / name, "--output", output).status == 0


def test_the_live_account(
    cli: Cli,
    front: object,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    topic = boto3.client("sns", region_name=HOME).create_topic(Name="alerts")["TopicArn"]
    put_trail()
    put_filter("stop", metric="Stops")
    put_alarm("stop-alarm", metric="Stops", AlarmActions=[topic])
    result = cli("stack", "show", "aws", "--region", HOME)
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    start = lines.index("  trail org")
    assert lines[start : start + 6] == [
        "  trail org",
        f"  └─ log group {GROUP}",
        "     └─ metric filter stop",
        "        └─ metric Trail/Stops",
        "           └─ alarm stop-alarm",
        "              └─ topic alerts (loose end)  ALARM",
    ]


def test_help_tells_the_exit_statuses(cli: Cli) -> None:
    assert "show" in cli("stack", "--help").out
    assert "Exit status: 0" in cli("stack", "show", "--help").out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, trailwarden.cli.stack\n"
        "heavy = ('boto3', 'msgspec', 're2', 'rich', 'yaml', 'trailwarden.report')\n"
        "print(*[name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

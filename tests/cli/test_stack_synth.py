"""``trailwarden stack synth``: the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result

Cli = Callable[..., Result]


def test_the_default_is_the_whole_stack_as_yaml(cli: Cli) -> None:
    result = cli("stack", "synth")
    assert (result.status, result.err) == (0, "")
    first = "# Made by: trailwarden stack synth --part whole --style detect --format yaml"
    assert result.out.splitlines()[0] == first
    assert "\n  Trail:\n    Type: AWS::CloudTrail::Trail\n" in result.out


def test_a_hyphen_is_standard_output(cli: Cli) -> None:
    arguments = ("stack", "synth", "--part", "trail")
    assert cli(*arguments, "--output", "-").out == cli(*arguments).out


def test_terraform(cli: Cli) -> None:
    result = cli("stack", "synth", "--style", "both", "--format", "terraform")
    assert (result.status, result.err) == (0, "")
    assert "aws_cloudtrail" in json.loads(result.out)["resource"]


def test_it_is_the_same_each_time(cli: Cli) -> None:
    # Another process has another order of sets.
    command = [sys.executable, "-m", "trailwarden", "stack", "synth", "--style", "both"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == cli("stack", "synth", "--style", "both").out


def test_what_is_written_can_be_shown(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "new" / "security.yaml"
    assert cli("stack", "synth", "--output", file).status == 0
    result = cli("stack", "show", file)
    assert result.status == 0
    assert "alarm security-root-usage" in result.out


def test_a_large_template_comes_with_a_note(cli: Cli) -> None:
    result = cli("stack", "synth", "--style", "both", "--format", "json")
    assert result.err.startswith(f"note: {len(result.out):,} bytes; ")
    assert "--s3-bucket" in result.err
    assert json.loads(result.out)["Resources"]


def test_a_file_is_replaced_only_by_force(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "security.yaml"
    file.write_text("mine")
    result = cli("stack", "synth", "--output", file)
    assert result.status == 2
    assert "is there already\n  cure: name another file, or give --force" in result.err
    assert file.read_text() == "mine"
    assert cli("stack", "synth", "--output", file, "--force").status == 0
    assert file.read_text().startswith("# Made by: trailwarden")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--control", "root-use"], "did you mean root-usage?"),
        (["--control", "\x1b[31m"], "there is no control"),
        (["--exclude", "x"], "name one of unauthorized-api-calls, "),
        (["--control", "root-usage", "--exclude", "root-usage"], "leaves no control"),
        (["--style", "strict", "--control", "monitoring-tampering"], "no strict filter"),
        (["--part", "trail", "--style", "both"], "--part trail has none"),
        (["--part", "trail", "--control", "root-usage"], "--part trail has none"),
        (["--output", "/"], "is a directory"),
        (["--output", ""], "it names a folder\n  cure: name a file"),
        (["--output", "/dev/full"], "there is room and you may write: --output FILE"),
    ],
)
def test_mistakes(cli: Cli, arguments: list[str], said: str) -> None:
    result = cli("stack", "synth", *arguments)
    assert result.status == 2
    assert result.out == ""
    assert said in result.err
    assert "\x1b" not in result.err


@pytest.mark.parametrize(
    ("flags", "style"),
    [(["--strict"], "strict"), (["--detect"], "detect"), (["--detect", "--strict"], "both")],
)
def test_the_short_ways_to_choose_a_style(cli: Cli, flags: list[str], style: str) -> None:
    asked = ("stack", "synth", "--part", "alarms")
    assert cli(*asked, *flags).out == cli(*asked, "--style", style).out
    refused = cli(*asked, *flags, "--style", style)
    assert refused.status == 2
    assert "keep one of them" in refused.err

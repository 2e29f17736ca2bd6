"""Start-up stays light, help is complete, mistakes are answered."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.cli.conftest import Result
from trailwarden import __version__

HEAVY = ("boto3", "msgspec", "re2", "rich", "yaml", "zstandard", "multiprocessing", "asyncio")


COMMANDS = (
    "scan",
    "watch",
    "notify",
    "stack",
    "audit",
    "lint",
    "tune",
    "test",
    "explain",
    "simulate",
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    # Import time is what start-up costs; counting modules says so without a clock.
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print(*[m for m in {HEAVY!r} if m in sys.modules]))\n"
        f"sys.argv = ['trailwarden', *{arguments!r}]\n"
        "from trailwarden.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


def test_version(cli: Callable[..., Result]) -> None:
    assert cli("--version").out.strip() == f"trailwarden, version {__version__}"


def test_help_lists_the_commands(cli: Callable[..., Result]) -> None:
    result = cli("--help")
    assert result.status == 0
    for command in COMMANDS:
        assert f"\n  {command}  " in result.out


def test_unknown_command(cli: Callable[..., Result]) -> None:
    result = cli("scna")
    assert result.status == 2
    assert "did you mean 'scan'?" in result.err

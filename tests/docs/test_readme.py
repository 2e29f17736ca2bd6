"""The README shows what really happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result, cli  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive of ``make demo``."""
    from trailwarden.simulate import Plan, write_archive

    folder = tmp_path_factory.mktemp("readme")
    (folder / "demo").mkdir()
    write_archive(Plan(), folder / "demo/archive")
    return folder


def shown(mark: str) -> list[str]:
    """The lines of the code block behind a comment, without those that stand for others."""
    found = re.search(rf"<!-- {re.escape(mark)}.*? -->\n```\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return [line for line in found[1].splitlines() if line.strip() not in ("", "…")]


def test_the_scan_prints_what_the_readme_shows(
    cli: Callable[..., Result],  # noqa: F811
    demo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(demo)
    monkeypatch.delenv("COLUMNS", raising=False)
    result = cli("scan", "demo/archive", "--stack", "cis")
    printed = result.out.splitlines()
    place = 0
    for line in shown("runs: trailwarden scan demo/archive --stack cis"):
        assert line in printed[place:], line
        place = printed.index(line, place) + 1


def test_the_mistake_is_told_as_the_readme_shows(
    cli: Callable[..., Result],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stack.yaml").write_text(
        "Resources:\n"
        "  Stops:\n"
        "    Type: AWS::Logs::MetricFilter\n"
        "    Properties:\n"
        "      LogGroupName: g\n"
        "      FilterPattern: '{ $.eventName == StopLogging }'\n"
        "      MetricTransformations:\n"
        "        - {MetricName: M, MetricNamespace: N, MetricValue: '1'}\n"
    )
    assert cli("scan", ".", "--stack", "stack.yaml").err.splitlines() == shown("shows")


def test_the_library_example_runs(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    monkeypatch.chdir(demo)
    exec(found[1], {})
    assert "cis-root-usage" in capsys.readouterr().out
    for line in found[1].splitlines():
        expression, comment, expected = line.partition("  # ")
        if comment and not expected.startswith("or "):
            names: dict[str, object] = {}
            exec("from trailwarden.alarms import *\nfrom trailwarden.patterns import parse", names)
            assert repr(eval(expression, names)) == expected


def test_the_library_example_runs_as_a_script(demo: Path) -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    (demo / "example.py").write_text(found[1], "utf-8")
    ended = subprocess.run(
        [sys.executable, "example.py"],
        cwd=demo,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("cis-root-usage") == 2


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`?make ([a-z]+)`?", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_watch_logs_what_the_readme_shows(
    cli: Callable[..., Result],  # noqa: F811
    demo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(demo)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    result = cli(
        *("watch", "demo/archive", "--once", "--since", "2025-03-01"),
        *("--home", "state", "--log-format", "human"),
    )
    assert result.status == 0
    printed = [re.sub(r"^\S+", "…", line) for line in result.err.splitlines()]
    for line in shown("runs: trailwarden watch demo/archive --once --since 2025-03-01"):
        assert line in printed, line


def test_the_explanation_is_what_the_readme_shows(
    cli: Callable[..., Result],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("record.json").write_text('{"eventName": "StopLogging"}')
    found = re.search(r"<!-- explains: trailwarden (.*?) -->", README)
    assert found is not None
    printed = cli(*shlex.split(found[1])).out.splitlines()
    for line in shown("explains: trailwarden explain"):
        assert line in printed, line


def test_the_audit_is_what_the_readme_shows(
    cli: Callable[..., Result],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    found = re.search(r"<!-- audits: trailwarden (.*?) -->", README)
    assert found is not None
    printed = cli(*shlex.split(found[1])).out.splitlines()
    for line in shown("audits: trailwarden audit"):
        assert line in printed, line

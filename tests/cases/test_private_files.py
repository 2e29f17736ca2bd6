"""What holds records may be read by its owner only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.records import log_file, record
from tests.watch.parts import Listed, portion, watched
from trailwarden.cli.failures import run
from trailwarden.cli.root import trailwarden
from trailwarden.watch import Database


@pytest.fixture(autouse=True)
def _open_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["trailwarden", *map(str, arguments)])
    return run(trailwarden)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.json").write_bytes(log_file([record("StopLogging", 5)]))
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "LOGS", "--output", "json=FILE"),
        ("scan", "LOGS", "--output", "html=FILE"),
        ("scan", "LOGS", "--output", "csv=FILE"),
        ("tune", "LOGS", "--output", "json=FILE"),
        ("audit", "--output", "json=FILE"),
        ("explain", "LOGS", "--pattern", "{ $.eventName = StopLogging }", "--output", "json=FILE"),
    ],
    ids=lambda those: f"{those[0]}-{those[-1][:4]}",
)
def test_reports_are(
    arguments: tuple[str, ...], logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report"
    given = [one.replace("LOGS", str(logs)).replace("FILE", str(report)) for one in arguments]
    call(monkeypatch, *given)
    assert mode(report) == 0o600
    report.chmod(0o644)
    call(monkeypatch, *given)
    assert mode(report) == 0o600


def test_a_report_by_a_link_is(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "there")
    call(monkeypatch, "scan", logs, "--output", f"json={tmp_path / 'link'}")
    assert mode(tmp_path / "there") == 0o600


def test_a_template_is_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "stack", "synth", "--output", tmp_path / "stack.yaml") == 0
    assert mode(tmp_path / "stack.yaml") == 0o644


class TestTheHome:
    def test_all_of_it(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        watched(home, Listed(portion([record("StopLogging", 5)], "a")))
        assert mode(home) == 0o700
        assert {mode(path) for path in home.iterdir()} == {0o600}

    def test_the_journal_too_and_what_an_older_version_left(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        Database(home).close()
        home.chmod(0o755)
        (home / "state.sqlite3").chmod(0o644)
        with Database(home) as database, database.transaction() as connection:
            connection.execute("INSERT INTO taken VALUES ('s', 'k', '1', 0)")
            assert mode(home) == 0o700
            assert {mode(path) for path in home.glob("state.sqlite3*")} == {0o600}

    def test_a_folder_that_holds_other_things_is_left_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("mine")
        tmp_path.chmod(0o755)
        with Database(tmp_path):
            assert mode(tmp_path) == 0o755
            assert mode(tmp_path / "state.sqlite3") == 0o600

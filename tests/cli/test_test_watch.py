"""``trailwarden test --watch``, as a process: it runs again after changes, and ends on Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from tests.cli.test_interrupts import until
from tests.cli.test_test_coverage import STACK, TESTS
from tests.records import log_file, record

Cli = Callable[..., Result]
FILE = "  - {file: records.json}\n"


class Watching:
    """A process that watches; what it prints goes to files."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trailwarden", "test", "one.yaml", "--watch"],
                cwd=folder,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def runs(self, number: int) -> bool:
        """Wait for the end of a run, counted from 1."""
        return until(lambda: self.err.count("Ctrl-C ends it") >= number)


def put(path: Path, text: str) -> None:
    """Replace a file as editors do. Half of one would be one more change."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    (tmp_path / "security.yaml").write_text(STACK)
    (tmp_path / "one.yaml").write_text(TESTS.replace("[{", "\n  - {").replace("}}]", "}}\n" + FILE))
    (tmp_path / "records.json").write_bytes(log_file([record()]))
    watching = Watching(tmp_path)
    yield watching
    watching.process.kill()
    watching.process.wait()


def test_watch(watching: Watching, tmp_path: Path) -> None:
    assert watching.runs(1), watching.err
    assert watching.out.endswith("1 test, 0 failed\n")
    assert "watching 3 files" in watching.err

    changed = {"Records": [record("DeleteTrail", number=1, b=1)]}
    put(tmp_path / "records.json", json.dumps(changed))
    assert watching.runs(2), watching.err
    assert watching.out.endswith("1 test, 1 failed\n")
    assert "--- records.json changed at " in watching.err

    put(tmp_path / "security.yaml", STACK.replace("&&", "&"))
    assert watching.runs(3), watching.err
    assert "error: security.yaml:6:22" in watching.err
    put(tmp_path / "security.yaml", STACK)
    assert watching.runs(4), watching.err

    put(tmp_path / "one.yaml", TESTS)
    assert watching.runs(5), watching.err
    assert watching.out.endswith("1 test, 0 failed\n")

    os.killpg(watching.process.pid, signal.SIGINT)
    assert watching.process.wait(30) == 0
    assert "Traceback" not in watching.err


def test_nothing_to_watch(cli: Cli) -> None:
    result = cli("test", "cis", "--watch")
    assert (result.status, result.out) == (2, "")
    assert "no file to watch" in result.err


def test_without_watchfiles(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.cli.test_watch.find_spec", lambda _: None)
    result = cli("test", "x.yaml", "--watch")
    assert result.status == 2
    assert "pip install 'trailwarden[watch]'" in result.err

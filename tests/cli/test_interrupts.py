"""Ctrl-C and sudden death: no traceback, no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.records import record
from tests.scan.test_scan import write

LONGEST = 30.0  # seconds to wait for what comes in a moment


def until(holds: Callable[[], bool]) -> bool:
    """Wait for something that another process does."""
    end = time.monotonic() + LONGEST
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def group_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a group that are not dead yet."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(group) == process.pid and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scan in two processes that has come to waiting for standard input."""
    for minute in range(700):
        write(tmp_path, minute, [record("StopLogging", minute, number=minute)])
    command = [sys.executable, "-m", "trailwarden", "scan", str(tmp_path), "-", "--processes", "2"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert until(lambda: len(group_of(process)) >= 4), "no workers"
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c(busy: subprocess.Popen[bytes]) -> None:
    os.killpg(busy.pid, signal.SIGINT)
    out, error = busy.communicate(timeout=LONGEST)
    assert (busy.returncode, out, error.split()) == (130, b"", [b"interrupted"])
    assert until(lambda: not group_of(busy))


def test_workers_do_not_outlive_their_master(busy: subprocess.Popen[bytes]) -> None:
    busy.kill()
    assert until(lambda: not group_of(busy))

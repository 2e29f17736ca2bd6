"""The progress display: one line, whatever is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace

import pytest

from tests.report.rendering import Terminal, plain_environment
from trailwarden.cli import progress_line
from trailwarden.scan import Progress


def drawn(monkeypatch: pytest.MonkeyPatch, times: Iterator[float], *told: Progress) -> str:
    """What a terminal of 60 columns gets, without its commands; the clock says ``times``."""
    plain_environment(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    clock = SimpleNamespace(monotonic=lambda: next(times))
    monkeypatch.setattr(progress_line, "time", clock)
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    line = progress_line.ProgressLine(after=1)
    for progress in told:
        line.update(progress)
    line.close()
    return re.sub(r"\x1b\[[?\d]*[A-Za-z]", "", stream.getvalue())


def test_a_narrow_terminal_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress(files=1_000, bytes=1 << 30, events=123_456, at="logs/" + "x" * 99)
    shown = drawn(monkeypatch, count(100.0, 10.0), progress).split("\n")[0].split("\r")[0]
    assert "1,000 files, 123,456 events, 1,024.0 MiB" in shown
    assert shown.endswith("…")
    assert len(shown) <= 60


def test_a_second_pass_has_a_speed_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((100.0, 110.0, 200.0, 202.0))
    told = [Progress(files, 0, files * 10, "") for files in (100, 1, 60)]
    assert "600 events, 0.0 MiB, 300 events/s" in drawn(monkeypatch, times, *told)

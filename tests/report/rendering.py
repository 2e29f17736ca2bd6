"""Rendering into a string, as for a file or as for a terminal."""

from __future__ import annotations

import io

import pytest

from trailwarden import report
from trailwarden.monitor.outcome import Outcome


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def rendered(outcome: Outcome, name: str) -> str:
    """The report as a file gets it."""
    stream = io.StringIO(newline="")
    report.render(outcome, name, stream)
    return stream.getvalue()


def on_terminal(
    monkeypatch: pytest.MonkeyPatch, outcome: Outcome, columns: int, **environment: str
) -> str:
    """The terminal report as a terminal of so many columns gets it."""
    plain_environment(monkeypatch)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = Terminal()
    report.render(outcome, "terminal", stream)
    return stream.getvalue()


def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variables that speak about terminals."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)

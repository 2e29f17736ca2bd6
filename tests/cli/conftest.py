"""Calling the command line inside the process of the tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from trailwarden.cli.failures import run
from trailwarden.cli.root import trailwarden


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """``cli("scan", folder)`` → exit status and what was printed."""

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["trailwarden", *map(str, arguments)])
        status = run(trailwarden)
        printed = capsys.readouterr()
        return Result(status, printed.out, printed.err)

    return call

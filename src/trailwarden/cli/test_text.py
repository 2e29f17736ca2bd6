"""The results of ``trailwarden test`` for people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import click

from trailwarden.cli.test_coverage import coverage_lines
from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.cli.test_run import Run
    from trailwarden.scan.cases import CaseResult

_LIMIT = 1000  # characters of one line


def write_text(run: Run, stream: IO[str]) -> None:
    """A line for each test, and below it what is not as expected; then the sum, and coverage."""
    paint = _Paint(stream)
    for result in run.results:
        verdict = paint.good("ok  ") if result.passed else paint.bad("FAIL")
        stream.write(f"{verdict} {shown(result.source)}: {shown(result.name)}\n")
        for line in mismatch_lines(result):
            stream.write(f"     {line}\n")
    failed = sum(not result.passed for result in run.results)
    count = f"{failed:,} failed"
    stream.write(f"{plural(len(run.results), 'test')}, {paint.bad(count) if failed else count}\n")
    for coverage in run.coverages:
        for line in coverage_lines(coverage):
            stream.write(f"{line}\n")


def mismatch_lines(result: CaseResult) -> Iterator[str]:
    """What a test expected, what came, and what says more about it; harmless, on one line each."""
    for mismatch in result.mismatches:
        yield f"{shown(str(mismatch.location))}: {shown(mismatch.subject)}"
        yield f"  expected: {shown(mismatch.expected)}"
        yield f"  came:     {shown(mismatch.came)}"
        for detail in mismatch.details:
            yield f"    {shown(detail)}"


def shown(text: str) -> str:
    return visible(text, _LIMIT)


class _Paint:
    """Colours, where ``stream`` is a terminal that can show them, and nobody said NO_COLOR."""

    def __init__(self, stream: IO[str]) -> None:
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._is_on = wanted and stream.isatty()

    def good(self, text: str) -> str:
        return click.style(text, fg="green") if self._is_on else text

    def bad(self, text: str) -> str:
        return click.style(text, fg="red", bold=True) if self._is_on else text

"""The results of ``trailwarden test``: for people, for CI servers (JUnit's XML), for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING

from trailwarden.cli.test_coverage import coverage_lines, coverage_value
from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.cli.test_run import Run
    from trailwarden.report.junit import Suite, Test
    from trailwarden.scan.cases import CaseResult, Mismatch

FORMATS = ("text", "junit", "json")
SCHEMA = "trailwarden.test/1"
_LIMIT = 1000  # characters of one line


def render_run(run: Run, format: str, stream: IO[str]) -> None:  # noqa: A002
    """Write ``run`` in one of FORMATS."""
    {"text": _text, "junit": _junit, "json": _json}[format](run, stream)


def _text(run: Run, stream: IO[str]) -> None:
    for result in run.results:
        verdict = "ok  " if result.passed else "FAIL"
        stream.write(f"{verdict} {_shown(result.source)}: {_shown(result.name)}\n")
        for line in _lines(result):
            stream.write(f"     {line}\n")
    failed = sum(not result.passed for result in run.results)
    stream.write(f"{plural(len(run.results), 'test')}, {failed:,} failed\n")
    for coverage in run.coverages:
        for line in coverage_lines(coverage):
            stream.write(f"{line}\n")


def _lines(result: CaseResult) -> Iterator[str]:
    for mismatch in result.mismatches:
        yield f"{_shown(str(mismatch.location))}: {_shown(mismatch.subject)}"
        yield f"  expected: {_shown(mismatch.expected)}"
        yield f"  came:     {_shown(mismatch.came)}"
        for detail in mismatch.details:
            yield f"    {_shown(detail)}"


def _junit(run: Run, stream: IO[str]) -> None:
    from trailwarden.report.junit import render_suites

    sources = dict.fromkeys(result.source for result in run.results)
    render_suites([_suite(source, run.results) for source in sources], stream)


def _suite(source: str, results: Sequence[CaseResult]) -> Suite:
    from trailwarden.report.junit import Suite

    return Suite(source, [_test(result) for result in results if result.source == source])


def _test(result: CaseResult) -> Test:
    from trailwarden.report.junit import Test

    summary = "; ".join(f"{one.subject}: {one.came}" for one in result.mismatches)
    return Test(
        result.name,
        result.source,
        failure="\n".join(_lines(result)),
        message=_shown(summary),
        seconds=result.seconds,
        file=result.location.source,
        line=result.location.line,
    )


def _json(run: Run, stream: IO[str]) -> None:
    from trailwarden import __version__
    from trailwarden.report import json_text

    value: dict[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "passed": sum(result.passed for result in run.results),
        "failed": sum(not result.passed for result in run.results),
        "tests": (_result_value(result) for result in run.results),
    }
    if run.coverages:
        value["coverage"] = (coverage_value(coverage) for coverage in run.coverages)
    json_text.write(stream, value)
    stream.write("\n")


def _result_value(result: CaseResult) -> dict[str, object]:
    return {
        "source": result.source,
        "name": result.name,
        "line": result.location.line,
        "passed": result.passed,
        "seconds": round(result.seconds, 6),
        "mismatches": [_mismatch_value(mismatch) for mismatch in result.mismatches],
    }


def _mismatch_value(mismatch: Mismatch) -> dict[str, object]:
    return {
        "subject": mismatch.subject,
        "expected": mismatch.expected,
        "came": mismatch.came,
        "details": list(mismatch.details),
        "line": mismatch.location.line,
        "column": mismatch.location.column,
        "key": mismatch.location.key,
    }


def _shown(text: str) -> str:
    return visible(text, _LIMIT)

"""The results of ``trailwarden test``: for people, for CI servers (JUnit's XML), for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from trailwarden.cli.test_coverage import coverage_value
from trailwarden.cli.test_text import mismatch_lines, shown, write_text

if TYPE_CHECKING:
    from trailwarden.cli.test_run import Run
    from trailwarden.report.junit import Suite, Test
    from trailwarden.scan.cases import CaseResult, Mismatch

FORMATS = ("text", "junit", "json")
SCHEMA = "trailwarden.test/1"


def render_run(run: Run, format: str, stream: IO[str]) -> None:  # noqa: A002
    """Write ``run`` in one of FORMATS. No encoding of ``stream`` is too small."""
    from trailwarden.report.encoding import lenient

    with lenient(stream):
        {"text": write_text, "junit": _junit, "json": _json}[format](run, stream)


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
        failure="\n".join(mismatch_lines(result)),
        message=shown(summary),
        seconds=result.seconds,
        file=result.location.source,
        line=result.location.line,
    )


def _json(run: Run, stream: IO[str]) -> None:
    from trailwarden import __version__, json_text

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

"""The results of ``trailwarden test``: for people, for CI servers (JUnit's XML), for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape

from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.scan.cases import CaseResult, Mismatch

FORMATS = ("text", "junit", "json")
SCHEMA = "trailwarden.test/1"
_LIMIT = 1000  # characters of one line
# XML 1.0 knows no escapes for most control characters; visible() leaves none.
_QUOTED = {'"': "&quot;"}


def render_results(results: Sequence[CaseResult], format: str, stream: IO[str]) -> None:  # noqa: A002
    """Write ``results`` in one of FORMATS."""
    {"text": _text, "junit": _junit, "json": _json}[format](results, stream)


def _text(results: Sequence[CaseResult], stream: IO[str]) -> None:
    for result in results:
        verdict = "ok  " if result.passed else "FAIL"
        stream.write(f"{verdict} {_shown(result.source)}: {_shown(result.name)}\n")
        for line in _lines(result):
            stream.write(f"     {line}\n")
    failed = sum(not result.passed for result in results)
    stream.write(f"{plural(len(results), 'test')}, {failed:,} failed\n")


def _lines(result: CaseResult) -> Iterator[str]:
    for mismatch in result.mismatches:
        yield f"{_shown(str(mismatch.location))}: {_shown(mismatch.subject)}"
        yield f"  expected: {_shown(mismatch.expected)}"
        yield f"  came:     {_shown(mismatch.came)}"
        for detail in mismatch.details:
            yield f"    {_shown(detail)}"


def _junit(results: Sequence[CaseResult], stream: IO[str]) -> None:
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    for source in dict.fromkeys(result.source for result in results):
        own = [result for result in results if result.source == source]
        failed = sum(not result.passed for result in own)
        seconds = sum(result.seconds for result in own)
        stream.write(
            f'<testsuite name="{_xml(source)}" tests="{len(own)}" failures="{failed}" '
            f'errors="0" skipped="0" time="{seconds:.3f}">\n'
        )
        for result in own:
            _testcase(result, stream)
        stream.write("</testsuite>\n")
    stream.write("</testsuites>\n")


def _testcase(result: CaseResult, stream: IO[str]) -> None:
    stream.write(
        f'<testcase classname="{_xml(result.source)}" name="{_xml(result.name)}" '
        f'time="{result.seconds:.3f}"'
    )
    if result.passed:
        stream.write("/>\n")
        return
    text = "\n".join(map(_xml, _lines(result)))
    summary = "; ".join(f"{one.subject}: {one.came}" for one in result.mismatches)
    stream.write(f'>\n<failure message="{_xml(summary)}">{text}</failure>\n</testcase>\n')


def _json(results: Sequence[CaseResult], stream: IO[str]) -> None:
    from trailwarden import __version__
    from trailwarden.report import json_text

    json_text.write(
        stream,
        {
            "schema": SCHEMA,
            "version": __version__,
            "passed": sum(result.passed for result in results),
            "failed": sum(not result.passed for result in results),
            "tests": (_result_value(result) for result in results),
        },
    )
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


def _xml(text: str) -> str:
    return escape(_shown(text), _QUOTED).encode("ascii", "xmlcharrefreplace").decode()

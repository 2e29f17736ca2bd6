"""Findings of lint for programs: one object, ASCII only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from trailwarden import __version__, json_text
from trailwarden.stack.lint import Finding, LeftOut

SCHEMA = "trailwarden.lint/1"


def render_json(
    findings: Sequence[Finding],
    stream: IO[str],
    *,
    fixed: Sequence[Finding] = (),
    left_out: Sequence[LeftOut] = (),
) -> None:
    json_text.write(
        stream,
        {
            "schema": SCHEMA,
            "version": __version__,
            "findings": (_finding(finding) for finding in findings),
            "fixed": (_finding(finding) for finding in fixed),
            "ignored": (_finding(one.finding) for one in left_out),
        },
    )
    stream.write("\n")


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.location
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "cure": finding.cure,
        "source": place.source,
        "line": place.line,
        "column": place.column,
        "key": place.key,
    }

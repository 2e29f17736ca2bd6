"""Findings of lint as JUnit's XML, which build servers show as tests: each finding a failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import IO

from trailwarden.report.junit import Suite, Test, render_suites
from trailwarden.report.lint_text import line_of, place_of
from trailwarden.stack.lint import Finding
from trailwarden.text import visible

_NAME = "trailwarden lint"


def render_junit(findings: Sequence[Finding], stream: IO[str]) -> None:
    """One suite for each source. Where nothing was found one test passes: readers want one."""
    by_source: defaultdict[str, list[Test]] = defaultdict(list)
    for finding in findings:
        by_source[finding.location.source].append(_test(finding))
    suites = [Suite(source, tests) for source, tests in by_source.items()]
    nothing = Suite(_NAME, [Test("nothing found", "trailwarden.lint")])
    render_suites(suites or [nothing], stream, name=_NAME)


def _test(finding: Finding) -> Test:
    place = finding.location
    text = line_of(finding)
    return Test(
        name=f"{finding.code} {place_of(place)}",
        classname=f"trailwarden.lint.{finding.code}",
        failure=f"{text}\ncure: {visible(finding.cure)}" if finding.cure else text,
        message=finding.message,
        kind=finding.severity,
        file=place.source,
        line=place.line,
    )

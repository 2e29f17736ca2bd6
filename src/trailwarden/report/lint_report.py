"""What lint found, in each of the formats that there are for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO

from trailwarden.report.encoding import lenient
from trailwarden.report.lint_github import render_github
from trailwarden.report.lint_json import render_json
from trailwarden.report.lint_junit import render_junit
from trailwarden.report.lint_sarif import render_sarif
from trailwarden.report.lint_text import render_concise, render_statistics, render_text
from trailwarden.stack.lint import Finding, LeftOut

_RENDERERS: dict[str, Callable[[Sequence[Finding], IO[str]], None]] = {
    "sarif": render_sarif,
    "github": render_github,
    "junit": render_junit,
}
# Formats for people, which --statistics replaces.
_FOR_PEOPLE = {"text": render_text, "concise": render_concise}
PEOPLES = tuple(_FOR_PEOPLE)
FORMATS = [*PEOPLES, "json", *_RENDERERS]


def render_lint(
    findings: Sequence[Finding],
    format: str,  # noqa: A002
    stream: IO[str],
    *,
    fixed: Sequence[Finding] | None = None,
    left_out: Sequence[LeftOut] = (),
    statistics: bool = False,
) -> None:
    """Write ``findings`` in one of FORMATS; no string in them makes it raise.

    ``fixed`` are those that are gone, or None where nothing was to be fixed; ``left_out`` those
    that comments leave out. ``statistics``: formats for people count them by rule only.
    """
    with lenient(stream):
        if format in _FOR_PEOPLE:
            render = render_statistics if statistics else _FOR_PEOPLE[format]
            render(findings, stream, fixed=fixed, left_out=left_out)
        elif format == "json":
            render_json(findings, stream, fixed=fixed or (), left_out=left_out)
        else:
            _RENDERERS[format](findings, stream)

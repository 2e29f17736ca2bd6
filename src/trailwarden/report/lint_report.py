"""What lint found, in each of the formats that there are for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO

from trailwarden.report.encoding import lenient
from trailwarden.report.lint_github import render_github
from trailwarden.report.lint_json import render_json
from trailwarden.report.lint_junit import render_junit
from trailwarden.report.lint_sarif import render_sarif
from trailwarden.report.lint_text import render_text
from trailwarden.stack.lint import Finding

_RENDERERS: dict[str, Callable[[Sequence[Finding], IO[str]], None]] = {
    "sarif": render_sarif,
    "github": render_github,
    "junit": render_junit,
}
FORMATS = ["text", "json", *_RENDERERS]


def render_lint(
    findings: Sequence[Finding],
    format: str,  # noqa: A002
    stream: IO[str],
    *,
    fixed: Sequence[Finding] | None = None,
) -> None:
    """Write ``findings`` in one of FORMATS; no string in them makes it raise.

    ``fixed`` are those that are gone, or None where nothing was to be fixed.
    """
    with lenient(stream):
        if format == "text":
            render_text(findings, stream, fixed=fixed)
        elif format == "json":
            render_json(findings, stream, fixed=fixed or ())
        else:
            _RENDERERS[format](findings, stream)

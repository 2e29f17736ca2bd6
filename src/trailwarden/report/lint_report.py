"""What lint found, in each of the formats that there are for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO

from trailwarden.report.encoding import lenient
from trailwarden.report.lint_github import render_github
from trailwarden.report.lint_json import render_json
from trailwarden.report.lint_sarif import render_sarif
from trailwarden.report.lint_text import render_text
from trailwarden.stack.lint import Finding

_RENDERERS: dict[str, Callable[[Sequence[Finding], IO[str]], None]] = {
    "text": render_text,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
}
FORMATS = list(_RENDERERS)


def render_lint(findings: Sequence[Finding], format: str, stream: IO[str]) -> None:  # noqa: A002
    """Write ``findings`` in one of FORMATS; no string in them makes it raise."""
    with lenient(stream):
        _RENDERERS[format](findings, stream)

"""What an audit found, as a report: for people, for programs, for auditors, for build servers."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.audit.model import Audit

_RENDERERS: Renderers = {
    "terminal": ("audit_terminal", "render_terminal"),
    "json": ("audit_json", "render_json"),
    "csv": ("audit_csv", "render_csv"),
    "html": ("audit_html", "render_html"),
    "ocsf": ("audit_ocsf", "render_ocsf"),
    "junit": ("audit_junit", "render_junit"),
}
FORMATS = tuple(_RENDERERS)


def render_audit(audit: Audit, name: str, stream: IO[str]) -> None:
    """Write ``audit`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    Raises UsageError for an unknown one.
    """
    render_as(name, _RENDERERS, stream, audit)

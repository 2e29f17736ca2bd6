"""What an audit found, as a report: for people, for programs, for auditors, for build servers."""

from __future__ import annotations

from importlib import import_module
from typing import IO, TYPE_CHECKING

from trailwarden.errors import UsageError

if TYPE_CHECKING:
    from trailwarden.audit.model import Audit

# format → (module, function): only the format in use is imported.
_RENDERERS = {
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

    The stream may have any encoding: what it lacks is spelled in ASCII. Raises UsageError for an
    unknown format.
    """
    if name not in _RENDERERS:
        raise UsageError(f"no report format {name!r}", cure=f"use one of {', '.join(FORMATS)}")
    from trailwarden.report.encoding import lenient  # noqa: PLC0415 - only when rendering

    module, function = _RENDERERS[name]
    renderer = getattr(import_module(f"trailwarden.report.{module}"), function)
    with lenient(stream):
        renderer(audit, stream)

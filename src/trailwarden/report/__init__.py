"""An outcome as a report: for people, for programs, for spreadsheets, for browsers."""

from __future__ import annotations

from importlib import import_module
from typing import IO, TYPE_CHECKING

from trailwarden.errors import UsageError

if TYPE_CHECKING:
    from trailwarden.monitor.outcome import Outcome

# format → (module, function): only the format in use is imported.
_RENDERERS = {
    "terminal": ("terminal", "render_terminal"),
    "json": ("json_report", "render_json"),
    "jsonl": ("jsonl_report", "render_jsonl"),
    "csv": ("csv_report", "render_csv"),
    "html": ("html", "render_html"),
}
FORMATS = tuple(_RENDERERS)


def render(outcome: Outcome, name: str, stream: IO[str]) -> None:
    """Write ``outcome`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    The stream may have any encoding: what it lacks is spelled in ASCII. Raises UsageError for an
    unknown format.
    """
    if name not in _RENDERERS:
        raise UsageError(f"no report format {name!r}", cure=f"use one of {', '.join(FORMATS)}")
    from trailwarden.report.encoding import lenient  # noqa: PLC0415 - only when rendering

    module, function = _RENDERERS[name]
    renderer = getattr(import_module(f"{__name__}.{module}"), function)
    with lenient(stream):
        renderer(outcome, stream)

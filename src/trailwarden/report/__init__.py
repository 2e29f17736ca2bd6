"""An outcome as a report: for people, for programs, for spreadsheets, for browsers."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.monitor.outcome import Outcome

_RENDERERS: Renderers = {
    "terminal": ("terminal", "render_terminal"),
    "json": ("json_report", "render_json"),
    "jsonl": ("jsonl_report", "render_jsonl"),
    "csv": ("csv_report", "render_csv"),
    "html": ("html", "render_html"),
}
FORMATS = tuple(_RENDERERS)


def render(outcome: Outcome, name: str, stream: IO[str]) -> None:
    """Write ``outcome`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    Raises UsageError for an unknown one.
    """
    render_as(name, _RENDERERS, stream, outcome)

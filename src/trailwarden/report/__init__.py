"""An outcome as a report: for people, for programs, for spreadsheets, for browsers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.monitor.matches import Match
    from trailwarden.monitor.outcome import Outcome

__all__ = ["FORMATS", "MATCHES", "MATCH_FORMS", "render"]

_RENDERERS: Renderers = {
    "terminal": ("terminal", "render_terminal"),
    "json": ("json_report", "render_json"),
    "jsonl": ("jsonl_report", "render_jsonl"),
    "csv": ("csv_report", "render_csv"),
    "html": ("html", "render_html"),
}
FORMATS = tuple(_RENDERERS)
MATCHES = "matches"
MATCH_FORMS = {".csv": "matches-csv", ".jsonl": "matches-jsonl", ".ndjson": "matches-jsonl"}
_OF_MATCHES: Renderers = {
    "matches-csv": ("matches_report", "render_matches_csv"),
    "matches-jsonl": ("matches_report", "render_matches_jsonl"),
}


def render(outcome: Outcome, name: str, stream: IO[str], *, matches: Iterable[Match] = ()) -> None:
    """Write ``outcome`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    In one of the forms of ``MATCH_FORMS`` it is ``matches`` that are written, as they come.
    Raises UsageError for an unknown one.
    """
    if name in _OF_MATCHES:
        render_as(name, _OF_MATCHES, stream, matches)
    else:
        render_as(name, _RENDERERS, stream, outcome)

"""Why records match a filter or not, as a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from trailwarden.patterns import Explanation, FilterPattern
from trailwarden.problems import Problem
from trailwarden.report.formats import Renderers, render_as

_RENDERERS: Renderers = {
    "terminal": ("explanation_tree", "write_explained"),
    "json": ("explanation_json", "write_explained"),
}
FORMATS = tuple(_RENDERERS)


@dataclass(frozen=True, slots=True)
class ExplainedRecord:
    """One record: its place among all that were read, from 1, what it is, and the answer.

    ``explanation`` is None where only the answer was asked for. Texts are from the record, of
    bounded length, and ``""`` where it has none; ``event_time`` is UTC.
    """

    number: int
    source: str
    event_id: str
    event_name: str
    event_time: datetime | None
    matches: bool
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Explained:
    """What was asked, of whom, and what could not be read.

    ``stack`` and ``filter_name`` are None for a pattern from the command line. ``read`` is how many
    records were looked at, where only those that match are kept.
    """

    pattern: FilterPattern
    stack: str | None
    filter_name: str | None
    records: Sequence[ExplainedRecord]
    problems: Sequence[Problem]
    read: int | None = None


def render(explained: Explained, name: str, stream: IO[str]) -> None:
    """Write ``explained`` in the format ``name``, one of ``FORMATS``. Raises UsageError."""
    render_as(name, _RENDERERS, stream, explained)

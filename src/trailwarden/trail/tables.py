"""Tables (CSV) of events: what Athena, CloudTrail Lake, Logs Insights, Splunk and Kibana export.

One column may hold the whole event; else the columns of Athena's table for CloudTrail are put
together again (:mod:`.columns`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from trailwarden.trail.columns import ASKED_FOR, NEEDED, lacking

LONGEST_HEADER = 4096  # bytes
_LONGEST_CELL = 16 * 1024 * 1024  # characters
_WHOLE = ("eventjson", "@message", "_raw", "cloudtrailevent", "event.original", "message")
_TIMES = ("@timestamp", "timestamp")
_HISTORY = frozenset(("event name", "event time"))
_DELIMITERS = ",\t;"


class Table:
    """A table's columns, and what they are good for.

    ``kind`` is ``whole`` (a column holds whole events), ``columns`` (enough of them to write
    records again), ``history`` (the event history's own CSV), ``partial`` (columns of events, too
    few of them).
    """

    def __init__(self, columns: Sequence[str], delimiter: str) -> None:
        self.columns = [column.strip() for column in columns]
        self.delimiter = delimiter
        self._names = [column.lower().removeprefix("_source.") for column in self.columns]
        self.whole = next((self._names.index(one) for one in _WHOLE if one in self._names), None)
        self.kind = self._kind()

    def _kind(self) -> str:
        if self.whole is not None and (self._names[self.whole] != "message" or self._is_log):
            return "whole"
        if _HISTORY.issubset(self._names):
            return "history"
        missing = lacking(self.columns, NEEDED)
        if not missing:
            return "columns"
        return "partial" if len(missing) < len(NEEDED) - 1 else ""

    @property
    def _is_log(self) -> bool:
        """Messages of anything stand in tables of anything; those of log events have a time."""
        return any(name in self._names for name in _TIMES)

    @property
    def missing(self) -> list[str]:
        """The fields that filters ask for and no column holds."""
        return lacking(self.columns, ASKED_FOR)

    def time(self, row: Sequence[str]) -> str:
        """When the row's event was logged, as it is written; ``""`` where no column says."""
        return next((row[self._names.index(one)] for one in _TIMES if one in self._names), "")


def table_of(text: bytes) -> Table | None:
    """The table of events that begins with ``text``; None where this is something else."""
    line = text[:LONGEST_HEADER].lstrip(b"\xef\xbb\xbf\r\n").partition(b"\n")[0].rstrip(b"\r")
    if not line or line[:1] in b"{[" or b"{" in line:
        return None
    try:
        header = line.decode()
    except UnicodeDecodeError:
        return None
    for delimiter in _DELIMITERS:
        try:
            columns = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            continue
        table = Table(columns, delimiter)
        if table.kind and (len(columns) > 1 or table.kind == "whole"):
            return table
    return None


def rows_of(text: bytes, table: Table) -> Iterator[tuple[int, list[str] | None]]:
    """The line, and the cells, of every row below the header; None for one that is broken."""
    if csv.field_size_limit() < _LONGEST_CELL:
        csv.field_size_limit(_LONGEST_CELL)
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace", newline="")
    reader = csv.reader(lines, delimiter=table.delimiter, strict=True)
    width = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            yield line, None
            continue
        if row is None:
            return
        if not width:
            width = len(row) if any(row) else 0
        elif row:
            yield line, row if len(row) == width else None

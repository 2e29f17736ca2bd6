"""The page that the sections of the terminal report are written on.

Data only ever becomes part of a Text, never of markup, and only after ``visible`` or a function
of :mod:`trailwarden.report.wording` has made it harmless.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

NARROWEST, WIDEST, PIPED = 60, 140, 120  # columns
Part = str | tuple[str, str]  # a text, or a text and its style
_TIMES = ("FIRST", "LAST")  # how the titles of their columns begin
ELSEWHERE = "--output json or --output html"
_END = re.compile(r"(?:\s|\x1b\[[\d;]*m)+\Z")  # of a line: blanks, and what ends their style
_BLANKS = re.compile(r"\s+")
_INDENT, _BETWEEN = 2, 2  # columns


class Page:
    """Writes indented lines and tables under titles."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        if self._console.is_terminal:
            width = self._console.width
        else:
            width = _number(os.environ.get("COLUMNS", "")) or PIPED
        self._console.width = min(max(width, NARROWEST), WIDEST)
        self._console.begin_capture()

    @property
    def width(self) -> int:
        """In columns."""
        return self._console.width

    def title(self, text: str, remark: str = "") -> None:
        """Begin a section."""
        self.blank()
        self.line((text, "bold"), (f"  {remark}" if remark else "", "dim"))

    def blank(self) -> None:
        self._console.print()

    def line(self, *parts: Part, indent: int = 0) -> None:
        """A paragraph, its further lines indented as much as its first one."""
        self._put(Text.assemble(*parts), indent)

    def item(self, mark: Part, *parts: Part) -> None:
        """A paragraph that hangs on a mark."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text.assemble(mark), Text.assemble(*parts))
        self._put(grid, _INDENT)

    def table(self, table: Table) -> None:
        self._put(table, _INDENT)

    def room_beside(self, widths: Iterable[int]) -> int:
        """What a table's columns of these widths leave for the one behind them."""
        return self.width - _INDENT - sum(width + _BETWEEN for width in widths)

    def _put(self, shown: RenderableType, indent: int) -> None:
        self._console.print(Padding(shown, (0, 0, 0, indent), expand=False))

    def close(self) -> None:
        """Write the page to its stream, without blanks at the ends of lines."""
        for line in self._console.end_capture().splitlines():
            self._stream.write(_END.sub(lambda end: _BLANKS.sub("", end[0]), line) + "\n")


def columns(*titles: str, right: Sequence[str] = (), whole: bool = False) -> Table:
    """A table without lines. The columns in ``right`` hold numbers; times are never broken.

    With ``whole`` a row is a line: what is too long is cut.
    """
    table = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="dim")
    for title in titles:
        if title in right:
            table.add_column(title, justify="right", no_wrap=True)
        else:
            is_line = whole or title.startswith(_TIMES)
            table.add_column(title, overflow="ellipsis" if is_line else "fold", no_wrap=is_line)
    return table


def widths_of(titles: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> list[int]:
    """The widths at which columns show all of their cells."""
    return [
        max(len(title), *(len(row[place]) for row in rows)) for place, title in enumerate(titles)
    ]


def styled(text: str, style: str = "") -> Text:
    """A cell."""
    return Text(text, style)


def minute(time: datetime) -> str:
    """Alarms change at whole minutes, nearly always: a table does without the seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0

"""``stack show --output terminal``: a stack for a person at a terminal, bounded in length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import IO, NamedTuple

from trailwarden.report.stack_tables import (
    PATTERN_COLUMN,
    StackTable,
    counts_of,
    remarks_of,
    tables_of,
)
from trailwarden.report.stack_tree import Line, lines_of
from trailwarden.report.stack_view import StackView
from trailwarden.report.terminal.page import ELSEWHERE, Page, columns, styled
from trailwarden.report.wording import shortened
from trailwarden.text import plural, visible

MOST_ROWS = 100
MOST_LINES = 600
_LEAST = 8  # columns: as long as the longest title
_NAME = 90  # characters in the tree
_TABLED = ("alarm", "composite alarm")  # their tables say when they fire


class Branches(NamedTuple):
    """What leads to a line: to one with others behind it, to the last one, past both."""

    next: str
    last: str
    past: str


DRAWN = Branches("├─ ", "└─ ", "│  ")
SPELLED = Branches("|- ", "`- ", "|  ")  # where the encoding lacks those


def render_terminal(view: StackView, stream: IO[str]) -> None:
    """Write ``view`` as text, coloured where ``stream`` is a terminal that wants colour."""
    page = Page(stream)
    _head(page, view)
    for table in tables_of(view.stack, MOST_ROWS):
        _table(page, table)
    _tree(page, view, _branches(stream))
    for table in remarks_of(view.stack, view.loose_ends, MOST_ROWS):
        _table(page, table)
    page.close()


def _head(page: Page, view: StackView) -> None:
    stack = view.stack
    page.line(
        ("trailwarden", "bold"), f" · {visible(stack.name, 60)} from {visible(stack.source, 120)}"
    )
    place = [visible(part, 60) for part in (stack.account, stack.region) if part]
    page.line(counts_of(stack) + (f"; in {', '.join(place)}" if place else ""), indent=2)
    if view.loose_ends:
        text = f"{plural(len(view.loose_ends), 'loose end')}: see below"
        page.line((text, "yellow"), indent=2)


def _table(page: Page, table: StackTable) -> None:
    page.title(table.title, table.remark)
    shown = columns(*(title.upper() for title in table.columns))
    rows = [table.columns, *table.rows]
    widths = shares([max(map(len, cells)) for cells in zip(*rows, strict=True)], page)
    for title, column, width in zip(table.columns, shown.columns, widths, strict=True):
        column.width = width
        if title == PATTERN_COLUMN:
            column.no_wrap, column.overflow = True, "ellipsis"
    for row in table.rows:
        shown.add_row(styled(row[0], "bold"), *map(styled, row[1:]))
    page.table(shown)
    _left_out(page, table.left_out)


def shares(wanted: Sequence[int], page: Page) -> list[int]:
    """The columns' widths: as they want it where there is room, else the widest ones give way.

    More than the page has is never given, for that would be cut off at its edge.
    """
    room = page.room_beside([0] * len(wanted))
    widths = list(wanted)
    while sum(widths) > room:
        widest = max(widths)
        second = max([width for width in widths if width < widest], default=0)
        alike = widths.count(widest)
        excess = -(-(sum(widths) - room) // alike)  # of each
        lower = max(second, widest - excess, _LEAST)
        if lower == widest:
            break
        widths = [lower if width == widest else width for width in widths]
    return widths


def _tree(page: Page, view: StackView, branches: Branches) -> None:
    if not view.graph.edges:
        return
    page.title("Graph", "from trails to those who are told")
    loose = {end.node for end in view.loose_ends}
    lines = lines_of(view.graph)
    for prefix, line in prefixed(islice(lines, MOST_LINES), branches):
        room = max(20, min(_NAME, page.width - len(prefix) - 30))
        page.line(*_parts(prefix, line, room, line.node.id in loose), indent=2)
    _left_out(page, sum(1 for _ in lines))


def _left_out(page: Page, number: int) -> None:
    if number:
        page.line((f"{number:,} more: {ELSEWHERE}", "dim"), indent=2)


def _parts(prefix: str, line: Line, room: int, is_loose: bool) -> list[str | tuple[str, str]]:
    node = line.node
    remarks = [visible(line.label, 60)] if line.label else []
    remarks += [visible(node.detail, room)] if node.detail and node.kind not in _TABLED else []
    remarks += [] if node.is_defined else ["not defined here"]
    remarks += ["shown above"] if line.is_again else []
    remarks += ["shown apart"] if line.is_cut else []
    return [
        (prefix, "dim"),
        (f"{node.kind} ", "dim"),
        (shortened(node.name, room), "yellow" if is_loose else "bold"),
        (" (loose end)" if is_loose else "", "yellow"),
        (f"  {'; '.join(remarks)}" if remarks else "", "dim"),
    ]


def prefixed(lines: Iterable[Line], branches: Branches = DRAWN) -> Iterable[tuple[str, Line]]:
    """Each line with the branches that lead to it."""
    bars: list[str] = []
    for line in lines:
        del bars[max(0, line.depth - 1) :]
        if not line.depth:
            yield "", line
            continue
        yield "".join(bars) + (branches.last if line.is_last else branches.next), line
        bars.append("   " if line.is_last else branches.past)


def _branches(stream: IO[str]) -> Branches:
    try:
        "".join(DRAWN).encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return SPELLED
    return DRAWN

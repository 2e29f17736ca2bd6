"""``stack show --output html``: one page without a script, that needs no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from trailwarden.report.html_markup import aside, columns, headline, panel, path, text
from trailwarden.report.html_page import write_plain_page
from trailwarden.report.stack_tables import (
    PATTERN_COLUMN,
    StackTable,
    counts_of,
    remarks_of,
    tables_of,
)
from trailwarden.report.stack_tree import Line, lines_of
from trailwarden.report.stack_view import StackView

MOST_ROWS = 2_000
MOST_LINES = 10_000
_CELL = 500  # characters


def render_html(view: StackView, stream: IO[str]) -> None:
    """Write the page."""
    remarks = remarks_of(view.stack, view.loose_ends, MOST_ROWS)
    loose = [table for table in remarks if table.title == "Loose ends"]
    others = (table for table in remarks if table not in loose)
    tables = tables_of(view.stack, MOST_ROWS)
    write_plain_page(
        stream,
        kind="stack",
        title=text(view.stack.name, 80),
        head=_head(view),
        body="".join((*map(_table, loose), _graph(view), *map(_table, (*tables, *others)))),
    )


def _head(view: StackView) -> str:
    stack = view.stack
    loose = len(view.loose_ends)
    facts = (
        ("Source", path(stack.source)),
        ("Account", text(stack.account or "")),
        ("Region", text(stack.region or "")),
        ("Loose ends", f'<a href="#part-loose-ends">{loose:,}</a>' if loose else "none"),
    )
    return headline(text(stack.name, 80), f"{counts_of(stack)}.", facts)


def _section(title: str, remark: str, body: str) -> str:
    return panel(f"part-{title.lower().replace(' ', '-')}", title, remark, body)


def _table(table: StackTable) -> str:
    header = columns(table.columns)
    rows = "\n".join(_row(row, table.columns) for row in table.rows)
    body = f"<table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    return _section(table.title, table.remark, body + _left_out(table.left_out))


def _row(row: tuple[str, ...], columns: tuple[str, ...]) -> str:
    cells = "".join(map(_cell, row[1:], columns[1:]))
    return f'<tr><th scope="row">{text(row[0], _CELL)}</th>{cells}</tr>'


def _cell(cell: str, column: str) -> str:
    if not cell:
        return "<td></td>"
    shown = text(cell, _CELL)
    code = f"<code>{shown}</code>" if column == PATTERN_COLUMN else shown
    return f'<td data-label="{column}">{code}</td>'


def _left_out(number: int) -> str:
    return f"<p>{aside(f'and {number:,} more')}</p>" if number else ""


def _graph(view: StackView) -> str:
    if not view.graph.edges:
        return ""
    loose = {end.node for end in view.loose_ends}
    lines = lines_of(view.graph)
    body = "".join(_nested(islice(lines, MOST_LINES), loose))
    body += _left_out(sum(1 for _ in lines))
    return _section("Graph", "from trails to those who are told", body)


def _nested(lines: Iterable[Line], loose: set[int]) -> Iterator[str]:
    """Lists in lists: an item stays open until a line comes that does not belong below it."""
    depth = -1
    for line in lines:
        if line.depth > depth:
            yield '<ul class="tree">' if depth < 0 else "\n<ul>"
        else:
            yield "</li>" + "</ul></li>" * (depth - line.depth)
        yield f"\n<li>{_item(line, line.node.id in loose)}"
        depth = line.depth
    yield "</li></ul>" * (depth + 1)


def _item(line: Line, is_loose: bool) -> str:
    node = line.node
    remarks = [text(line.label, 60), text(node.detail, 200)]
    remarks += [] if node.is_defined else ["not defined here"]
    remarks += ["shown above"] if line.is_again else []
    remarks += ["shown apart"] if line.is_cut else []
    shown = "; ".join(filter(None, remarks))
    return (
        f'<span class="kind">{node.kind}</span> <span class="name">{text(node.name, 160)}</span>'
        + (' <span class="loose">loose end</span>' if is_loose else "")
        + (f" {aside(shown)}" if shown else "")
    )

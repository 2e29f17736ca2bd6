"""``stack show --output html``: one page without a script, that needs no network.

Every string of the stack is escaped; should one break out all the same, the page's policy lets no
script run, and no style but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from string import Template
from typing import IO

from trailwarden import __version__
from trailwarden.report.html_markup import aside, path, text
from trailwarden.report.html_script import asset
from trailwarden.report.stack_page import PAGE, STYLE
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
    """Write the page. It is ASCII, so that no encoding can change what the hash stands for."""
    style = asset("report.css") + STYLE
    tables = tables_of(view.stack, MOST_ROWS)
    remarks = remarks_of(view.stack, view.loose_ends, MOST_ROWS)
    loose = [table for table in remarks if table.title == "Loose ends"]
    page = Template(PAGE).substitute(
        policy=f"default-src 'none'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        title=text(view.stack.name, 80),
        head=_head(view),
        body="".join(
            (
                *map(_table, loose),
                _graph(view),
                *map(_table, tables),
                *(_table(table) for table in remarks if table not in loose),
            )
        ),
        foot=f"Trailwarden {__version__}. This page loads nothing.",
        style=style,
    )
    stream.write(page.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _digest(style: str) -> str:
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def _head(view: StackView) -> str:
    stack = view.stack
    loose = len(view.loose_ends)
    facts = (
        ("Source", path(stack.source)),
        ("Account", text(stack.account or "")),
        ("Region", text(stack.region or "")),
        ("Loose ends", f'<a href="#part-loose-ends">{loose:,}</a>' if loose else "none"),
    )
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    return (
        f"<h1>{text(stack.name, 80)}</h1>\n"
        f'<p class="lead">{counts_of(stack)}.</p>\n<dl class="facts">{shown}</dl>'
    )


def _section(title: str, remark: str, body: str) -> str:
    name = f"part-{title.lower().replace(' ', '-')}"
    range_ = f'<span class="range">{remark}</span>' if remark else ""
    return (
        f'<section id="{name}" class="panel" aria-labelledby="{name}-title">\n'
        f'<div class="section-head"><h2 id="{name}-title">{title}</h2>{range_}</div>\n'
        f"{body}\n</section>\n"
    )


def _table(table: StackTable) -> str:
    header = "".join(f'<th scope="col">{name}</th>' for name in table.columns)
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

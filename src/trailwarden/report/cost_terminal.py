"""``stack cost --output terminal``: the bill of a month for a person."""

from __future__ import annotations

from typing import IO

from trailwarden.report.cost_view import CostView
from trailwarden.report.terminal.page import Page, columns, styled, widths_of
from trailwarden.report.wording import duration, names, number, size
from trailwarden.stack.costs import DAYS, Item
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

_DAY = 86_400  # seconds
_NUMBERS = ("QUANTITY", "FREE", "A MONTH")
_SHORT = 1.0  # days: less than that says little about a month


def render_terminal(view: CostView, stream: IO[str]) -> None:
    """Write ``view`` as text, coloured where ``stream`` is a terminal that wants colour."""
    page = Page(stream)
    _head(page, view)
    _items(page, view)
    page.title("Assumptions")
    for text in view.bill.assumptions:
        page.item("-", visible(text))
    page.close()


def _head(page: Page, view: CostView) -> None:
    stack, read = view.outcome.stack, view.outcome.input
    page.line(
        ("trailwarden", "bold"),
        f" · cost of {visible(stack.name, 60)} over {names(read.sources, 3, 80)}",
    )
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in view.kinds.items() if count)
    text = f"{plural(read.events, 'record')} in {plural(read.files, 'file')}"
    page.line(
        f"{text}, {size(read.bytes_read)} uncompressed{f': {kinds}' if kinds else ''}", indent=2
    )
    page.line(f"{_span(view)}; times {_amount(view.scale)} makes {DAYS} days", indent=2)
    if view.days < _SHORT:
        page.line(
            ("That is less than a day: take the result for a rough guess.", "yellow"), indent=2
        )
    count = sum(problem.count for problem in read.problems)
    if count:
        text = f"{plural(count, 'input')} could not be used and costs nothing here: see scan"
        page.line((text, "yellow"), indent=2)


def _span(view: CostView) -> str:
    read = view.outcome.input
    if view.days_are_given or read.first_event is None or read.last_event is None:
        return f"taken for {duration(view.days * _DAY)}, as asked"
    first, last = format_instant(read.first_event), format_instant(read.last_event)
    return f"{first} → {last}: {duration(view.days * _DAY)}"


def _items(page: Page, view: CostView) -> None:
    prices = view.bill.prices
    remark = (
        f"USD; {visible(prices.source, 80)} of {visible(prices.as_of)}, {visible(prices.region)}"
    )
    page.title("A month", remark)
    rows = [_row(item, view.with_free_tier) for item in view.bill.items]
    rows.append(["total", *([""] * (len(_titles(view)) - 2)), dollars(view.bill.total)])
    table = columns(*_titles(view), right=_NUMBERS)
    for column, width in zip(table.columns, widths_of(_titles(view), rows), strict=True):
        if column.header in _NUMBERS:
            column.min_width = width  # a narrow page breaks words, never numbers
    for row in rows:
        table.add_row(*(styled(cell, "bold" if row is rows[-1] else "") for cell in row))
    page.table(table)


def _titles(view: CostView) -> list[str]:
    return ["ITEM", "QUANTITY", *(["FREE"] if view.with_free_tier else []), "PRICE", "A MONTH"]


def _row(item: Item, with_free_tier: bool) -> list[str]:
    free = [_amount(item.free) if item.free else ""] if with_free_tier else []
    quantity = f"{_amount(item.quantity)} {_unit(item) if item.quantity == 1 else item.unit}"
    return [f"{item.service}: {item.name}", quantity, *free, _price(item), dollars(item.cost)]


def _price(item: Item) -> str:
    per = _unit(item) if item.price.per == 1 else _amount(item.price.per)
    return f"{number(item.price.price)} per {per}"


def _unit(item: Item) -> str:
    """The unit of one: GB has no plural."""
    return item.unit.removesuffix("s")


def _amount(value: float) -> str:
    """Whole where that is exact or large enough, otherwise with two places."""
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:,.2f}"


def dollars(value: float) -> str:
    """``12.34``; what is less than a cent is not shown as nothing."""
    return "< 0.01" if 0 < value < 0.01 else f"{value:,.2f}"

"""``stack cost --output json``: one object, ASCII only, as docs/stack.md describes."""

from __future__ import annotations

from typing import IO

from trailwarden import __version__
from trailwarden.json_text import finite, write
from trailwarden.monitor.outcome_json import instant
from trailwarden.report.cost_view import CostView
from trailwarden.report.stack_json import plain
from trailwarden.stack.costs import Item

SCHEMA = "trailwarden.cost/1"


def render_json(view: CostView, stream: IO[str]) -> None:
    """Write the object, and a newline."""
    stack, read, bill = view.outcome.stack, view.outcome.input, view.bill
    report: dict[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "stack": {"name": stack.name, "source": stack.source},
        "input": {
            "sources": list(read.sources),
            "files": read.files,
            "bytes": read.bytes,
            "bytes_read": read.bytes_read,
            "records": dict(view.kinds),
            "duplicates": read.duplicates,
            "first_event": instant(read.first_event),
            "last_event": instant(read.last_event),
            "problems": sum(problem.count for problem in read.problems),
        },
        "days": finite(view.days),
        "scale": finite(view.scale),
        "volume": plain(view.volume),
        "prices": {
            "source": bill.prices.source,
            "as_of": bill.prices.as_of,
            "region": bill.prices.region,
            "currency": "USD",
        },
        "free_tier": view.with_free_tier,
        "items": map(_item, bill.items),
        "total": finite(bill.total),
        "assumptions": list(bill.assumptions),
    }
    write(stream, report)
    stream.write("\n")


def _item(item: Item) -> dict[str, object]:
    return {
        "key": item.key,
        "service": item.service,
        "name": item.name,
        "unit": item.unit,
        "quantity": finite(item.quantity),
        "free": finite(item.free),
        "price": item.price.price,
        "per": item.price.per,
        "cost": finite(item.cost),
    }

"""``stack show --output json``: a stack's definitions and its graph, as docs/stack.md describes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import IO, Any

from trailwarden import __version__
from trailwarden.errors import Location
from trailwarden.json_text import MAX_DEPTH, finite, write
from trailwarden.patterns import FilterPattern
from trailwarden.report.stack_view import StackView

SCHEMA = "trailwarden.stack/1"
_LISTS = (
    "trails",
    "log_groups",
    "metric_filters",
    "alarms",
    "composite_alarms",
    "topics",
    "topic_policies",
    "subscriptions",
    "companions",
    "not_run",
    "notes",
)
_INTERNAL = frozenset({"evaluation_range"})  # no property of CloudFormation


def render_json(view: StackView, stream: IO[str]) -> None:
    """Write the object, and a newline."""
    stack = view.stack
    report: dict[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "name": stack.name,
        "source": stack.source,
        "region": stack.region,
        "account": stack.account,
        **{name: map(plain, getattr(stack, name)) for name in _LISTS},
        "locations": _placed("location", stack.locations),
        "lifetimes": _placed("lifetime", stack.lifetimes),
        "nodes": map(plain, view.graph.nodes),
        "edges": map(plain, view.graph.edges),
        "loose_ends": map(plain, view.loose_ends),
    }
    write(stream, report)
    stream.write("\n")


def _placed(what: str, items: Mapping[tuple[str, str], object]) -> Iterator[object]:
    for (kind, name), item in items.items():
        yield {"kind": kind, "name": name, what: plain(item)}


def plain(value: object, depth: int = 0) -> object:
    """``value`` as JSON has it: a dataclass is an object of its fields, dimensions are one too.

    What is nested deeper than any reader takes becomes null.
    """
    if depth > MAX_DEPTH:
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item, depth + 1) for name, item in _fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, float):
        return finite(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _fields(value: Any) -> Iterable[tuple[str, object]]:
    for one in fields(value):
        item = getattr(value, one.name)
        if isinstance(item, FilterPattern) or one.name in _INTERNAL:
            continue
        if isinstance(value, Location) or one.name != "dimensions":
            yield one.name, item
        else:
            yield one.name, dict(item)

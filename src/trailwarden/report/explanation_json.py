"""``explain --output json``: the object that docs/explain.md describes."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO

from trailwarden import __version__
from trailwarden.json_text import write
from trailwarden.monitor.outcome_json import instant
from trailwarden.patterns.explain_model import Found, Node
from trailwarden.report.explanation import Explained, ExplainedRecord

SCHEMA = "trailwarden.explain/1"
Value = dict[str, object]


def write_explained(explained: Explained, stream: IO[str]) -> None:
    """Write the object, and a newline."""
    report = {
        "schema": SCHEMA,
        "version": __version__,
        "stack": explained.stack,
        "filter": explained.filter_name,
        "pattern": explained.pattern.text,
        "records": map(_record, explained.records),
        "problems": map(asdict, explained.problems),
    }
    write(stream, report)
    stream.write("\n")


def _record(record: ExplainedRecord) -> Value:
    explanation = record.explanation
    return {
        "number": record.number,
        "source": record.source,
        "event_id": record.event_id or None,
        "event_name": record.event_name or None,
        "event_time": instant(record.event_time),
        "matches": record.matches,
        "language": explanation and explanation.language,
        "remark": explanation and explanation.remark,
        "tree": explanation and _node(explanation.root),
    }


def _node(node: Node) -> Value:
    value: Value = {
        "kind": node.kind,
        "holds": node.holds,
        "counts": node.counts,
        "reason": node.reason,
    }
    if node.children:
        return {**value, "children": [_node(child) for child in node.children]}
    return {
        **value,
        "text": node.text,
        "selector": node.selector,
        "operator": node.operator,
        "wanted": node.wanted,
        "found": [_found(found) for found in node.found],
        "found_count": node.found_count,
    }


def _found(found: Found) -> Value:
    return {"type": found.type, "shown": found.shown, "holds": found.holds}

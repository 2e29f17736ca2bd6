"""Whether a text that was edited says what was meant, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trailwarden.stack.lint.fixing.changes import Change, Drop
from trailwarden.stack.lint.fixing.spots import Path
from trailwarden.stack.nodes import Entries, Items, Node, Scalar


def says(before: Node, after: Node, changes: Iterable[Change]) -> bool:
    """True where ``after`` is ``before`` with these changes, whatever kinds the new values have."""
    wanted, found = _shape(before), _shape(after)
    for change in changes:
        holder = _holder(wanted, change.path)
        key = change.path[-1]
        if isinstance(change, Drop):
            holder.pop(key, None)
            continue
        mine = _holder(found, change.path)
        new = mine.get(key) if isinstance(mine, dict) else None
        if not isinstance(new, tuple) or new[0] != change.text:
            return False
        holder[key] = new
    return bool(wanted == found)


def _shape(node: Node) -> Any:
    if isinstance(node, Scalar):
        return (node.text, node.kind)
    if isinstance(node, Items):
        return [_shape(item) for item in node.items]
    return {key: _shape(entry.value) for key, entry in node.entries.items()}


def _holder(shape: Any, path: Path) -> Any:
    for step in path[:-1]:
        shape = shape[step]
    return shape


def node_at(root: Node, path: Path) -> Node | None:
    """What stands at ``path``, or None."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Entries) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node

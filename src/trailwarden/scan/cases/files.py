"""Which files a file of tests is made of, whatever state it is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from trailwarden.errors import TrailwardenError
from trailwarden.stack import builtin
from trailwarden.stack.nodes import Entries, Items, Node, Scalar
from trailwarden.stack.source import read_file, read_template


def files_of(path: str) -> tuple[Path, ...]:
    """The file itself, its template and its files of records; none for a built-in stack's tests.

    They need not exist. Of a file that cannot be read only itself is known.
    """
    if path in builtin.NAMES:
        return ()
    own = Path(path)
    try:
        root = read_template(read_file(own), path).root
    except TrailwardenError:
        return (own,)
    names = [name for name in _named(root) if name not in builtin.NAMES]
    return tuple(dict.fromkeys([own, *(own.parent / name for name in names)]))


def _named(root: Node) -> Iterator[str]:
    yield from _text(root, "stack")
    for test in _items(root, "tests"):
        for event in _items(test, "events"):
            yield from _text(event, "file")


def _items(node: Node, key: str) -> tuple[Node, ...]:
    found = node.get(key) if isinstance(node, Entries) else None
    return found.items if isinstance(found, Items) else ()


def _text(node: Node, key: str) -> Iterator[str]:
    found = node.get(key) if isinstance(node, Entries) else None
    if isinstance(found, Scalar) and found.text and "\0" not in found.text:
        yield found.text

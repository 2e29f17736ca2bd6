"""Nodes as plain values of Python, as JSON would give them."""

from __future__ import annotations

import re
from math import isfinite

from trailwarden.stack.nodes import Entries, Items, Node

PlainValue = str | int | float | bool | None | list["PlainValue"] | dict[str, "PlainValue"]
_INTEGER = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_NUMBER_LIMIT = 400  # characters: longer ones stay texts, as no number can be meant


def plain(node: Node) -> PlainValue:
    """The value of a node whose functions have been worked out."""
    if isinstance(node, Entries):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if node.kind == "null":
        return None
    if node.kind == "flag":
        return node.text == "true"
    if node.kind == "number" and len(node.text) <= _NUMBER_LIMIT:
        number = int(node.text) if _INTEGER.fullmatch(node.text) else float(node.text)
        return number if isinstance(number, int) or isfinite(number) else node.text
    return node.text

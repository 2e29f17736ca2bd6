"""Why an event matches a pattern or not, as a tree of truths."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a node stands for; an ``and``, ``or`` or ``not`` follows from its children."""

    AND = "and"
    OR = "or"
    NOT = "not"
    CONDITION = "condition"  # of a JSON pattern
    TERM = "term"
    COUNT = "count"  # of the values that a space-delimited pattern needs
    FIELD = "field"  # of a space-delimited pattern: a test of it, or a place without one
    EVERYTHING = "everything"  # the empty pattern


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was looked at.

    ``type`` is ``absent``, ``null``, ``boolean``, ``number``, ``string``, ``array`` or ``object``;
    ``shown`` its JSON, shortened and not made harmless. ``holds`` says whether this value alone
    would do.
    """

    type: str
    shown: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the pattern's syntax tree, and its truth for the event.

    ``text`` is the canonical spelling of a leaf. ``found`` holds the first of ``found_count``
    values, which are more than one only under a wildcard. ``reason`` is a sentence where the truth
    may surprise, else empty. A node that does not count (``counts``) is ignored by its parent.
    """

    kind: Kind
    holds: bool
    text: str = ""
    selector: str = ""
    operator: str = ""
    wanted: str = ""
    found: tuple[Found, ...] = ()
    found_count: int = 0
    reason: str = ""
    children: tuple[Node, ...] = ()
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Explanation:
    """What :func:`~trailwarden.patterns.explaining.explain` says of one event.

    ``language`` is ``json``, ``terms``, ``space-delimited`` or ``everything``. ``remark`` tells
    what decides before any node does, else it is empty.
    """

    language: str
    root: Node
    remark: str = ""

    @property
    def matches(self) -> bool:
        return self.root.holds


def all_of(nodes: list[Node], reason: str = "") -> Node:
    """The node of an and; a single node stands for itself."""
    if len(nodes) == 1:
        return nodes[0]
    holds = all(node.holds for node in nodes if node.counts)
    return Node(Kind.AND, holds, children=tuple(nodes), reason=reason)


def any_of(nodes: list[Node]) -> Node:
    """The node of an or; a single node stands for itself."""
    if len(nodes) == 1:
        return nodes[0]
    return Node(Kind.OR, any(node.holds for node in nodes), children=tuple(nodes))

"""The names of events in a pattern, and the event source that each stands beside."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import And, Condition, Or
from trailwarden.stack.lint.fields import path_of


def sourced_names(root: Condition, *, unsourced: bool = False) -> Iterator[tuple[str, str]]:
    """The names of events and the one event source beside which each of them counts.

    With ``unsourced`` those without any as well, whose source is empty.
    """
    for name, sources in _named(root, ()):
        if len(sources) == 1 and sources[0]:
            yield name, sources[0]
        elif not sources and unsourced:
            yield name, ""


def _named(node: Condition, sources: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, And):
        own = [found for child in node.children if (found := _sources(child))]
        sources = own[0] if len(own) == 1 else sources if not own else ("", "")
    if isinstance(node, And | Or):
        for child in node.children:
            yield from _named(child, sources)
    elif path_of(node.selector) == "eventName":
        name = literal_of(node)
        if name is not None:
            yield name, sources


def _sources(node: Condition) -> tuple[str, ...]:
    """The event sources of alternatives that are about nothing else; two stand for an unknown."""
    parts = list(leaves(node))
    if any(path_of(leaf.selector) != "eventSource" for leaf in parts):
        return ()
    found = {literal_of(leaf) for leaf in parts}
    return tuple(sorted(one or "" for one in found))

"""Where decoded messages hold what a selector selects."""

from __future__ import annotations

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.layout import Path, can_name
from trailwarden.patterns.model import Condition, Key, Selector


def slot(selector: Selector) -> Path:
    """The keys a selector starts with: as far as fields can be decoded by name."""
    names: list[str] = []
    for step in selector.steps:
        if not isinstance(step, Key) or not can_name(step.name):
            break
        names.append(step.name)
    return tuple(names)


def is_decoded(selector: Selector) -> bool:
    """True where the slot holds the very value that is selected, and not just the way to it."""
    return len(slot(selector)) == len(selector.steps)


def is_rooted(root: Condition) -> bool:
    """True where every selector starts with a key that can be decoded by name."""
    return all(slot(leaf.selector) for leaf in leaves(root))

"""Which leaves of a pattern to look it up by.

A *cover* is a set of leaves of which at least one must hold wherever the whole pattern holds: an
``and`` is covered by any one of its children, an ``or`` only by all of them together. The matcher
over many patterns finds a pattern by its cover and evaluates it nowhere else, so a cover should
hold seldom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Key,
    Leaf,
    Operator,
    Or,
    Selector,
    Text,
)

Cover = frozenset[Leaf]

# How often a leaf is thought to hold, where its kind tells nothing better.
_UNLIKELY, _POSSIBLE, _LIKELY = 0.25, 2.0, 50.0


class Chooser:
    """Chooses covers for many patterns at once.

    A selector that the patterns compare with many different literals (``$.eventName``) splits
    records finely, so an equality on it is taken to hold seldom.
    """

    def __init__(self, roots: Iterable[Condition]) -> None:
        literals: defaultdict[Selector, set[str]] = defaultdict(set)
        for root in roots:
            for leaf in leaves(root):
                literal = literal_of(leaf)
                if literal is not None:
                    literals[leaf.selector].add(literal)
        self._share = {selector: 1 / (1 + len(seen)) for selector, seen in literals.items()}

    def cover(self, node: Condition) -> Cover:
        """The cheapest cover of ``node``."""
        return self._weighed(node)[1]

    def _weighed(self, node: Condition) -> tuple[float, Cover]:
        if isinstance(node, Or):
            parts = [self._weighed(child) for child in node.children]
            return sum(p[0] for p in parts), frozenset().union(*(p[1] for p in parts))
        if isinstance(node, And):
            # The first of equals, so that the choice does not depend on hashing.
            return min((self._weighed(child) for child in node.children), key=lambda p: p[0])
        return self._weight(node), frozenset((node,))

    def _weight(self, leaf: Leaf) -> float:
        if literal_of(leaf) is not None:
            return self._share[leaf.selector]
        if not isinstance(leaf, Comparison) or leaf.operator is Operator.NOT_EQUAL:
            return _LIKELY
        if not all(isinstance(step, Key) for step in leaf.selector.steps):
            return _LIKELY
        return _UNLIKELY if leaf.operator is Operator.EQUAL else _POSSIBLE


def leaves(node: Condition) -> Iterable[Leaf]:
    """Every leaf below ``node``, from the left."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node


def literal_of(leaf: Leaf) -> str | None:
    """The text of ``$.a.b = "text"``, without wildcards and indexes; None for all other leaves."""
    if not isinstance(leaf, Comparison) or leaf.operator is not Operator.EQUAL:
        return None
    if not isinstance(leaf.value, Text):
        return None
    text = leaf.value.text
    if text.startswith("*") or text.endswith("*"):
        return None
    return text if all(isinstance(step, Key) for step in leaf.selector.steps) else None

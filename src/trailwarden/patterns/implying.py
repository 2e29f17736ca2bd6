"""Clauses that can make no difference, because a clause beside them says more or less.

Only equalities with texts on one selector are compared. Where nothing is said of a clause, it may
be redundant all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trailwarden.patterns.explain_spelling import leaf_text
from trailwarden.patterns.model import And, Comparison, Condition, Leaf, Operator, Or, Text


def redundant(root: Condition) -> Iterator[str]:
    """For every leaf, from the left: the text of the leaf beside it that makes it redundant.

    In an ``or`` that is a wider one, in an ``and`` a narrower one. The text is empty for leaves
    that are not known to be redundant.
    """
    if not isinstance(root, And | Or):
        yield ""
        return
    beside = [child for child in root.children if not isinstance(child, And | Or)]
    for child in root.children:
        if isinstance(child, And | Or):
            yield from redundant(child)
        else:
            yield _wider(child, beside, is_or=isinstance(root, Or))


def _wider(leaf: Leaf, beside: Sequence[Leaf], *, is_or: bool) -> str:
    for other in beside:
        if other is not leaf and (implies(leaf, other) if is_or else implies(other, leaf)):
            return leaf_text(other)
    return ""


def implies(leaf: Leaf, other: Leaf) -> bool:
    """True where every message that satisfies ``leaf`` satisfies ``other``; False if unknown."""
    first, second = _text_of(leaf), _text_of(other)
    if first is None or second is None or leaf.selector != other.selector:
        return False
    return first == second or _fits(first, second)


def _text_of(leaf: Leaf) -> str | None:
    """The text of an equality."""
    if not isinstance(leaf, Comparison) or leaf.operator is not Operator.EQUAL:
        return None
    return leaf.value.text if isinstance(leaf.value, Text) else None


def _fits(text: str, pattern: str) -> bool:
    """Whether ``pattern`` takes all that ``text`` takes. Stars at the ends are wildcards."""
    if pattern == "*":
        return True
    opens, closes = pattern.startswith("*"), pattern.endswith("*")
    core = pattern[opens : len(pattern) - closes]
    free_start, free_end = text.startswith("*"), text.endswith("*")
    known = text[free_start : max(free_start, len(text) - free_end)]
    if opens and closes:
        return core in known
    if opens:
        return not free_end and known.endswith(core)
    if closes:
        return not free_start and known.startswith(core)
    return False

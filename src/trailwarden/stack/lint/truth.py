"""Conditions that always hold or never do, found by reasoning over one selector at a time.

What a selector finds is one value, and every condition on it divides all values into those that
satisfy it and the others. A few values, at least one from each part (*samples*), therefore stand
for all of them. Where that cannot be promised (regular expressions, wildcard selectors, too many
parts), nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import (
    And,
    Condition,
    Or,
    Selector,
)
from trailwarden.patterns.values import MISSING, leaf_matcher
from trailwarden.stack.lint.samples import samples

_MAX_WORK = 200_000  # samples times conditions
_MAX_KNOWN = 1_000  # parts of patterns that are worked out once for all rules
_OTHERS: tuple[Any, ...] = (MISSING, None, True, False, [], [None])


@dataclass(frozen=True, slots=True)
class Constant:
    """A part of a pattern that always holds or never does.

    ``present`` says that it always holds only where the field is a text or a number.
    """

    node: Condition
    holds: bool
    selector: Selector
    present: bool = False


def constants(root: Condition) -> Iterator[Constant]:
    """The parts of ``root`` that never hold, always hold, or always hold where the field is there.

    The outermost ones come first; nothing inside a part that was found is looked at.
    """
    stack = [root]
    while stack:
        node = stack.pop()
        if not isinstance(node, And | Or):
            continue
        found = _constants_of(node)
        yield from found
        seen = {constant.selector for constant in found}
        stack += [child for child in reversed(node.children) if _only_selector(child) not in seen]


def never_holds(root: Condition) -> bool:
    """True where no message at all can satisfy ``root``; False also where that is not known."""
    if isinstance(root, Or):
        return all(never_holds(child) for child in root.children)
    if isinstance(root, And):
        return any(never_holds(child) for child in root.children) or any(
            not constant.holds for constant in _constants_of(root)
        )
    return False


def always_holds(root: Condition, texts: Collection[Selector] = ()) -> bool:
    """True where every message satisfies ``root`` that has a text wherever ``texts`` look.

    Without these, every message that is an object. False also where that is not known.
    """
    if isinstance(root, And):
        return all(always_holds(child, texts) for child in root.children)
    if isinstance(root, Or):
        return any(always_holds(child, texts) for child in root.children) or any(
            constant.holds and (not constant.present or constant.selector in texts)
            for constant in _constants_of(root)
        )
    return root.selector in texts and _judge(root) in ("always", "present")


@lru_cache(maxsize=_MAX_KNOWN)
def _constants_of(node: And | Or) -> tuple[Constant, ...]:
    """What the children of one node say together about each selector."""
    return tuple(_found_in(node))


def _found_in(node: And | Or) -> Iterator[Constant]:
    groups: defaultdict[Selector, list[Condition]] = defaultdict(list)
    for child in node.children:
        selector = _only_selector(child)
        if selector is not None:
            groups[selector].append(child)
    for selector, children in groups.items():
        if len(children) < 2:
            continue
        whole = type(node)(tuple(children))
        verdict = _judge(whole)
        # An And that always holds, and an Or that never does, are so by their children alone.
        if verdict == "never" and isinstance(node, And):
            yield Constant(whole, holds=False, selector=selector)
        elif verdict in ("always", "present") and isinstance(node, Or):
            yield Constant(whole, holds=True, selector=selector, present=verdict == "present")


def _only_selector(node: Condition) -> Selector | None:
    """The selector that all leaves of ``node`` look at, unless it may find many values."""
    found = {leaf.selector for leaf in leaves(node)}
    if len(found) != 1:
        return None
    selector = found.pop()
    return None if selector.has_wildcard else selector


def _judge(node: Condition) -> str:
    """``never``, ``always``, ``present`` (always where a text or number is) or ``open``."""
    parts = list(leaves(node))
    chosen = samples(parts)
    if chosen is None or len(chosen) * len(parts) > _MAX_WORK:
        return "open"
    tests = {leaf: leaf_matcher(leaf) for leaf in parts}

    def holds(part: Condition, value: Any) -> bool:
        if isinstance(part, And):
            return all(holds(child, value) for child in part.children)
        if isinstance(part, Or):
            return any(holds(child, value) for child in part.children)
        return tests[part](value)

    scalars = [holds(node, value) for value in chosen]
    others = [holds(node, value) for value in _OTHERS]
    if not any(scalars) and not any(others):
        return "never"
    if all(scalars):
        return "always" if all(others) else "present"
    return "open"

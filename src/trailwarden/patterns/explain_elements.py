"""Conditions under one wildcard that different elements satisfy (rule 5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trailwarden.patterns.explain_spelling import selector_text
from trailwarden.patterns.explain_wildcard import BOX, children_of, parent_of, split_at_wildcard
from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Is,
    JsonSyntax,
    Key,
    Selector,
    Step,
)


def why_apart(conditions: Sequence[Condition], fields: dict[str, Any]) -> str:
    """A sentence where conditions that all hold are never met by one and the same element."""
    groups: defaultdict[tuple[Step, ...], list[Comparison | Is]] = defaultdict(list)
    for one in conditions:
        if isinstance(one, Comparison | Is) and one.selector.has_wildcard:
            before, wildcard, _ = split_at_wildcard(one.selector)
            groups[(*before, wildcard)].append(one)
    for steps, leaves in groups.items():
        if len(leaves) > 1 and not _one_meets_all(leaves, fields):
            path = selector_text(steps)
            return f"each condition looks for itself: no one value of {path} meets them all"
    return ""


def _one_meets_all(leaves: Sequence[Comparison | Is], fields: dict[str, Any]) -> bool:
    before, wildcard, _ = split_at_wildcard(leaves[0].selector)
    below = And(tuple(replace(leaf, selector=_below(leaf.selector)) for leaf in leaves))
    matcher = JsonMatcher(JsonSyntax(below))
    return any(
        matcher.matches({BOX: child}) for child in children_of(parent_of(before, fields), wildcard)
    )


def _below(selector: Selector) -> Selector:
    """What of a selector is behind its wildcard, for an element that is put into a box."""
    return Selector((Key(BOX), *split_at_wildcard(selector)[2]))

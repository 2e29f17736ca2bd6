"""The conditions of JSON patterns, as rules walk over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    JsonSyntax,
    NotExists,
    Operator,
    Or,
    Selector,
)
from trailwarden.stack.lint.fields import speaks_of_cloudtrail
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import MetricFilter, Stack


class Rooted(NamedTuple):
    """A metric filter with a JSON pattern, and the condition that this is."""

    metric_filter: MetricFilter
    root: Condition

    @property
    def name(self) -> str:
        """The filter's name for a message."""
        return quoted(self.metric_filter.filter_name)


def json_roots(stack: Stack) -> Iterator[Rooted]:
    """The metric filters with a JSON pattern, and its condition."""
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if isinstance(syntax, JsonSyntax):
            yield Rooted(metric_filter, syntax.root)


def cloudtrail_roots(stack: Stack) -> Iterator[Rooted]:
    """Those that are meant for CloudTrail's records."""
    for one in json_roots(stack):
        if speaks_of_cloudtrail([leaf.selector for leaf in leaves(one.root)]):
            yield one


def nodes(root: Condition) -> Iterator[Condition]:
    """``root`` and all that is below it, the outermost first."""
    yield root
    if isinstance(root, And | Or):
        for child in root.children:
            yield from nodes(child)


def same_or_above(one: Selector, other: Selector) -> bool:
    """True where ``one`` selects what ``other`` does, or something that holds it."""
    return other.steps[: len(one.steps)] == one.steps


def negated_fields(root: Condition) -> Iterator[Comparison]:
    """Each ``!=`` that is silent about events without its field, where nothing else speaks of it.

    It is spoken of by a NOT EXISTS of an alternative, and needs none beside a condition on the same
    field that has to hold anyway.
    """
    yield from _negated(root, frozenset())


def _negated(node: Condition, known: frozenset[Selector]) -> Iterator[Comparison]:
    if isinstance(node, Comparison):
        if node.operator is Operator.NOT_EQUAL and node.selector not in known:
            yield node
    elif isinstance(node, And):
        demanded = {
            child.selector
            for child in node.children
            if not isinstance(child, And | Or | NotExists)
            and not (isinstance(child, Comparison) and child.operator is Operator.NOT_EQUAL)
        }
        for child in node.children:
            yield from _negated(child, known | demanded)
    elif isinstance(node, Or):
        absent = [leaf.selector for leaf in leaves(node) if isinstance(leaf, NotExists)]
        for child in node.children:
            spoken = {
                leaf.selector
                for leaf in leaves(child)
                if any(same_or_above(selector, leaf.selector) for selector in absent)
            }
            yield from _negated(child, known | spoken)

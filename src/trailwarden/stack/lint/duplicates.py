"""Filters that are equal to others, or add to what others count already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trailwarden.patterns.model import And, Condition, JsonSyntax, Or, Syntax
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import MetricFilter, Stack


@dataclass(frozen=True, slots=True)
class _Unordered:
    """An ``and`` or an ``or`` whatever the order of its parts, and however often they are said."""

    kind: type[And | Or]
    parts: frozenset[object]


def normal(syntax: Syntax) -> object:
    """Equal for patterns that differ in order, repetition, blanks and quotation marks only."""
    return normal_condition(syntax.root) if isinstance(syntax, JsonSyntax) else syntax


def normal_condition(node: Condition) -> object:
    """As normal, of a part of a pattern."""
    if isinstance(node, And | Or):
        parts = frozenset(normal_condition(child) for child in node.children)
        return next(iter(parts)) if len(parts) == 1 else _Unordered(type(node), parts)
    return node


@rule("TW201", "warning")
def same_pattern_twice(stack: Stack) -> Iterator[Fault]:
    """Two filters of one log group with the same pattern count each event twice: in one metric that
    doubles it, in two it is two messages about one event. Those that differ in what they add, or in
    dimensions, are two metrics of one event, for which AWS asks for two filters.
    """
    seen: dict[tuple[object, ...], MetricFilter] = {}
    for metric_filter in stack.metric_filters:
        added = tuple(
            (one.metric_value, frozenset(one.dimensions))
            for one in metric_filter.metric_transformations
        )
        key = (metric_filter.log_group_name, normal(metric_filter.pattern.syntax), added)
        first = seen.setdefault(key, metric_filter)
        if first is not metric_filter:
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} matches the same events of the "
                f"same log group as the filter {quoted(first.filter_name)}",
                "remove one of them",
                place_of_filter(stack, metric_filter),
            )


@rule("TW202", "warning")
def counted_twice(stack: Stack) -> Iterator[Fault]:
    """A filter whose pattern is an alternative of another's, on the same metric, makes each of its
    events count twice.
    """
    groups: dict[tuple[str, str, str], list[MetricFilter]] = {}
    for metric_filter in stack.metric_filters:
        for one in metric_filter.metric_transformations:
            key = (metric_filter.log_group_name, one.metric_namespace, one.metric_name)
            groups.setdefault(key, []).append(metric_filter)
    for filters in groups.values():
        wide = [(one, _alternatives(one.pattern.syntax)) for one in filters]
        for inner, parts in wide:
            outer = next((o for o, others in wide if o is not inner and parts < others), None)
            if outer is not None:
                yield Fault(
                    f"what the filter {quoted(inner.filter_name)} matches, the filter "
                    f"{quoted(outer.filter_name)} adds to the same metric already",
                    "remove it",
                    place_of_filter(stack, inner),
                )


def _alternatives(syntax: Syntax) -> frozenset[object]:
    """What a pattern is an ``or`` of; a pattern that is none is its own only alternative."""
    whole = normal(syntax)
    if isinstance(whole, _Unordered) and whole.kind is Or:
        return whole.parts
    return frozenset((whole,))

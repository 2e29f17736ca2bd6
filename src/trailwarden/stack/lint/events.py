"""Names of events that no service has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import And, Condition, Or
from trailwarden.stack.lint.conditions import json_roots
from trailwarden.stack.lint.fields import path_of
from trailwarden.stack.lint.operations import (
    operations_of,
    slip_of,
    source_with,
    without_version,
)
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import MetricFilter, Stack

_MOST = 5_000  # names in a stack: hostile templates must not hold lint up
_LEAST = 6  # letters; shorter names are too much alike


@rule("TW132", "warning")
def misspelt_event(stack: Stack) -> Iterator[Fault]:
    """An event's name with a slip of the pen matches nothing, and AWS takes it. Events are not all
    named after operations, so that only what is one slip away from an operation of the service is
    found; without botocore (the extra aws) nothing is.
    """
    for metric_filter, name, source in islice(_named(stack), _MOST):
        right = _meant(name, source)
        if right:
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for the event "
                f"{quoted(name)}, which {quoted(source)} does not have",
                f"did you mean {right}?",
                place_of_filter(stack, metric_filter),
            )


@rule("TW133", "warning")
def event_of_another_source(stack: Stack) -> Iterator[Fault]:
    """An event and an event source that do not go together never hold together, and AWS takes it.
    Only operations of one service beside the source of another are found; without botocore (the
    extra aws) nothing is.
    """
    for metric_filter, name, source in islice(_named(stack), _MOST):
        right = _right_source(name, source)
        if right:
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for the event "
                f"{quoted(name)} of {quoted(source)}, which does not have it",
                f"it is one of {right}",
                place_of_filter(stack, metric_filter),
            )


def _right_source(name: str, source: str) -> str:
    """The source of the operation, where this one is known and has none of the kind."""
    bare = without_version(name)
    known = operations_of(source)
    if not known or bare in known or _meant(name, source):
        return ""
    return source_with(bare)


def _named(stack: Stack) -> Iterator[tuple[MetricFilter, str, str]]:
    for metric_filter, root in json_roots(stack):
        for name, source in dict.fromkeys(_sourced(root, ())):
            yield metric_filter, name, source


def _meant(name: str, source: str) -> str:
    """The operation that ``name`` is a slip of; empty where it is one itself, or not known."""
    known = operations_of(source)
    bare = without_version(name)
    if len(bare) < _LEAST or bare in known:
        return ""
    return min((right for right in known if slip_of(bare, right)), default="")


def _sourced(node: Condition, sources: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The names of events and the one event source beside which each of them counts."""
    if isinstance(node, And):
        own = [found for child in node.children if (found := _sources(child))]
        sources = own[0] if len(own) == 1 else sources if not own else ()
    if isinstance(node, And | Or):
        for child in node.children:
            yield from _sourced(child, sources)
    elif path_of(node.selector) == "eventName" and len(sources) == 1:
        name = literal_of(node)
        if name is not None:
            yield name, sources[0]


def _sources(node: Condition) -> tuple[str, ...]:
    """The event sources of alternatives that are about nothing else; two stand for an unknown."""
    parts = list(leaves(node))
    if any(path_of(leaf.selector) != "eventSource" for leaf in parts):
        return ()
    found = {literal_of(leaf) for leaf in parts}
    return tuple(sorted(one or "" for one in found))

"""Which filter was meant for a control, though its text fails."""

from __future__ import annotations

from collections.abc import Callable

from trailwarden.audit.scanners.clauses import Clause, Demand
from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import (
    Comparison,
    JsonSyntax,
    Key,
    Leaf,
    Operator,
    Regex,
    Selector,
    Text,
)
from trailwarden.patterns.values import comparison
from trailwarden.stack.model import MetricFilter

# What more than one control asks for does not tell what a filter is about.
_SHARED_FIELD, _SHARED_VALUE = "eventSource", "ConsoleLogin"
_EVENT_NAME = Selector((Key("eventName"),))


def nearness(demand: Demand, metric_filter: MetricFilter) -> float:
    """From 0 to 1: how much of what is particular to the demand the filter has.

    An event name that it watches by a wildcard, or another value of the same field, counts half.
    """
    telling = [clause for clause in demand.parts() if _is_telling(clause)]
    by_wildcard = watches_by_wildcard(metric_filter)
    found = sum(_weight(clause, metric_filter.filter_pattern, by_wildcard) for clause in telling)
    return found / len(telling)


def is_event(clause: Clause) -> bool:
    """Whether the clause wants an event name."""
    return clause.field == "eventName" and clause.sign == "="


def watches_by_wildcard(metric_filter: MetricFilter) -> Callable[[str], bool]:
    """A function that says whether a wildcard or a regular expression watches an event name."""
    syntax = metric_filter.pattern.syntax
    found = leaves(syntax.root) if isinstance(syntax, JsonSyntax) else ()
    tests = [
        comparison(leaf.operator, leaf.value)
        for leaf in found
        if isinstance(leaf, Comparison) and _is_wild(leaf)
    ]
    return lambda name: any(test(name) for test in tests)


def _is_telling(clause: Clause) -> bool:
    return clause.field != _SHARED_FIELD and clause.value != _SHARED_VALUE


def _weight(clause: Clause, text: str, by_wildcard: Callable[[str], bool]) -> float:
    if clause.is_meant(text):
        return 1
    if is_event(clause):
        return by_wildcard(clause.value) / 2
    return (clause.field != "eventName" and f"$.{clause.field}" in text) / 2


def _is_wild(leaf: Leaf) -> bool:
    """True but for a wildcard that stands for every event."""
    if not isinstance(leaf, Comparison) or leaf.selector != _EVENT_NAME:
        return False
    if leaf.operator is not Operator.EQUAL:
        return False
    if isinstance(leaf.value, Text):
        return "*" in leaf.value.text and leaf.value.text.strip("*") != ""
    return isinstance(leaf.value, Regex)

"""Rules that look at one metric filter after the other, each for itself.

What such a rule says of a filter is the whole message, which names it.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from trailwarden.stack.lint.conditions import Rooted, cloudtrail_roots, json_roots
from trailwarden.stack.lint.each import Say, rule_of_each
from trailwarden.stack.lint.finding import Severity
from trailwarden.stack.lint.places import place_of_filter
from trailwarden.stack.lint.registry import Fault
from trailwarden.stack.model import MetricFilter, Stack


def filter_rule(code: str, severity: Severity) -> Callable[[Say[MetricFilter]], Say[MetricFilter]]:
    """A rule of every filter, whatever the language of its pattern."""
    return rule_of_each(code, severity, attrgetter("metric_filters"), _fault)


def json_rule(code: str, severity: Severity) -> Callable[[Say[Rooted]], Say[Rooted]]:
    """A rule of the filters with a JSON pattern."""
    return rule_of_each(code, severity, json_roots, _rooted_fault)


def cloudtrail_rule(code: str, severity: Severity) -> Callable[[Say[Rooted]], Say[Rooted]]:
    """A rule of the filters whose JSON pattern is meant for CloudTrail's records."""
    return rule_of_each(code, severity, cloudtrail_roots, _rooted_fault)


def _fault(stack: Stack, metric_filter: MetricFilter, what: str, cure: str) -> Fault:
    return Fault(what, cure, place_of_filter(stack, metric_filter))


def _rooted_fault(stack: Stack, one: Rooted, what: str, cure: str) -> Fault:
    return _fault(stack, one.metric_filter, what, cure)

"""Conditions that are right by themselves, and joined so that they say something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import (
    And,
    AnyElement,
    AnyMember,
    Comparison,
    Condition,
    Key,
    NotExists,
    Operator,
    Or,
    Selector,
    Step,
)
from trailwarden.stack.lint.conditions import Rooted, nodes, same_or_above
from trailwarden.stack.lint.duplicates import normal_condition
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import json_rule
from trailwarden.stack.lint.spelling import condition_text, selector_text
from trailwarden.stack.lint.written import mixed_without_parentheses

_SOURCE = Selector((Key("eventSource"),))


@json_rule("TW105", "warning")
def exclusion_as_alternative(one: Rooted) -> Iterator[Said]:
    """``a = x || b != y`` holds for nearly every event: whatever b says, it is mostly not y. The
    benchmark's own text for unauthorized calls (1.4.0 to 3.0.0) is such a one, and matched 2,900
    of 2,900 records of a public data set.
    """
    for node in nodes(one.root):
        if isinstance(node, Or) and (leaf := _loose_exclusion(node)) is not None:
            yield (
                f"in the filter {one.name}, {condition_text(leaf)} is an alternative of conditions "
                "on other fields: it holds for nearly every event that has the field",
                "join exclusions with &&, and put the alternatives in parentheses",
            )
            return


def _loose_exclusion(node: Or) -> Comparison | None:
    """A ``!=`` among the alternatives, next to one that looks at another field."""
    for child in node.children:
        if isinstance(child, Comparison) and child.operator is Operator.NOT_EQUAL:
            others = [leaf for one in node.children if one is not child for leaf in leaves(one)]
            # "x NOT EXISTS || x.y != v" is how an exclusion is written rightly.
            if not all(same_or_above(leaf.selector, child.selector) for leaf in others):
                return child
    return None


@json_rule("TW106", "warning")
def mixed_operators(one: Rooted) -> Iterator[Said]:
    """``&&`` binds before ``||``: ``{ a || b && c }`` is ``a || (b && c)``, so that an exclusion at
    the end counts for the last alternative only. Texts of CIS and Security Hub have this slip.
    """
    # What is mixed on purpose joins alternatives that are whole by themselves.
    if any(
        isinstance(node, Or) and _is_slip(node) for node in nodes(one.root)
    ) and mixed_without_parentheses(one.metric_filter.filter_pattern):
        yield (
            f"the filter {one.name} mixes && and || without parentheses: && binds first",
            "put the conditions that && joins in parentheses, or the alternatives",
        )


def _is_slip(node: Or) -> bool:
    """One alternative has an exclusion or an event source that single conditions beside it lack."""
    single = any(not isinstance(child, And) for child in node.children)
    return single and any(
        _narrows(leaf)
        for child in node.children
        if isinstance(child, And)
        for leaf in child.children
    )


def _narrows(node: Condition) -> bool:
    if isinstance(node, Comparison):
        return node.operator is Operator.NOT_EQUAL or node.selector == _SOURCE
    return isinstance(node, NotExists)


@json_rule("TW109", "warning")
def different_elements(one: Rooted) -> Iterator[Said]:
    """Each condition with a wildcard looks for itself: two of them may be satisfied by two
    different elements (rule 5.2).
    """
    for node in nodes(one.root):
        if isinstance(node, And) and (start := _shared_wildcard(node)):
            yield (
                f"two conditions of the filter {one.name} on {start} may be satisfied by "
                "different elements",
                "name the element by its index, or test one field only",
            )
            return


def _shared_wildcard(node: And) -> str:
    found: defaultdict[tuple[Step, ...], set[Selector]] = defaultdict(set)
    for child in node.children:
        for leaf in leaves(child):
            steps = leaf.selector.steps
            for at, step in enumerate(steps):
                if isinstance(step, AnyElement | AnyMember):
                    found[steps[: at + 1]].add(leaf.selector)
    for start, selectors in found.items():
        if len(selectors) > 1:
            return selector_text(Selector(start))
    return ""


@json_rule("TW114", "warning")
def condition_said_twice(one: Rooted) -> Iterator[Said]:
    """The same condition twice between the same parentheses says nothing the second time: mostly it
    was to be another one, which is missing.
    """
    for node in nodes(one.root):
        if isinstance(node, And | Or):
            said = Counter(map(normal_condition, node.children))
            twice = [child for child in node.children if said.pop(normal_condition(child), 0) > 1]
            if twice:
                yield (
                    f"the filter {one.name} says {condition_text(twice[0])} twice: perhaps another "
                    "condition was meant",
                    "write the one that is missing, or remove one of the two",
                )

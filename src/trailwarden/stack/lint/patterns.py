"""Traps of the filter pattern language, whatever the log (section 10 of its reference)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import (
    And,
    AnyElement,
    AnyMember,
    Comparison,
    Condition,
    EverythingSyntax,
    Field,
    JsonSyntax,
    Key,
    Mode,
    NotExists,
    Operator,
    Or,
    Selector,
    SpaceSyntax,
    Step,
    TermsSyntax,
    Text,
)
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.spelling import condition_text, selector_text
from trailwarden.stack.lint.truth import always_holds, constants, never_holds
from trailwarden.stack.lint.written import mixed_without_parentheses
from trailwarden.stack.model import MetricFilter, Stack

_SHOWN = 3  # findings of one rule in one pattern
_SOURCE = Selector((Key("eventSource"),))
_EVERYWHERE = frozenset(
    Selector((Key(name),))
    for name in ("awsRegion", "eventID", "eventName", "eventTime", "eventType", "eventVersion")
) | {_SOURCE}


def json_roots(stack: Stack) -> Iterator[tuple[MetricFilter, Condition]]:
    """The metric filters with a JSON pattern, and its condition."""
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if isinstance(syntax, JsonSyntax):
            yield metric_filter, syntax.root


@rule("TW101", "error")
def pattern_never_matches(stack: Stack) -> Iterator[Fault]:
    """Conditions on one field that exclude each other (``a = x && a = y``; ``a > 1 && a NOT
    EXISTS``): a field has one value, and only texts and numbers satisfy a comparison (rule 5.3).
    """
    for metric_filter, root in json_roots(stack):
        if never_holds(root):
            yield Fault(
                f"the pattern of the filter {quoted(metric_filter.filter_name)} matches no event"
                + _because(root),
                "join alternatives with ||, or remove one of the conditions",
                place_of_filter(stack, metric_filter),
            )


@rule("TW102", "error")
def pattern_always_matches(stack: Stack) -> Iterator[Fault]:
    """A star alone accepts every text, and some fields are in every record of CloudTrail: as an
    alternative, such a condition makes all others idle.
    """
    for metric_filter, root in json_roots(stack):
        if always_holds(root, _EVERYWHERE) and not any(one.holds for one in constants(root)):
            yield Fault(
                f"the pattern of the filter {quoted(metric_filter.filter_name)} matches every "
                "event of CloudTrail",
                "remove the condition that every event satisfies, or join it with &&",
                place_of_filter(stack, metric_filter),
            )


def _because(root: Condition) -> str:
    for constant in constants(root):
        if not constant.holds:
            return f": {condition_text(constant.node)} never holds"
    return ""


@rule("TW103", "warning")
def part_never_holds(stack: Stack) -> Iterator[Fault]:
    """A part of a pattern that never holds looks as if it watched something, and does not."""
    for metric_filter, root in json_roots(stack):
        if never_holds(root):
            continue
        for constant in list(constants(root))[:_SHOWN]:
            if not constant.holds:
                yield Fault(
                    f"a part of the filter {quoted(metric_filter.filter_name)} never holds: "
                    f"{condition_text(constant.node)}",
                    "join alternatives with ||, or remove the part",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW104", "error")
def exclusions_joined_by_or(stack: Stack) -> Iterator[Fault]:
    """``a != x || a != y`` holds wherever the field is there, since no value equals both."""
    for metric_filter, root in json_roots(stack):
        for constant in list(constants(root))[:_SHOWN]:
            if constant.holds:
                where = "for every event"
                if constant.present:
                    where = f"wherever {selector_text(constant.selector)} is a text or a number"
                yield Fault(
                    f"a part of the filter {quoted(metric_filter.filter_name)} holds {where}: "
                    f"{condition_text(constant.node)}",
                    "join exclusions with &&",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW105", "warning")
def exclusion_as_alternative(stack: Stack) -> Iterator[Fault]:
    """``a = x || b != y`` holds for nearly every event: whatever b says, it is mostly not y. The
    benchmark's own text for unauthorized calls (1.4.0 to 3.0.0) is such a one, and matched 2,900
    of 2,900 records of a public data set.
    """
    for metric_filter, root in json_roots(stack):
        for node in _nodes(root):
            if isinstance(node, Or) and (leaf := _loose_exclusion(node)) is not None:
                yield Fault(
                    f"in the filter {quoted(metric_filter.filter_name)}, {condition_text(leaf)} "
                    "is an alternative of conditions on other fields: it holds for nearly every "
                    "event that has the field",
                    "join exclusions with &&, and put the alternatives in parentheses",
                    place_of_filter(stack, metric_filter),
                )
                break


def _loose_exclusion(node: Or) -> Comparison | None:
    """A ``!=`` among the alternatives, next to one that looks at another field."""
    for child in node.children:
        if isinstance(child, Comparison) and child.operator is Operator.NOT_EQUAL:
            others = [leaf for one in node.children if one is not child for leaf in leaves(one)]
            # "x NOT EXISTS || x.y != v" is how an exclusion is written rightly.
            if not all(_same_or_above(leaf.selector, child.selector) for leaf in others):
                return child
    return None


def _same_or_above(one: Selector, other: Selector) -> bool:
    return other.steps[: len(one.steps)] == one.steps


@rule("TW106", "warning")
def mixed_operators(stack: Stack) -> Iterator[Fault]:
    """``&&`` binds before ``||``: ``{ a || b && c }`` is ``a || (b && c)``, so that an exclusion at
    the end counts for the last alternative only. Texts of CIS and Security Hub have this slip.
    """
    for metric_filter, root in json_roots(stack):
        # What is mixed on purpose joins alternatives that are whole by themselves.
        if any(
            isinstance(node, Or) and _is_slip(node) for node in _nodes(root)
        ) and mixed_without_parentheses(metric_filter.filter_pattern):
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} mixes && and || without "
                "parentheses: && binds first",
                "put the conditions that && joins in parentheses, or the alternatives",
                place_of_filter(stack, metric_filter),
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


@rule("TW107", "warning")
def star_in_the_middle(stack: Stack) -> Iterator[Fault]:
    """A star is a wildcard at an end of a value only; inside it is a plain star (rule 5.4)."""
    for metric_filter, root in json_roots(stack):
        for leaf in leaves(root):
            if not isinstance(leaf, Comparison) or not isinstance(leaf.value, Text):
                continue
            if "*" in leaf.value.text.strip("*"):
                yield Fault(
                    f"the star inside {condition_text(leaf)} of the filter "
                    f"{quoted(metric_filter.filter_name)} is no wildcard, only one at an end is",
                    "list the values, or use a regular expression such as %^Create.*Gateway$%",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW108", "warning")
def compared_with_boolean(stack: Stack) -> Iterator[Fault]:
    """``= true`` is satisfied by the text "true" and never by the boolean, ``= null`` by no null
    (rule 5.3). ``mfaAuthenticated`` of CloudTrail is one of the few fields that hold such texts.
    """
    for metric_filter, root in json_roots(stack):
        for leaf in leaves(root):
            if (
                isinstance(leaf, Comparison)
                and isinstance(leaf.value, Text)
                and leaf.value.text.lower() in ("true", "false", "null")
                and not _holds_texts(leaf.selector)
            ):
                wanted = leaf.value.text.upper()
                yield Fault(
                    f"{condition_text(leaf)} in the filter {quoted(metric_filter.filter_name)} "
                    "looks at texts only: a boolean or null satisfies neither = nor !=",
                    f"write {selector_text(leaf.selector)} IS {wanted}",
                    place_of_filter(stack, metric_filter),
                )


def _holds_texts(selector: Selector) -> bool:
    return selector_text(selector).endswith(".mfaAuthenticated")


@rule("TW109", "warning")
def different_elements(stack: Stack) -> Iterator[Fault]:
    """Each condition with a wildcard looks for itself: two of them may be satisfied by two
    different elements (rule 5.2).
    """
    for metric_filter, root in json_roots(stack):
        for node in _nodes(root):
            if isinstance(node, And) and (start := _shared_wildcard(node)):
                yield Fault(
                    f"two conditions of the filter {quoted(metric_filter.filter_name)} on "
                    f"{start} may be satisfied by different elements",
                    "name the element by its index, or test one field only",
                    place_of_filter(stack, metric_filter),
                )
                break


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


@rule("TW110", "warning")
def ignored_optional_terms(stack: Stack) -> Iterator[Fault]:
    """As soon as there is a plain or an excluded term, all ``?`` terms are ignored (section 3)."""
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if isinstance(syntax, TermsSyntax):
            modes = {term.mode for term in syntax.terms}
            if Mode.OPTIONAL in modes and len(modes) > 1:
                yield Fault(
                    f"the terms with ? of the filter {quoted(metric_filter.filter_name)} are "
                    "ignored, because it has other terms as well",
                    "use a regular expression, or one filter for each alternative",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW111", "warning")
def star_in_a_term(stack: Stack) -> Iterator[Fault]:
    """Terms have no wildcards: a star in quotation marks is a star (section 3)."""
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if isinstance(syntax, TermsSyntax) and any(
            isinstance(term.value, Text) and "*" in term.value.text for term in syntax.terms
        ):
            yield Fault(
                f"a star in a term of the filter {quoted(metric_filter.filter_name)} is no "
                "wildcard: a term is found anywhere without one",
                "remove the star",
                place_of_filter(stack, metric_filter),
            )


@rule("TW112", "warning")
def one_field_for_the_whole_line(stack: Stack) -> Iterator[Fault]:
    """The last field takes the rest of the line, so that ``[level=ERROR]`` matches a line that
    consists of this one word (rule 6.2).
    """
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if not isinstance(syntax, SpaceSyntax) or len(syntax.fields) != 1:
            continue
        [field] = syntax.fields
        if isinstance(field, Field) and any(
            test.operator is Operator.EQUAL
            and isinstance(test.value, Text)
            and not test.value.text.endswith("*")
            for tests in field.tests
            for test in tests
        ):
            yield Fault(
                f"the only field of the filter {quoted(metric_filter.filter_name)} is compared "
                "with the whole line",
                "add a field or ... for the rest of the line",
                place_of_filter(stack, metric_filter),
            )


@rule("TW113", "note")
def pattern_for_everything(stack: Stack) -> Iterator[Fault]:
    """An empty pattern matches every event (section 1)."""
    for metric_filter in stack.metric_filters:
        if isinstance(metric_filter.pattern.syntax, EverythingSyntax):
            yield Fault(
                f"the pattern of the filter {quoted(metric_filter.filter_name)} is empty and "
                "matches every event",
                "say what is looked for, unless the metric is to count all events",
                place_of_filter(stack, metric_filter),
            )


def _nodes(root: Condition) -> Iterator[Condition]:
    """``root`` and all that is below it, the outermost first."""
    yield root
    if isinstance(root, And | Or):
        for child in root.children:
            yield from _nodes(child)


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
                if any(_same_or_above(selector, leaf.selector) for selector in absent)
            }
            yield from _negated(child, known | spoken)

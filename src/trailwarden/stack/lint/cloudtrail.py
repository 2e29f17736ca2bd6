"""Traps of patterns that are meant for CloudTrail's records."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Key,
    Leaf,
    Number,
    Operator,
    Or,
    SpaceSyntax,
    TermsSyntax,
    Text,
)
from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.fields import (
    ALWAYS_THERE,
    SHARED_NAMES,
    TELLING,
    TEXTS,
    TOP_LEVEL,
    path_of,
    speaks_of_cloudtrail,
    top_of,
)
from trailwarden.stack.lint.patterns import json_roots, negated_fields
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.spelling import condition_text, selector_text
from trailwarden.stack.model import MetricFilter, Stack

_LOWER = {name.lower(): name for name in TOP_LEVEL}
_LOWER_TELLING = {name.lower(): name for name in TELLING}
_ORDERINGS = (
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
)
_SHOWN = 3  # names in one finding


def _cloudtrail_roots(stack: Stack) -> Iterator[tuple[MetricFilter, Condition]]:
    for metric_filter, root in json_roots(stack):
        if speaks_of_cloudtrail([leaf.selector for leaf in leaves(root)]):
            yield metric_filter, root


@rule("TW121", "warning")
def silent_about_absent_fields(stack: Stack) -> Iterator[Fault]:
    """``!=`` does not hold for an absent field (rule 5.3): ``MFAUsed != "Yes"`` misses the sign-in
    without MFAUsed.
    """
    for metric_filter, root in _cloudtrail_roots(stack):
        first = {leaf.selector: leaf for leaf in reversed(list(negated_fields(root)))}
        for leaf in first.values():
            if path_of(leaf.selector) not in ALWAYS_THERE:
                shown = selector_text(leaf.selector)
                yield Fault(
                    f"{condition_text(leaf)} in the filter {quoted(metric_filter.filter_name)} "
                    "does not hold for records without this field",
                    f"write ({shown} NOT EXISTS) || ({condition_text(leaf)})",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW122", "error")
def key_in_wrong_case(stack: Stack) -> Iterator[Fault]:
    """Keys are case sensitive (section 1): ``$.EventName`` finds nothing."""
    for metric_filter, root in json_roots(stack):
        selectors = [leaf.selector for leaf in leaves(root)]
        # Other logs may well have a requestId.
        suspects = _LOWER if speaks_of_cloudtrail(selectors) else _LOWER_TELLING
        for name in dict.fromkeys(map(top_of, selectors)):
            right = suspects.get(name.lower())
            if right is not None and name not in TOP_LEVEL:
                yield Fault(
                    f"CloudTrail's records have no field {quoted(name)}, which the filter "
                    f"{quoted(metric_filter.filter_name)} looks at",
                    f"write $.{right}",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW123", "error")
def wrapped_record(stack: Stack) -> Iterator[Fault]:
    """Only EventBridge has the record under ``detail``; a log group holds it as it is (section 10,
    trap 15).
    """
    for metric_filter, root in json_roots(stack):
        for leaf in leaves(root):
            match leaf.selector.steps:
                case (Key("detail"), Key(name), *_) if name in TOP_LEVEL:
                    yield Fault(
                        f"{selector_text(leaf.selector)} in the filter "
                        f"{quoted(metric_filter.filter_name)} is the form of EventBridge: in a "
                        "log group nothing stands under detail",
                        f"write $.{name}",
                        place_of_filter(stack, metric_filter),
                    )
                    break


@rule("TW124", "error")
def ordering_of_texts(stack: Stack) -> Iterator[Fault]:
    """An ordering is never satisfied by a text (rule 5.3), not even by ``"10" > 1``."""
    for metric_filter, root in _cloudtrail_roots(stack):
        for leaf in leaves(root):
            if (
                isinstance(leaf, Comparison)
                and leaf.operator in _ORDERINGS
                and path_of(leaf.selector) in TEXTS
            ):
                yield Fault(
                    f"{condition_text(leaf)} in the filter {quoted(metric_filter.filter_name)} "
                    "never holds: CloudTrail writes this field as a text",
                    "compare it with = or !=",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW125", "warning")
def exact_error_code(stack: Stack) -> Iterator[Fault]:
    """``AccessDenied`` without a star misses ``AccessDeniedException``, and EC2 says
    ``Client.UnauthorizedOperation`` (section 10, traps 5 and 14).
    """
    for metric_filter, root in json_roots(stack):
        codes = {
            leaf.value.text
            for leaf in leaves(root)
            if isinstance(leaf, Comparison)
            and leaf.operator is Operator.EQUAL
            and isinstance(leaf.value, Text)
            and path_of(leaf.selector) == "errorCode"
        }
        for exact, wide in (
            ("AccessDenied", '"AccessDenied*"'),
            ("UnauthorizedOperation", '"*UnauthorizedOperation"'),
        ):
            if exact in codes and not any("*" in code and exact in code for code in codes):
                yield Fault(
                    f"the filter {quoted(metric_filter.filter_name)} looks for the error code "
                    f"{exact} only, which services spell in several ways",
                    f"write $.errorCode = {wide}",
                    place_of_filter(stack, metric_filter),
                )


@rule("TW126", "warning")
def name_of_many_services(stack: Stack) -> Iterator[Fault]:
    """Services share names of events (CreatePolicy of IoT, CreateRoute of API Gateway), so that a
    filter without an event source counts what it is not about.
    """
    for metric_filter, root in json_roots(stack):
        names = [name for name in dict.fromkeys(_unsourced(root)) if name in SHARED_NAMES]
        if names:
            source = f"{SHARED_NAMES[names[0]]}.amazonaws.com"
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for {_listed(names)} of "
                "any service: others have events of this name",
                f"add ($.eventSource = {source}) &&",
                place_of_filter(stack, metric_filter),
            )


def _unsourced(node: Condition) -> Iterator[str]:
    """The event names that count whatever the event source is."""
    if isinstance(node, And):
        if any(_on_source(child) for child in node.children):
            return
        for child in node.children:
            yield from _unsourced(child)
    elif isinstance(node, Or):
        for child in node.children:
            yield from _unsourced(child)
    elif path_of(node.selector) == "eventName" and (name := literal_of(node)) is not None:
        yield name


def _on_source(node: Condition) -> bool:
    """True for a condition on the event source, and for alternatives of such."""
    return all(
        path_of(leaf.selector) == "eventSource"
        and isinstance(leaf, Comparison)
        and leaf.operator is Operator.EQUAL
        for leaf in leaves(node)
    )


@rule("TW127", "warning")
def one_message_of_failed_sign_in(stack: Stack) -> Iterator[Fault]:
    """A failed sign-in has more messages than ``Failed authentication``: a wrong user name has
    another.
    """
    for metric_filter, root in json_roots(stack):
        if any(
            _is(leaf, "errorMessage", "Failed authentication") for leaf in leaves(root)
        ) and not any(
            path_of(leaf.selector) == "responseElements.ConsoleLogin" for leaf in leaves(root)
        ):
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} knows one message of failed "
                "sign-ins: one with a wrong user name has another",
                'look for $.responseElements.ConsoleLogin = "Failure" as well',
                place_of_filter(stack, metric_filter),
            )


def _is(leaf: Leaf, path: str, text: str) -> bool:
    return path_of(leaf.selector) == path and literal_of(leaf) == text


@rule("TW128", "warning")
def root_without_console(stack: Stack) -> Iterator[Fault]:
    """``invokedBy NOT EXISTS`` leaves out what root does in the console, where records carry
    ``signin.amazonaws.com``.
    """
    for metric_filter, root in json_roots(stack):
        parts = list(leaves(root))
        if not any(_is(leaf, "userIdentity.type", "Root") for leaf in parts):
            continue
        about = [leaf for leaf in parts if path_of(leaf.selector) == "userIdentity.invokedBy"]
        if about and not any(isinstance(leaf, Comparison) for leaf in about):
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} leaves out what root does in the "
                "console: such records may have invokedBy signin.amazonaws.com",
                'add || ($.userIdentity.invokedBy = "signin.amazonaws.com")',
                place_of_filter(stack, metric_filter),
            )


@rule("TW129", "warning")
def other_language_on_records(stack: Stack) -> Iterator[Fault]:
    """CloudTrail's records are JSON. Terms find their text anywhere in a record, in names and user
    agents too; a space-delimited pattern cuts it at its blanks.
    """
    fed = {log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "") for trail in stack.trails}
    fed |= {metric_filter.log_group_name for metric_filter, _ in _cloudtrail_roots(stack)}
    for metric_filter in stack.metric_filters:
        syntax = metric_filter.pattern.syntax
        if metric_filter.log_group_name not in fed:
            continue
        if isinstance(syntax, TermsSyntax | SpaceSyntax):
            kind = "terms" if isinstance(syntax, TermsSyntax) else "fields between blanks"
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for {kind} in CloudTrail's "
                "records, which are JSON",
                "write a JSON pattern such as { $.eventName = StopLogging }",
                place_of_filter(stack, metric_filter),
            )


@rule("TW130", "warning")
def number_for_an_account(stack: Stack) -> Iterator[Fault]:
    """A bare account number with a leading zero is read as a number as well as a text; quotation
    marks keep it as it is (rule 5.4).
    """
    for metric_filter, root in json_roots(stack):
        for leaf in leaves(root):
            if (
                isinstance(leaf, Comparison)
                and isinstance(leaf.value, Number)
                and leaf.value.spelling.startswith("0")
                and leaf.value.spelling.strip("0").isdigit()
            ):
                yield Fault(
                    f"{condition_text(leaf)} in the filter {quoted(metric_filter.filter_name)} "
                    "has a number with leading zeros",
                    f'write "{leaf.value.spelling}"',
                    place_of_filter(stack, metric_filter),
                )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more

"""Patterns that are not JSON: terms, fields between blanks, and the one that is empty."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.model import (
    EverythingSyntax,
    Field,
    Mode,
    Operator,
    SpaceSyntax,
    TermsSyntax,
    Text,
)
from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.conditions import cloudtrail_roots
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import filter_rule
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import MetricFilter, Stack


@filter_rule("TW110", "warning")
def ignored_optional_terms(metric_filter: MetricFilter) -> Iterator[Said]:
    """As soon as there is a plain or an excluded term, all ``?`` terms are ignored (section 3)."""
    syntax = metric_filter.pattern.syntax
    if isinstance(syntax, TermsSyntax):
        modes = {term.mode for term in syntax.terms}
        if Mode.OPTIONAL in modes and len(modes) > 1:
            yield (
                f"the terms with ? of the filter {quoted(metric_filter.filter_name)} are ignored, "
                "because it has other terms as well",
                "use a regular expression, or one filter for each alternative",
            )


@filter_rule("TW111", "warning")
def star_in_a_term(metric_filter: MetricFilter) -> Iterator[Said]:
    """Terms have no wildcards: a star in quotation marks is a star (section 3)."""
    syntax = metric_filter.pattern.syntax
    if isinstance(syntax, TermsSyntax) and any(
        isinstance(term.value, Text) and "*" in term.value.text for term in syntax.terms
    ):
        yield (
            f"a star in a term of the filter {quoted(metric_filter.filter_name)} is no wildcard: "
            "a term is found anywhere without one",
            "remove the star",
        )


@filter_rule("TW112", "warning")
def one_field_for_the_whole_line(metric_filter: MetricFilter) -> Iterator[Said]:
    """The last field takes the rest of the line, so that ``[level=ERROR]`` matches a line that
    consists of this one word (rule 6.2).
    """
    syntax = metric_filter.pattern.syntax
    if not isinstance(syntax, SpaceSyntax) or len(syntax.fields) != 1:
        return
    [field] = syntax.fields
    if isinstance(field, Field) and any(
        test.operator is Operator.EQUAL
        and isinstance(test.value, Text)
        and not test.value.text.endswith("*")
        for tests in field.tests
        for test in tests
    ):
        yield (
            f"the only field of the filter {quoted(metric_filter.filter_name)} is compared with "
            "the whole line",
            "add a field or ... for the rest of the line",
        )


@filter_rule("TW113", "note")
def pattern_for_everything(metric_filter: MetricFilter) -> Iterator[Said]:
    """An empty pattern matches every event (section 1)."""
    if isinstance(metric_filter.pattern.syntax, EverythingSyntax):
        yield (
            f"the pattern of the filter {quoted(metric_filter.filter_name)} is empty and matches "
            "every event",
            "say what is looked for, unless the metric is to count all events",
        )


@rule("TW129", "warning")
def other_language_on_records(stack: Stack) -> Iterator[Fault]:
    """CloudTrail's records are JSON. Terms find their text anywhere in a record, in names and user
    agents too; a space-delimited pattern cuts it at its blanks.
    """
    fed = {log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "") for trail in stack.trails}
    fed |= {one.metric_filter.log_group_name for one in cloudtrail_roots(stack)}
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

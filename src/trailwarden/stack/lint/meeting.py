"""Parts of a stack that do not meet: a filter without alarm, an alarm without metric.

:mod:`trailwarden.stack.links` finds them while a stack is loaded; here they get codes and cures.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from trailwarden.alarms.model import MetricAlarm
from trailwarden.stack.links import link_notes
from trailwarden.stack.lint.operations import slip_of
from trailwarden.stack.lint.places import place_of_alarm, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack

_MAX_CHOICES = 1000  # metrics that a misspelt name is compared with
_MAX_COMPARED = 10_000  # pairs of names
_NO_DIGITS = str.maketrans("", "", "0123456789")
_ALIKE = 0.8  # of 1: how alike two names must be for one to be meant for the other


def noted(stack: Stack, code: str, cure: str) -> Iterator[Fault]:
    """What the stack's own links say, as the faults of a rule."""
    for note in link_notes(stack):
        if note.code == code:
            yield Fault(note.message, cure, note.location)


@rule("TW001", "error")
def alarm_without_metric(stack: Stack) -> Iterator[Fault]:
    """An alarm on a metric that nothing publishes never fires (M-1: namespace and name must be
    equal, letter by letter). Agents and programs publish as well, in the namespaces of filters too:
    sure are only names that are nearly those of a filter's metric.
    """
    for alarm, near in _alone(stack):
        if near:
            same = near.lower() == _metric(alarm).lower()
            yield Fault(
                f"no metric filter publishes {quoted(_metric(alarm))}, which the alarm "
                f"{quoted(alarm.alarm_name)} reads: it never fires",
                f"did you mean {quoted(near)}?" + (" Names are case sensitive" if same else ""),
                place_of_alarm(stack, alarm),
            )


@rule("TW009", "note")
def alarm_on_metric_from_elsewhere(stack: Stack) -> Iterator[Fault]:
    """A metric that no filter here publishes must come from elsewhere: from another stack, from an
    agent or a program.
    """
    for alarm, near in _alone(stack):
        if not near:
            yield Fault(
                f"the alarm {quoted(alarm.alarm_name)} reads {quoted(_metric(alarm))}, which must "
                "come from elsewhere: no filter here publishes it",
                "check namespace and name",
                place_of_alarm(stack, alarm),
            )


def _alone(stack: Stack) -> Iterator[tuple[MetricAlarm, str]]:
    """Alarms whose metric no filter publishes, and a metric with nearly the same name, or nothing.

    Metrics of AWS's own namespaces come from elsewhere.
    """
    metrics = {
        f"{one.metric_namespace}/{one.metric_name}": None
        for metric_filter in stack.metric_filters
        for one in metric_filter.metric_transformations
    }
    choices = list(metrics)[:_MAX_CHOICES]
    read = {_metric(alarm) for alarm in stack.alarms}
    by_case = {one.lower(): one for one in choices}
    compared = 0
    for alarm in stack.alarms:
        if _metric(alarm) in metrics or (alarm.namespace or "").startswith("AWS/"):
            continue
        compared += len(choices)
        near = by_case.get(_metric(alarm).lower(), "")
        # An account may have thousands of alarms of applications.
        if not near and compared <= _MAX_COMPARED:
            close = get_close_matches(_metric(alarm), choices, n=1, cutoff=_ALIKE)
            near = close[0] if close and _is_slip(_metric(alarm), close[0], read) else ""
        yield alarm, near


def _is_slip(metric: str, near: str, read: set[str]) -> bool:
    """False for names that are told apart by a number, or whose likeness has an alarm already."""
    without_digits = metric.translate(_NO_DIGITS)
    if without_digits == near.translate(_NO_DIGITS):
        return False
    return near not in read or slip_of(metric, near)


def _metric(alarm: MetricAlarm) -> str:
    return f"{alarm.namespace}/{alarm.metric_name}"


@rule("TW002", "error")
def alarm_with_other_dimensions(stack: Stack) -> Iterator[Fault]:
    """A metric is its namespace, name and exact set of dimensions; a subset is another metric, and
    nothing is rolled up (M-1).
    """
    return noted(
        stack, "alarm-dimensions-differ", "give alarm and filter the same Dimensions, or none"
    )


@rule("TW003", "error")
def alarm_with_other_unit(stack: Stack) -> Iterator[Fault]:
    """An alarm with a unit that nobody publishes stays in INSUFFICIENT_DATA (M-3)."""
    return noted(stack, "alarm-unit-differs", "remove the alarm's Unit, or give the filter's one")


@rule("TW004", "warning")
def filter_without_alarm(stack: Stack) -> Iterator[Fault]:
    """A metric that no alarm reads tells nobody (CIS asks for an alarm on each filter's metric)."""
    return noted(stack, "filter-without-alarm", "add an alarm on the metric")


@rule("TW005", "warning")
def group_without_trail(stack: Stack) -> Iterator[Fault]:
    """Filters on a log group that none of the stack's trails feeds see none of their records."""
    return noted(
        stack, "log-group-without-trail", "name the log group that CloudWatchLogsLogGroupArn names"
    )


@rule("TW006", "error")
def too_many_filters(stack: Stack) -> Iterator[Fault]:
    """AWS takes 100 metric filters on a log group (rule 8.1)."""
    return noted(stack, "too-many-filters", "join filters with ||, or use another log group")


@rule("TW007", "error")
def too_many_expressions(stack: Stack) -> Iterator[Fault]:
    """AWS takes 5 filters with a regular expression on a log group (section 4)."""
    return noted(stack, "too-many-regex-filters", "write some with * instead of %regex%")


@rule("TW010", "warning")
def no_metric_filter(stack: Stack) -> Iterator[Fault]:
    """Without a metric filter no record is looked at. A check of the wrong file would pass for
    ever.
    """
    unread = any(one.type == "AWS::Logs::MetricFilter" for one in stack.not_run)
    if not stack.metric_filters and not unread:
        yield Fault(
            "there is no metric filter: nothing here can match a record",
            "give the template that has the metric filters, or add one",
            None,
        )


@rule("TW008", "note")
def names_shared_by_stacks(stack: Stack) -> Iterator[Fault]:
    """Two stacks whose alarms have names of their own, but whose metrics have the same, add to one
    metric, and both alarm.
    """
    named = [alarm for alarm in stack.alarms if stack.name and stack.name in alarm.alarm_name]
    for alarm in named:
        if stack.name not in _metric(alarm):
            yield Fault(
                f"the alarm {quoted(alarm.alarm_name)} has the stack's name in its own, but its "
                f"metric {quoted(_metric(alarm))} has not: a second stack in the Region would add "
                "to it",
                "put ${AWS::StackName} into the namespace",
                place_of_alarm(stack, alarm),
            )

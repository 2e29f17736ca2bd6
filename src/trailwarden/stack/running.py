"""What of a stack is run: metric filters whose log group gets no records are not.

A template with trails says which log groups they feed. A filter on another one reads other logs,
so that no CloudTrail record ever reaches it, though its pattern would match. Where that is not
certain (there is no trail, none of them delivers to a log group, a name is not known before the
deployment) the filter is run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import Location
from trailwarden.stack.alarms import references_of
from trailwarden.stack.links import is_of_another_account, log_group_of_arn
from trailwarden.stack.model import MetricFilter, NotRun, Stack

_LIVE = "account "  # how the source of a live account begins; there it is known already
_PART = re.compile(r"\$\{[^{}]*\}|.", re.DOTALL)  # what is known only later, or one character
_Metric = tuple[str | None, str | None, frozenset[str]]  # namespace, name, names of dimensions


def running(stack: Stack) -> Stack:
    """The stack with just what is run; the rest is in ``not_run``, with the reason."""
    unfed = unfed_filters(stack)
    if not unfed:
        return stack
    left_out: dict[str, NotRun] = {}
    run = tuple(one for one in stack.metric_filters if one not in unfed)
    fed_metrics = {metric for one in run for metric in _metrics(one)}
    sources = {metric: one.filter_name for one in unfed for metric in _metrics(one)}
    for alarm in stack.alarms:
        source = sources.get(_metric_of(alarm))
        if source is not None and _metric_of(alarm) not in fed_metrics:
            reason = f"the metric filter {source} that feeds it is not run"
            left_out[alarm.alarm_name] = _alarm(stack, alarm, reason)
    _leave_out_dependents(stack, left_out)
    not_run = [_filter(stack, one) for one in unfed]
    return replace(
        stack,
        metric_filters=run,
        alarms=tuple(one for one in stack.alarms if one.alarm_name not in left_out),
        composite_alarms=tuple(
            one for one in stack.composite_alarms if one.alarm_name not in left_out
        ),
        not_run=(*stack.not_run, *not_run, *left_out.values()),
    )


def unfed_filters(stack: Stack) -> tuple[MetricFilter, ...]:
    """The metric filters on log groups that certainly none of the stack's trails feeds."""
    fed = _fed(stack)
    if not fed or stack.source.startswith(_LIVE):
        return ()
    own = {group.log_group_name for group in stack.log_groups}
    return tuple(
        one
        for one in stack.metric_filters
        if not any(_may_be_one(one.log_group_name, group, own) for group in fed)
    )


def why_not_run(stack: Stack, name: str, noun: str) -> str:
    """Why the ``filter`` or ``alarm`` of this name is not run; ``""`` where it is, or is none."""
    found = (one for one in stack.not_run if one.name == name)
    return next((one.reason for one in found if one.type.lower().endswith(noun)), "")


def _fed(stack: Stack) -> list[str]:
    arns = (trail.cloud_watch_logs_log_group_arn or "" for trail in stack.trails)
    return [
        log_group_of_arn(arn)
        for arn in arns
        if arn and not is_of_another_account(arn, stack.account)
    ]


def _may_be_one(group: str, fed: str, own: Collection[str]) -> bool:
    """Whether two names of log groups, parts of which may not be known, can be the same."""
    if group == fed:
        return True
    if group in own and fed in own:
        return False  # two resources
    left, right = _different_parts(_PART.findall(group), _PART.findall(fed))
    if any("${" in part and part in own for part in (group, fed)) and not _unknown(
        right if group in own else left
    ):
        return False  # CloudFormation makes a name for it, which nobody can have written
    if any(part == "$" for part in (*left, *right)):
        return True  # a token inside a token
    if _unknown(left) and _unknown(right):
        return True
    pattern, text = (left, right) if _unknown(left) else (right, left)
    regex = "".join(".*" if part.startswith("${") else re.escape(part) for part in pattern)
    return re.fullmatch(regex, "".join(text), re.DOTALL) is not None


def _different_parts(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Both without what they begin and end with alike."""
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _alike(one: list[str], other: list[str]) -> int:
    """How many parts both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))


def _unknown(parts: Sequence[str]) -> bool:
    return any(part.startswith("${") for part in parts)


def _metrics(one: MetricFilter) -> Iterable[_Metric]:
    for each in one.metric_transformations:
        yield (
            each.metric_namespace,
            each.metric_name,
            frozenset(name for name, _ in each.dimensions),
        )


def _metric_of(alarm: MetricAlarm) -> _Metric:
    return alarm.namespace, alarm.metric_name, frozenset(name for name, _ in alarm.dimensions)


def _leave_out_dependents(stack: Stack, left_out: dict[str, NotRun]) -> None:
    """Add the composite alarms that refer to any alarm that is left out."""
    waiting = list(left_out)
    while waiting:
        missing = waiting.pop()
        for one in stack.composite_alarms:
            if one.alarm_name not in left_out and missing in references_of(one):
                reason = f"it refers to {missing!r}, which is not run"
                left_out[one.alarm_name] = _alarm(stack, one, reason)
                waiting.append(one.alarm_name)


def _filter(stack: Stack, one: MetricFilter) -> NotRun:
    reason = f"no trail of the stack delivers to its log group, {one.log_group_name}"
    place = stack.locations.get(("MetricFilter", one.filter_name), Location(stack.source))
    return NotRun(one.filter_name, "AWS::Logs::MetricFilter", reason, place)


def _alarm(stack: Stack, alarm: MetricAlarm | CompositeAlarm, reason: str) -> NotRun:
    kind = "CompositeAlarm" if isinstance(alarm, CompositeAlarm) else "Alarm"
    place = stack.locations.get(("Alarm", alarm.alarm_name), Location(stack.source))
    return NotRun(alarm.alarm_name, f"AWS::CloudWatch::{kind}", reason, place)

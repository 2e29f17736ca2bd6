"""Stacks to audit: the built-in ones, completed or broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from trailwarden.alarms import MetricAlarm
from trailwarden.audit.model import Audit, ControlAudit
from trailwarden.audit.run import audit
from trailwarden.patterns import parse
from trailwarden.stack import MetricFilter, Stack, Subscription, Trail, load
from trailwarden.stack.controls import VERSIONS

NEWEST = VERSIONS[-1]
GROUP = "CloudTrail/DefaultLogGroup"
TRAIL = Trail(
    "all-regions",
    cloud_watch_logs_log_group_arn=f"arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:*",
    is_multi_region_trail=True,
)


@cache
def cis(name: str = "cis") -> Stack:
    return load(name)


def whole(stack: Stack | None = None, **trail: Any) -> Stack:
    """``stack`` with a trail, and somebody who has confirmed to be told."""
    stack = stack or cis()
    told = Subscription(stack.topics[0].arn, "email", "sec@example.com", confirmed=True)
    return replace(stack, trails=(replace(TRAIL, **trail),), subscriptions=(told,))


def with_alarms(stack: Stack, change: Callable[[MetricAlarm], MetricAlarm | None]) -> Stack:
    """Every alarm changed; left out where ``change`` gives none."""
    changed = (change(alarm) for alarm in stack.alarms)
    return replace(stack, alarms=tuple(alarm for alarm in changed if alarm is not None))


def with_pattern(stack: Stack, ending: str, pattern: str) -> Stack:
    """The filter whose name ends so has another pattern."""

    def change(one: MetricFilter) -> MetricFilter:
        if not one.filter_name.endswith(ending):
            return one
        return replace(one, filter_pattern=pattern, pattern=parse(pattern))

    return replace(stack, metric_filters=tuple(map(change, stack.metric_filters)))


def judged(stack: Stack, key: str, *, is_live: bool = True) -> ControlAudit:
    """One control of the newest version."""
    return of(audit(stack, is_live=is_live), key)


def of(found: Audit, key: str) -> ControlAudit:
    (one,) = (one for one in found.controls if one.control.key == key)
    return one


def codes(one: ControlAudit, severity: str | None = None) -> set[str]:
    return {f.code for f in one.findings if severity in (None, f.severity)}

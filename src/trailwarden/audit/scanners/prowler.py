"""Prowler: a filter on the log group of some trail, and an alarm on a metric of its name.

It asks neither what else the trail does, nor for the metric's namespace, nor who is notified.
"""

from __future__ import annotations

from functools import partial

from trailwarden.audit.scanners import demands
from trailwarden.audit.scanners.alarms import alarms_on, unread_metric
from trailwarden.audit.scanners.gaps import Gap
from trailwarden.audit.scanners.judging import Rules, judge
from trailwarden.audit.scanners.nearness import nearness
from trailwarden.audit.scanners.trails import trail_gaps
from trailwarden.audit.scanners.wanting import gap_of, meets
from trailwarden.audit.verdict import Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.model import MetricFilter, Stack


def prowler(control: Control, stack: Stack) -> Verdict:
    """What Prowler will say of the control in the stack."""
    demand = demands.prowler(control)
    rules = Rules(
        "prowler",
        "Prowler",
        control.prowler,
        partial(meets, demand),
        partial(gap_of, demand),
        partial(nearness, demand),
        _chain,
    )
    return judge(rules, control, stack)


def _chain(stack: Stack, metric_filter: MetricFilter) -> list[Gap]:
    gaps = trail_gaps(stack, metric_filter)
    if not alarms_on(stack, metric_filter):
        gaps.append(unread_metric(stack, metric_filter))
    return gaps

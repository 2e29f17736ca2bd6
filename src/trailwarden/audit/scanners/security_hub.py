"""Security Hub: the literal text, a logging trail of all Regions and events, a subscriber."""

from __future__ import annotations

from functools import partial

from trailwarden.audit.scanners import demands
from trailwarden.audit.scanners.alarms import alarms_on, told_gap, unread_metric
from trailwarden.audit.scanners.gaps import Gap
from trailwarden.audit.scanners.judging import Rules, judge
from trailwarden.audit.scanners.literal import is_literal, literal_gap
from trailwarden.audit.scanners.nearness import nearness
from trailwarden.audit.scanners.trails import (
    Question,
    has_kms_events,
    has_management_events,
    is_logging,
    is_multi_region,
    trail_gaps,
)
from trailwarden.audit.verdict import Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.model import MetricFilter, Stack

_ABOUT_TRAILS: tuple[Question, ...] = (is_multi_region, is_logging, has_management_events)
_ABOUT_KMS = "cmk-disable-or-delete"


def security_hub(control: Control, stack: Stack) -> Verdict:
    """What Security Hub will say of the control in the stack, if it has that control."""
    if control.security_hub is None:
        reason = f"Security Hub has no control for {control.subject}"
        return Verdict("security-hub", "", None, reason, "", None)
    rules = Rules(
        "security-hub",
        "Security Hub",
        control.security_hub,
        partial(is_literal, control),
        partial(literal_gap, control),
        partial(nearness, demands.prowler(control)),
        partial(_chain, control),
    )
    return judge(rules, control, stack)


def _chain(control: Control, stack: Stack, metric_filter: MetricFilter) -> list[Gap]:
    about_kms = (has_kms_events,) if control.key == _ABOUT_KMS else ()
    gaps = trail_gaps(stack, metric_filter, (*_ABOUT_TRAILS, *about_kms))
    alarms = alarms_on(stack, metric_filter, namespace=True)
    told = (
        told_gap(stack, alarms) if alarms else unread_metric(stack, metric_filter, namespace=True)
    )
    return [*gaps, told] if told else gaps

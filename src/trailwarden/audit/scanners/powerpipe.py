"""Powerpipe: a logging trail of all Regions, and an alarm whose topic has a subscriber.

It ignores the metric's namespace.
"""

from __future__ import annotations

from functools import partial

from trailwarden.audit.scanners import demands
from trailwarden.audit.scanners.alarms import alarms_on, told_gap, unread_metric
from trailwarden.audit.scanners.gaps import Gap
from trailwarden.audit.scanners.judging import Rules, judge
from trailwarden.audit.scanners.nearness import nearness
from trailwarden.audit.scanners.trails import (
    has_basic_selector,
    is_logging,
    is_multi_region,
    trail_gaps,
)
from trailwarden.audit.scanners.wanting import gap_of, meets
from trailwarden.audit.verdict import Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.model import MetricFilter, Stack

_QUERY = "log_metric_filter_"
_QUERIES = {
    "unauthorized-api-calls": "unauthorized_api",
    "console-signin-without-mfa": "console_login_mfa",
    "root-usage": "root_login",
    "iam-policy-changes": "iam_policy",
    "cloudtrail-config-changes": "cloudtrail_configuration",
    "console-auth-failures": "console_authentication_failure",
    "cmk-disable-or-delete": "disable_or_delete_cmk",
    "s3-bucket-policy-changes": "bucket_policy",
    "config-changes": "config_configuration",
    "security-group-changes": "security_group",
    "nacl-changes": "network_acl",
    "network-gateway-changes": "network_gateway",
    "route-table-changes": "route_table",
    "vpc-changes": "vpc",
    "organizations-changes": "organization",
}


def powerpipe(control: Control, stack: Stack) -> Verdict:
    """What Powerpipe will say of the control in the stack."""
    demand = demands.powerpipe(control)
    rules = Rules(
        "powerpipe",
        "Powerpipe",
        _QUERY + _QUERIES[control.key],
        partial(meets, demand),
        partial(gap_of, demand),
        partial(nearness, demand),
        _chain,
    )
    return judge(rules, control, stack)


def _chain(stack: Stack, metric_filter: MetricFilter) -> list[Gap]:
    questions = (is_multi_region, is_logging, has_basic_selector)
    gaps = trail_gaps(stack, metric_filter, questions)
    alarms = alarms_on(stack, metric_filter)
    told = told_gap(stack, alarms) if alarms else unread_metric(stack, metric_filter)
    return [*gaps, told] if told else gaps

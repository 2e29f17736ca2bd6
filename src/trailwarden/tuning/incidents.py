"""What is an incident when it happens once, so that no threshold may wait for a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from trailwarden.patterns import FilterPattern
from trailwarden.stack.controls import VERSIONS, control, witnesses
from trailwarden.trail.specimens import Short, made
from trailwarden.tuning.losses import served_by

# Controls of which a filter that sees any event that they name is enough.
_ANY = (
    "root-usage",
    "console-signin-without-mfa",
    "cloudtrail-config-changes",
    "cmk-disable-or-delete",
)
# Controls that share names of events with others: a filter has to be about them.
_ABOUT = ("config-changes", "organizations-changes")
# Whoever does one of these switches off what would tell of it.
_TAMPERING = {
    "logs": "DeleteMetricFilter PutMetricFilter DeleteLogGroup DeleteLogStream PutRetentionPolicy",
    "monitoring": "DeleteAlarms DisableAlarmActions",
    "sns": "DeleteTopic Unsubscribe SetTopicAttributes",
    "guardduty": "DeleteDetector UpdateDetector",
    "securityhub": "DisableSecurityHub",
}
_TIME = datetime(2025, 1, 1, tzinfo=UTC)


@cache
def incident_of(pattern: FilterPattern) -> str:
    """What the filter sees of which one event is an incident, for a sentence; empty for nothing."""
    for subject, records in _known():
        if any(pattern.matches(dict(record)) for record in records):
            return subject
    served = {one.key for one in served_by(pattern).controls}
    return next((control(key).subject for key in _ABOUT if key in served), "")


@cache
def _known() -> Sequence[tuple[str, tuple[Mapping[str, Any], ...]]]:
    found = []
    for key in _ANY:
        one = control(key)
        named = [each.record for each in witnesses(one, VERSIONS[-1]) if each.is_named]
        found.append((one.subject, tuple(named)))
    tampering = tuple(
        made(Short(name, f"{service}.amazonaws.com"), _TIME, number)
        for service, names in _TAMPERING.items()
        for number, name in enumerate(names.split())
    )
    return (*found, ("tampering with the monitoring itself", tampering))

"""No threshold is proposed where one event is an incident."""

from __future__ import annotations

import pytest

from trailwarden.patterns import parse
from trailwarden.stack import load
from trailwarden.tuning.incidents import incident_of

INCIDENTS = {
    "root-usage": "usage of the 'root' account",
    "console-signin-without-mfa": "management console sign-in without MFA",
    "cloudtrail-config-changes": "CloudTrail configuration changes",
    "cmk-disable-or-delete": "disabling or scheduled deletion of customer created CMKs",
    "config-changes": "AWS Config configuration changes",
    "organizations-changes": "AWS Organizations changes",
    "monitoring-tampering": "tampering with the monitoring itself",
}


@pytest.mark.parametrize("name", ["cis", "cis-1.2.0"])
def test_filters_of_the_built_in_stacks(name: str) -> None:
    found = {
        one.filter_name.removeprefix(f"{name}-"): incident_of(one.pattern)
        for one in load(name).metric_filters
    }
    assert found == {key: INCIDENTS.get(key, "") for key in found}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("{ $.eventName = StopLogging }", True),
        ('{ $.userIdentity.type = "Root" }', True),
        ("{ $.eventName = ScheduleKeyDeletion }", True),
        ("{ $.eventName = DeleteDetector }", True),
        ("{ $.eventName = RunInstances }", False),
        ('{ $.errorCode = "AccessDenied*" }', False),
        ("{ $.eventName = DeletePolicy || $.eventName = CreatePolicy }", False),
    ],
)
def test_filters_of_others(text: str, is_one: bool) -> None:
    assert bool(incident_of(parse(text))) == is_one

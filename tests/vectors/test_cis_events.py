"""The cases of cis-events.json: what the built-in stacks make of records from real accounts."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.vectors.cases import cases
from trailwarden.patterns import FilterPattern, parse
from trailwarden.stack import load

# The benchmark has this control since 1.3.0, so the stack of 1.2.0 has no filter for it.
ORGANIZATIONS = "organizations-changes"
ORGANIZATIONS_PATTERN = (
    "{ ($.eventSource = organizations.amazonaws.com) && ("
    + " || ".join(
        f'($.eventName = "{name}")'
        for name in (
            "AcceptHandshake",
            "AttachPolicy",
            "CreateAccount",
            "CreateOrganizationalUnit",
            "CreatePolicy",
            "DeclineHandshake",
            "DeleteOrganization",
            "DeleteOrganizationalUnit",
            "DeletePolicy",
            "DetachPolicy",
            "DisablePolicyType",
            "EnablePolicyType",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "UpdatePolicy",
            "UpdateOrganizationalUnit",
        )
    )
    + ") }"
)


@cache
def patterns(name: str) -> dict[str, FilterPattern]:
    """The patterns of a built-in stack by control: filters are named STACK-CONTROL."""
    stack = load(name)
    return {
        metric_filter.filter_name.removeprefix(f"{stack.name}-"): metric_filter.pattern
        for metric_filter in stack.metric_filters
    }


@cache
def benchmark() -> dict[str, FilterPattern]:
    return {**patterns("cis-1.2.0"), ORGANIZATIONS: parse(ORGANIZATIONS_PATTERN)}


@pytest.mark.parametrize("case", cases("cis-events.json", "cases"))
def test_cis_event(case: dict[str, Any]) -> None:
    control, event = case["control"], case["event"]
    assert benchmark()[control].matches(event) is case["expected"]
    assert patterns("cis")[control].matches(event) is case["expected_hardened"]
    if "all_seed_controls_matching" in case:
        matching = {key for key, pattern in patterns("cis-1.2.0").items() if pattern.matches(event)}
        assert matching == set(case["all_seed_controls_matching"])

"""Events that are watched together: a filter with some of a family and not the others has a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import Comparison, Condition, Operator
from trailwarden.patterns.values import comparison
from trailwarden.stack.lint.conditions import json_roots
from trailwarden.stack.lint.fields import path_of
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack


@dataclass(frozen=True, slots=True)
class _Family:
    """Events that the benchmark names, and those of the same effect that it forgot."""

    known: tuple[str, ...]
    forgotten: tuple[str, ...]


_FAMILIES = (
    _Family(("UpdateTrail", "DeleteTrail", "StopLogging"), ("PutEventSelectors",)),
    _Family(
        ("StopConfigurationRecorder", "DeleteDeliveryChannel"), ("DeleteConfigurationRecorder",)
    ),
    _Family(
        ("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
        ("ModifySecurityGroupRules",),
    ),
    _Family(("ReplaceRouteTableAssociation", "DisassociateRouteTable"), ("AssociateRouteTable",)),
    _Family(
        ("AttachRolePolicy", "PutRolePolicy", "CreatePolicyVersion"),
        ("SetDefaultPolicyVersion", "UpdateAssumeRolePolicy"),
    ),
    _Family(("PutBucketPolicy", "PutBucketAcl"), ("PutBucketPublicAccessBlock",)),
    _Family(
        ("CreateCustomerGateway", "AttachInternetGateway"),
        ("CreateNatGateway", "CreateVpnGateway", "CreateTransitGateway"),
    ),
)


@rule("TW131", "note")
def family_with_a_gap(stack: Stack) -> Iterator[Fault]:
    """The benchmark's lists of events are older than some calls of the same effect: a trail is
    blinded by PutEventSelectors as well as by StopLogging.
    """
    for metric_filter, root in json_roots(stack):
        for known, missing in gaps(root):
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} watches "
                f"{', '.join(known)}, but not {', '.join(missing)}",
                "add the event names",
                place_of_filter(stack, metric_filter),
            )


def gaps(root: Condition) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The families that a pattern watches in part: the events that it has, and those it has not."""
    # Equalities on the event's name, of which one has to hold.
    tests = [
        comparison(leaf.operator, leaf.value)
        for leaf in leaves(root)
        if isinstance(leaf, Comparison)
        and leaf.operator is Operator.EQUAL
        and path_of(leaf.selector) == "eventName"
    ]
    for family in _FAMILIES:
        if all(any(test(name) for test in tests) for name in family.known):
            missing = [n for n in family.forgotten if not any(test(n) for test in tests)]
            if missing:
                yield family.known, missing

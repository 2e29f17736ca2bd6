"""Witnesses of health: ordinary records that no alarm on a control should be about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from trailwarden.trail.specimens import Short, made

_TIME = datetime(2025, 1, 1, tzinfo=UTC)
_FIRST = 900  # number of a record: those of witnesses are smaller
_LOGIN, _SIGNIN = "ConsoleLogin", "signin.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """``cure`` says how a pattern leaves it out.

    ``controls`` are the keys of those that it is noise for; empty for all of them. ``is_common``
    tells what fills every log from what is rare, and easily taken for another event.
    """

    name: str
    record: Mapping[str, Any]
    cure: str
    controls: tuple[str, ...] = ()
    is_common: bool = False


def ordinary() -> tuple[Ordinary, ...]:
    """The same in every run."""
    drafts = (*_common(), *_signins(), *_refused(), *_homonyms())
    return tuple(
        Ordinary(one.name, made(one.short, _TIME, number), one.cure, one.controls, one.is_common)
        for number, one in enumerate(drafts, _FIRST)
    )


class _Draft(NamedTuple):
    """An ordinary event whose record is yet to be made."""

    name: str
    short: Short
    cure: str
    controls: tuple[str, ...] = ()
    is_common: bool = False


_NARROW = "narrow the pattern"
_SIGNED_IN = "ask for the user types IAMUser and Root, and for ConsoleLogin = Success"
_HEALTHY = "leave out HeadBucket and the source delivery.logs.amazonaws.com"
_SOURCE = "ask for the event source as well"


def _common() -> Iterator[_Draft]:
    for service, event in (
        ("ec2", "DescribeInstances"),
        ("sts", "GetCallerIdentity"),
        ("s3", "GetObject"),
        ("kms", "Decrypt"),
        ("iam", "ListRoles"),
        ("logs", "CreateLogStream"),
        ("dynamodb", "DescribeTable"),
    ):
        short = Short(event, f"{service}.amazonaws.com", "role", "app/i-0a1b2c3d")
        yield _Draft(event, short, _NARROW, is_common=True)
    login = Short(_LOGIN, _SIGNIN, mfa=True)
    yield _Draft("a sign-in with MFA", login, _NARROW, is_common=True)


def _signins() -> Iterator[_Draft]:
    """A federated user's MFA is a matter of the identity provider: such records say No."""
    federated = Short(_LOGIN, _SIGNIN, "role", "AWSReservedSSO_Admin_0a1b2c3d/alice", mfa=False)
    without_mfa = ("console-signin-without-mfa",)
    yield _Draft("a federated sign-in (SSO)", federated, _SIGNED_IN)
    failed = Short(_LOGIN, _SIGNIN, mfa=False, error="Failed authentication")
    yield _Draft("a sign-in that failed", failed, _SIGNED_IN, without_mfa)


def _refused() -> Iterator[_Draft]:
    """Refusals of every healthy account, which later versions of the benchmark leave out."""
    keys = ("unauthorized-api-calls",)
    head = Short("HeadBucket", "s3.amazonaws.com", "role", error="AccessDenied")
    yield _Draft("HeadBucket refused", head, _HEALTHY, keys)
    by = {"sourceIPAddress": "delivery.logs.amazonaws.com"}
    put = Short("PutObject", "s3.amazonaws.com", error="AccessDenied", fields=by)
    yield _Draft("log delivery refused", put, _HEALTHY, keys)


def _homonyms() -> Iterator[_Draft]:
    """Calls of other services with the name of an event that a control is about."""
    for key, event, services in (
        ("iam-policy-changes", "CreatePolicy", ("iot", "verifiedpermissions")),
        ("route-table-changes", "CreateRoute", ("apigateway", "appmesh")),
        ("vpc-changes", "CreateVpcPeeringConnection", ("gamelift",)),
        ("security-group-changes", "CreateSecurityGroup", ("wickr",)),
    ):
        for service in services:
            short = Short(event, f"{service}.amazonaws.com")
            yield _Draft(f"{event} of {service}", short, _SOURCE, (key,))

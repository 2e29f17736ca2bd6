"""Witnesses: records that a control is about, one for each event that must not go unseen.

The same in every run. A filter that misses the witness of an event misses the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trailwarden.stack.controls.model import Control, Version
from trailwarden.trail.specimens import Caller, Short, made

_TIME = datetime(2025, 1, 1, tzinfo=UTC)
_LOGIN = "ConsoleLogin"
# Calls that change what the control is about only with these parameters.
_PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "ModifyNetworkInterfaceAttribute": {
        "networkInterfaceId": "eni-0a1b2c3d4e5f60718",
        "groupSet": {"items": [{"groupId": "sg-0a1b2c3d4e5f60718"}]},
    },
    "ModifyInstanceAttribute": {
        "instanceId": "i-0a1b2c3d4e5f60718",
        "groupSet": {"items": [{"groupId": "sg-0a1b2c3d4e5f60718"}]},
    },
}


@dataclass(frozen=True, slots=True)
class Witness:
    """``name`` says in short what happened. ``is_named`` is false where the benchmark forgot it."""

    name: str
    record: Mapping[str, Any]
    is_named: bool


def witnesses(control: Control, version: Version) -> tuple[Witness, ...]:
    """Those that ``version`` names first, then those it forgot. Empty before ``control.since``."""
    if not control.is_in(version):
        return ()
    special = _SPECIAL.get(control.key)
    found = special() if special else _calls(control, version)
    return tuple(
        Witness(name, made(short, _TIME, number), is_named)
        for number, (name, short, is_named) in enumerate(found)
    )


_Found = Iterator[tuple[str, Short, bool]]


def _calls(control: Control, version: Version) -> _Found:
    named = control.named(version)
    if named:
        later = [name for names in control.added.values() for name in names]
        for name in dict.fromkeys((*named.names, *later)):
            yield name, _call(named.source, name), name in named.names
    for calls in control.forgotten:
        for name in calls.names:
            yield name, _call(calls.source, name), False


def _call(source: str, name: str) -> Short:
    fields = {"requestParameters": _PARAMETERS[name]} if name in _PARAMETERS else {}
    return Short(name, source, fields=fields)


def _refused() -> _Found:
    for code, source, event, is_named in (
        ("Client.UnauthorizedOperation", "ec2", "DescribeInstances", True),
        ("AccessDenied", "s3", "GetBucketAcl", True),
        ("AccessDeniedException", "kms", "ListKeys", True),
        ("UnauthorizedException", "mobiletargeting", "GetApps", False),
        ("ForbiddenException", "apigateway", "GetRestApis", False),
        ("AuthorizationError", "sns", "ListTopics", False),
        ("KMSAccessDeniedException", "sns", "Publish", False),
    ):
        yield code, Short(event, f"{source}.amazonaws.com", error=code), is_named
    endpoint = {"eventCategory": "NetworkActivity", "eventType": "AwsVpceEvent"}
    source, error = "secretsmanager.amazonaws.com", "VpceAccessDenied"
    yield error, Short("GetSecretValue", source, error=error, fields=endpoint), False


def _login(caller: Caller = "user", **more: Any) -> Short:
    return Short(_LOGIN, "signin.amazonaws.com", caller, **more)


def _without_mfa() -> _Found:
    yield "an IAM user signs in without MFA", _login(mfa=False), True
    yield "the root user signs in without MFA", _login("root", mfa=False), False
    silent = {"additionalEventData": None}
    yield "an IAM user signs in, nothing said of MFA", _login(fields=silent), False


def _root() -> _Found:
    call = Short("ListBuckets", "s3.amazonaws.com", "root")
    yield "a call of the root user", call, True
    yield "the root user signs in", _login("root", mfa=True), True
    console = {"userIdentity": {"invokedBy": "signin.amazonaws.com"}}
    key = Short("CreateAccessKey", "iam.amazonaws.com", "root", fields=console)
    yield "a call of the root user in the console", key, False
    yield "AssumeRoot", Short("AssumeRoot", "sts.amazonaws.com", "role"), False


def _failed_logins() -> _Found:
    yield "a wrong password", _login(error="Failed authentication"), True
    unknown = "No username found in supplied account"
    yield "an unknown user name", _login(error=unknown), False
    identity_center = {
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": {"CredentialVerification": "Failure"},
    }
    yield (
        "a wrong password in Identity Center",
        Short("CredentialVerification", "signin.amazonaws.com", fields=identity_center),
        False,
    )


_SPECIAL = {
    "unauthorized-api-calls": _refused,
    "console-signin-without-mfa": _without_mfa,
    "root-usage": _root,
    "console-auth-failures": _failed_logins,
}

"""Whom an exclusion can name: by what AWS writes into a record, never by what the caller chooses.

A role is named by the ARN of the session's issuer, a user by the exact ARN, a service by
``invokedBy`` of records that are its own, an address by ``sourceIPAddress``. A user agent, a
session's name and an access key are the caller's choice, or change.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Literal

import msgspec

from trailwarden.text import visible
from trailwarden.trail.record import event_name, object_field, source_ip, text_field
from trailwarden.trail.specimens import merged

Kind = Literal["role", "user", "service", "address"]
Test = tuple[str, str]  # a selector, and the text that it must find
MOST = 512  # characters of a value; the longest ARN of a role stays below
_ISSUER = "$.userIdentity.sessionContext.sessionIssuer.arn"


class Target(msgspec.Struct, array_like=True, frozen=True):
    """``value`` is exactly what the records hold: hostile, but one line."""

    kind: Kind
    value: str

    @property
    def tests(self) -> tuple[Test, ...]:
        """What holds together for its records, and for no others."""
        if self.kind == "role":
            return ((_ISSUER, self.value),)
        if self.kind == "user":
            return (("$.userIdentity.arn", self.value),)
        if self.kind == "service":
            # What a service does for somebody has its name, too; that is not the service's own.
            own = ("$.userIdentity.type", "AWSService")
            return (own, ("$.userIdentity.invokedBy", self.value))
        return (("$.sourceIPAddress", self.value),)

    def put_into(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """``record`` as if the target had made the call."""
        if self.kind == "address":
            return dict(record) | {"sourceIPAddress": self.value}
        if self.kind == "service":
            identity = {"type": "AWSService", "invokedBy": self.value}
            return dict(record) | {"userIdentity": identity, "sourceIPAddress": self.value}
        if self.kind == "role":
            return dict(record) | {"userIdentity": _wearing(self.value)}
        return merged(record, {"userIdentity": {"type": "IAMUser", "arn": self.value}})


def _wearing(role: str) -> dict[str, Any]:
    """The identity of a session of ``role`` (an ARN), as far as a pattern could ask for it."""
    partition, account = (*role.split(":"), "", "", "", "", "")[1:5:3]
    name = role.rpartition("/")[2]
    issuer = {"type": "Role", "arn": role, "accountId": account, "userName": name}
    return {
        "type": "AssumedRole",
        "arn": f"arn:{partition}:sts::{account}:assumed-role/{name}/session",
        "accountId": account,
        "sessionContext": {"sessionIssuer": issuer},
    }


def caller_of(record: Mapping[str, Any]) -> Target | None:
    """The caller of a decoded record, where an exclusion can name it."""
    who = object_field(record, "userIdentity")
    kind = text_field(who, "type")
    if kind == "AssumedRole":
        issuer = object_field(object_field(who, "sessionContext"), "sessionIssuer")
        return _target("role", text_field(issuer, "arn"))
    if kind == "IAMUser":
        return _target("user", text_field(who, "arn"))
    if kind == "AWSService":
        return _target("service", text_field(who, "invokedBy"))
    return None


def address_of(record: Mapping[str, Any]) -> Target | None:
    """The IP address of a call; None for a call through AWS itself, as anybody can make one."""
    try:
        ip_address(source_ip(record))
    except ValueError:
        return None  # cloudformation.amazonaws.com, AWS Internal
    return _target("address", source_ip(record))


def nameable_event(record: Mapping[str, Any]) -> str:
    """``eventName`` where a pattern can name it exactly, else an empty text."""
    name = event_name(record)
    return name if is_nameable(name) else ""


def _target(kind: Kind, value: str) -> Target | None:
    return Target(kind, value) if is_nameable(value) else None


def is_nameable(value: str) -> bool:
    """True where a pattern can name exactly this text, and a person can read what it names.

    A star at an end would be a wildcard, and there is no way to write it otherwise (rule 5.4).
    """
    if not value or len(value) > MOST or value.startswith("*") or value.endswith("*"):
        return False
    return visible(value) == value

"""Specimens: CloudTrail records, true to life, from a short form: who called what, when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trailwarden.times import format_instant

Caller = Literal["user", "role", "root"]

_IDS = uuid.UUID("6f1c2a52-0d0b-4e0e-9a55-6b1f6a3c9d10")  # ids are the same in every run
_READS = ("Get", "List", "Describe", "Head", "Lookup", "BatchGet")
_LOGIN = "ConsoleLogin"
_KEY = "AKIAIOSFODNN7EXAMPLE"
_SESSION_KEY = "ASIAIOSFODNN7EXAMPLE"


@dataclass(frozen=True, slots=True)
class Short:
    """A call in short. ``name`` is the user's, or ``ROLE`` or ``ROLE/SESSION``; unused for root.

    ``mfa`` None leaves a user without session; ``error`` is an error code, empty for success.
    ``fields`` are merged into the record, objects member by member.
    """

    event: str
    source: str
    caller: Caller = "user"
    name: str = "tester"
    account: str = "111122223333"
    region: str = "us-east-1"
    ip: str = "192.0.2.10"
    mfa: bool | None = None
    error: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def made(short: Short, time: datetime, number: int) -> dict[str, Any]:
    """The record of ``short`` at ``time`` (UTC). ``number`` tells it from the others of a test."""
    is_login = short.event == _LOGIN
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(short, format_instant(time), is_login),
        "eventTime": format_instant(time.replace(microsecond=0)),
        "eventSource": short.source,
        "eventName": short.event,
        "awsRegion": short.region,
        "sourceIPAddress": short.ip,
        "userAgent": "Mozilla/5.0" if is_login else "aws-cli/2.15.30",
        **_result(short),
        "requestParameters": None,
        "responseElements": _answer(short) if is_login else None,
        "requestID": str(uuid.uuid5(_IDS, f"request {number}")),
        "eventID": event_id(number),
        "readOnly": short.event.startswith(_READS),
        "eventType": "AwsConsoleSignIn" if is_login else "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": short.account,
        "eventCategory": "Management",
    }
    if is_login:
        used = "Yes" if short.mfa else "No"
        record["additionalEventData"] = {"MobileVersion": "No", "MFAUsed": used}
    return merged(record, short.fields)


def event_id(number: int) -> str:
    """A UUID that is the same in every run and differs from those of other numbers."""
    return str(uuid.uuid5(_IDS, f"event {number}"))


def merged(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """``record`` with ``fields`` over it: objects are merged, everything else is replaced."""
    result = dict(record)
    for name, value in fields.items():
        old = result.get(name)
        is_deep = isinstance(value, dict) and isinstance(old, dict)
        result[name] = merged(old, value) if is_deep and isinstance(old, dict) else value
    return result


def _result(short: Short) -> dict[str, str]:
    if not short.error:
        return {}
    if short.event == _LOGIN:  # sign-ins fail with a message and no code
        return {"errorMessage": short.error}
    return {"errorCode": short.error, "errorMessage": f"the call failed: {short.error}"}


def _answer(short: Short) -> dict[str, str]:
    return {short.event: "Failure" if short.error else "Success"}


def _identity(short: Short, created: str, is_login: bool) -> dict[str, Any]:
    if short.caller == "role":
        return _role(short, created)
    if short.caller == "root":
        return _root(short, created, is_login)
    identity: dict[str, Any] = {
        "type": "IAMUser",
        "principalId": _unique_id("AIDA", short.name),
        "arn": f"arn:aws:iam::{short.account}:user/{short.name}",
        "accountId": short.account,
    }
    if is_login:  # nobody has a key before they are in
        return identity | {"userName": short.name}
    key = _KEY if short.mfa is None else _SESSION_KEY
    identity |= {"accessKeyId": key, "userName": short.name}
    return identity if short.mfa is None else identity | _session(short, created)


def _root(short: Short, created: str, is_login: bool) -> dict[str, Any]:
    identity: dict[str, Any] = {
        "type": "Root",
        "principalId": short.account,
        "arn": f"arn:aws:iam::{short.account}:root",
        "accountId": short.account,
        "accessKeyId": "" if is_login else _SESSION_KEY,
    }
    return identity if is_login else identity | _session(short, created)


def _role(short: Short, created: str) -> dict[str, Any]:
    role, _, session = short.name.partition("/")
    session = session or "session"
    role_id = _unique_id("AROA", role)
    issuer = {
        "type": "Role",
        "principalId": role_id,
        "arn": f"arn:aws:iam::{short.account}:role/{role}",
        "accountId": short.account,
        "userName": role,
    }
    return {
        "type": "AssumedRole",
        "principalId": f"{role_id}:{session}",
        "arn": f"arn:aws:sts::{short.account}:assumed-role/{role}/{session}",
        "accountId": short.account,
        "accessKeyId": _SESSION_KEY,
        **_session(short, created, {"sessionIssuer": issuer}),
    }


def _session(
    short: Short, created: str, issuer: Mapping[str, object] | None = None
) -> dict[str, Any]:
    mfa = "true" if short.mfa else "false"
    attributes = {"creationDate": created, "mfaAuthenticated": mfa}
    return {"sessionContext": {**(issuer or {}), "attributes": attributes}}


def _unique_id(prefix: str, name: str) -> str:
    """``AIDA…``: 21 characters, the same for one name."""
    return prefix + uuid.uuid5(_IDS, f"{prefix} {name}").hex.upper()[:17]

"""The fields of a record that everybody asks for.

All take the decoded record and give ``""`` (or None) where the field is absent or of an absurd
type: nothing in a log can be relied on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trailwarden.trail.eventtime import instant_of

Fields = Mapping[str, Any]


def text_field(fields: Fields, name: str) -> str:
    """The field's value if it is a string."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def object_field(fields: Fields, name: str) -> Fields:
    """The field's value if it is an object."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def event_id(fields: Fields) -> str:
    """``eventID``, a UUID as a rule."""
    return text_field(fields, "eventID")


def event_time(fields: Fields) -> datetime | None:
    """``eventTime``, UTC."""
    return instant_of(fields.get("eventTime"))


def event_name(fields: Fields) -> str:
    """``eventName``: ``StopLogging``."""
    return text_field(fields, "eventName")


def event_source(fields: Fields) -> str:
    """``eventSource``: ``cloudtrail.amazonaws.com``."""
    return text_field(fields, "eventSource")


def account(fields: Fields) -> str:
    """The account the record belongs to: ``recipientAccountId``, or the caller's account."""
    own = text_field(fields, "recipientAccountId")
    return own or text_field(object_field(fields, "userIdentity"), "accountId")


def region(fields: Fields) -> str:
    """``awsRegion``."""
    return text_field(fields, "awsRegion")


def source_ip(fields: Fields) -> str:
    """``sourceIPAddress``: an address, or the name of the service that called."""
    return text_field(fields, "sourceIPAddress")


def user_agent(fields: Fields) -> str:
    """``userAgent``."""
    return text_field(fields, "userAgent")


def error_code(fields: Fields) -> str:
    """``errorCode``; ``""`` for a call that succeeded."""
    return text_field(fields, "errorCode")


def read_only(fields: Fields) -> bool | None:
    """``readOnly``; None where the record does not tell. Some exports write it as text."""
    value = fields.get("readOnly")
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def error_message(fields: Fields) -> str:
    """``errorMessage``; sign-ins have one without an ``errorCode``."""
    return text_field(fields, "errorMessage")


def access_key(fields: Fields) -> str:
    """``userIdentity.accessKeyId``: the key that signed the call."""
    return text_field(object_field(fields, "userIdentity"), "accessKeyId")


def with_mfa(fields: Fields) -> bool | None:
    """Whether the caller had shown a second factor; None where the record does not tell."""
    context = object_field(object_field(fields, "userIdentity"), "sessionContext")
    session = object_field(context, "attributes").get("mfaAuthenticated")
    sign_in = object_field(fields, "additionalEventData").get("MFAUsed")
    for value in (sign_in, session):
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in _ANSWERS:
            return _ANSWERS[value.lower()]
    return None


_ANSWERS = {"true": True, "yes": True, "false": False, "no": False}

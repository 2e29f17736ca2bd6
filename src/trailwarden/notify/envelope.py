"""What the signature of an SNS message covers (rule S-5)."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.errors import UsageError

# In byte order, as they are signed.
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}


def string_to_sign(message: Mapping[str, str | None]) -> str:
    """The text whose UTF-8 bytes are signed. Keys that ``message`` lacks are left out.

    A key that is null counts as absent: Lambda's events spell a missing Subject so (rule S-3).

    Raises :class:`~trailwarden.errors.UsageError` for a message of another type.
    """
    keys = _SIGNED.get(message.get("Type") or "")
    if keys is None:
        raise UsageError(
            "Type: this is not an SNS message",
            cure=f"its Type must be one of {', '.join(_SIGNED)}",
        )
    values = ((key, message.get(key)) for key in keys)
    return "".join(f"{key}\n{value}\n" for key, value in values if value is not None)

"""What the signature of an SNS message covers (section 13 of the rules)."""

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


def string_to_sign(message: Mapping[str, str]) -> str:
    """The text whose UTF-8 bytes are signed. Keys that ``message`` lacks are left out.

    Raises :class:`~trailwarden.errors.UsageError` for a message of another type.
    """
    keys = _SIGNED.get(message.get("Type", ""))
    if keys is None:
        raise UsageError(
            "Type: this is no message of SNS",
            cure=f"its Type must be one of {', '.join(_SIGNED)}",
        )
    return "".join(f"{key}\n{message[key]}\n" for key in keys if key in message)

"""What a receiver's answers mean (rule S-12)."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.answers import quoted
from trailwarden.notify.channels.posting import Answer

_LONGEST_WAIT = 3600.0  # seconds: a receiver must not put a message off for days
_CURES = {
    401: "give the receiver its credentials, by the option headers",
    403: "give the receiver its credentials, by the option headers",
    404: "look at the channel's url",
    410: "look at the channel's url",
    413: "let the receiver take messages of 300 KB",
}


def of_answer(answer: Answer, secrets: Iterable[str]) -> DeliveryError | None:
    """None for a message that was delivered; 5xx and 429 are retryable, others final."""
    if 200 <= answer.status < 300:
        return None
    said = quoted(answer.body, secrets)
    retryable = answer.status >= 500 or answer.status == 429
    if 300 <= answer.status < 400:
        cure = "redirects are not followed: give the address to which it leads as url"
    else:
        cure = _CURES.get(answer.status, "look at the receiver's own log")
    return DeliveryError(
        f"the receiver answered {answer.status}" + (f": {said}" if said else ""),
        retryable=retryable,
        retry_after=_wait(answer) if retryable else None,
        cure=cure,
    )


def no_answer(error: OSError | http.client.HTTPException) -> DeliveryError:
    """The error for a receiver that did not answer."""
    return DeliveryError(
        f"the receiver did not answer: {quoted(_reason(error))}",
        retryable=True,
        cure="look at the channel's url, the network, the proxy, and the receiver's certificate",
    )


def _reason(error: OSError | http.client.HTTPException) -> str:
    """In words that never hold the URL, as the texts of some exceptions do."""
    if isinstance(error, TimeoutError):
        return "the time is over"
    text = str(error)
    if isinstance(error, OSError) and text.startswith("Tunnel connection failed"):
        return f"the proxy refused: {text}"
    said = error.strerror if isinstance(error, OSError) else None
    return said or type(error).__name__


def no_home(error: OSError) -> DeliveryError:
    """The error for a folder where the state of subscriptions cannot be kept."""
    return DeliveryError(
        f"the state of the subscription cannot be kept: {error.strerror}",
        retryable=True,
        cure="make the folder of Trailwarden's state readable and writable for this user",
    )


def unconfirmed() -> DeliveryError:
    """The error for messages that wait for their subscription."""
    return DeliveryError(
        "the subscription is not confirmed yet: its token was sent to the receiver",
        retryable=True,
        cure="run: trailwarden notify confirm TOKEN",
    )


def _wait(answer: Answer) -> float | None:
    """Seconds of Retry-After, which is a number or a date; None where it says nothing usable."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    seconds = (until - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT)

"""What a mail server's answers mean: 4xx is worth another attempt, 5xx is not."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable, Mapping

from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.answers import quoted

_CURES = {
    530: "give user and password",
    534: "look at user and password",
    535: "look at user and password",
    550: "look at the addresses in from and to",
    552: "ask for a larger limit on the server",
    554: "ask who runs the mail server",
}


def delivery_error(error: Exception, secrets: Iterable[str]) -> DeliveryError:
    """The error for an exception of smtplib or of the connection."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return refused_recipients(error.recipients, secrets)
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error.smtp_code, error.smtp_error, secrets)
    if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError):
        return DeliveryError(
            f"the mail server cannot do this: {quoted(str(error), secrets)}",
            retryable=False,
            cure="look at tls, user and the addresses",
        )
    return DeliveryError(
        f"the mail server cannot be used: {quoted(str(error) or type(error).__name__, secrets)}",
        retryable=True,
        cure="look at host, port and tls, at the network, and at the server's certificate",
    )


def refused_recipients(
    refused: Mapping[str, tuple[int, bytes]], secrets: Iterable[str]
) -> DeliveryError:
    """The error for recipients that were refused, by address; retryable if any may work later."""
    codes = {address: code for address, (code, _) in refused.items()}
    address = min(codes, key=lambda one: codes[one])
    answer = quoted(refused[address][1], secrets)
    return DeliveryError(
        f"{len(refused)} of the recipients refused, first {quoted(address)}: "
        f"{codes[address]} {answer}",
        retryable=codes[address] < 500,
        cure="look at the addresses in to",
    )


def _of_answer(code: int, answer: bytes | str, secrets: Iterable[str]) -> DeliveryError:
    return DeliveryError(
        f"the mail server answered {code} {quoted(answer, secrets)}",
        retryable=code < 500,
        cure=_CURES.get(code, "look at the answer; it comes from the mail server"),
    )

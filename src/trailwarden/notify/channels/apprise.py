"""Messages to the many services that Apprise knows."""

from __future__ import annotations

import json
import logging
import re
from types import ModuleType
from typing import Any

from trailwarden.errors import DeliveryError, UsageError
from trailwarden.notify.channels.given import Given
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings

_TYPES = {"ALARM": "failure", "OK": "success", "INSUFFICIENT_DATA": "warning"}
_TYPES_OF_KINDS = {"late-match": "warning", "test": "info"}  # they change no state
# Chat services read these as calls to everybody; a log must not be able to call.
_MENTION = re.compile(r"@(?=everyone|here|channel|all\b)|<(?=[!@#])", re.IGNORECASE)
_WORD_JOINER = "\u2060"


class AppriseChannel:
    """Hands a message to all ``urls``. Apprise says only whether all of them took it.

    A watch has a channel for each URL, see :mod:`trailwarden.notify.targets`.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        given = Given(settings)
        self._name = settings.name
        library = _library()
        self._services = library.Apprise(
            asset=library.AppriseAsset(app_id="Trailwarden", secure_logging=True)
        )
        urls = [url.strip() for url in given.many("urls") if url.strip()]
        for number, url in enumerate(urls, 1):
            if not self._services.add(url):
                raise given.refused(
                    "urls",
                    f"Apprise cannot use URL number {number}",
                    "look it up in Apprise's list of services; the URL itself is a secret",
                )
        for service in self._services:
            # Long messages are refused by many services, for ever; cut, they arrive.
            service.overflow_mode = library.OverflowMode.TRUNCATE

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Raises DeliveryError, a retryable one, unless all services took the message."""
        if not self._notify(message):
            raise DeliveryError(
                "a service of Apprise did not take the message",
                retryable=True,
                cure="try the URL by the command apprise -vv, which says why",
            )

    def close(self) -> None:
        """Apprise keeps no connections."""

    def _notify(self, message: Outgoing) -> bool:
        return bool(
            self._services.notify(
                title=_harmless(message.subject),
                # Chats keep no id of their own: one that comes twice is known by this.
                body=_harmless(f"{message.text.rstrip()}\n\nMessage id: {message.id}"),
                notify_type=_type(message),
                body_format="text",  # so that it is escaped where a service wants markup
                interpret_escapes=False,
            )
        )


def _type(message: Outgoing) -> str:
    kind = json.loads(message.body)["Trailwarden"]["kind"]
    return _TYPES_OF_KINDS.get(kind, _TYPES[message.state])


def _harmless(text: str) -> str:
    return _MENTION.sub(lambda found: found[0] + _WORD_JOINER, text)


def _library() -> ModuleType | Any:
    try:
        import apprise  # noqa: PLC0415 - slow to import, and may not be installed
    except ImportError:
        raise UsageError(
            "channels of type apprise need Apprise, which is not installed",
            cure="install it with: pip install 'trailwarden[notify]'",
        ) from None
    _keep_quiet()
    return apprise


def _keep_quiet() -> None:
    """Apprise and its HTTP library write URLs, which are secrets, into their logs."""
    logging.getLogger("apprise").disabled = True
    connections = logging.getLogger("urllib3.connectionpool")
    connections.setLevel(max(connections.level, logging.ERROR))

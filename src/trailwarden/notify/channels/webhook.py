"""Messages by HTTP, as SNS posts them to its subscribers (rules S-1, S-5, S-12)."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from trailwarden.notify.channels.confirmation import Subscription, confirm
from trailwarden.notify.channels.given import Given
from trailwarden.notify.channels.posting import Answer, post
from trailwarden.notify.channels.signing import Signer
from trailwarden.notify.channels.sns_envelope import Sender, message_id
from trailwarden.notify.channels.webhook_faults import (
    no_answer,
    no_home,
    of_answer,
    unconfirmed,
)
from trailwarden.notify.channels.webhook_options import checked_url, more_headers
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings

__all__ = ["WebhookChannel", "confirm"]


class WebhookChannel:
    """Posts a signed envelope, or with ``raw`` the message alone.

    With ``confirm`` it sends a token first, and holds messages until that is confirmed.
    """

    def __init__(self, settings: ChannelSettings, *, home: Path | None) -> None:
        given = Given(settings)
        self._name = settings.name
        self._url = checked_url(given)
        self._raw = given.flag("raw")
        self._headers = more_headers(given)
        self._timeout = given.seconds("timeout")
        waits = given.text("confirm") == "token"
        if home is None and (waits or not self._raw):
            raise given.refused(
                "raw",
                "a signed webhook needs a folder for its key, and there is none",
                "name the folder of Trailwarden's state with --home, or set raw = true",
            )
        self._home = home if waits else None
        # With raw delivery only the request to confirm is signed, as at SNS.
        self._sender = Sender(
            self._name,
            self._url,
            Signer(home) if home is not None and (waits or not self._raw) else None,
            given.text("cert_url"),
            given.text("unsubscribe_url"),
        )

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Post the message. Raises DeliveryError (rule S-12)."""
        if self._home is not None:
            subscription = Subscription(self._home, message.topic, self._url)
            try:
                self._await_confirmation(message, subscription)
            except OSError as error:
                raise no_home(error) from None
        text = message.body if self._raw else _json(self._sender.notification(message))
        self._post("Notification", message_id(message), message.topic, text, raw=self._raw)

    def close(self) -> None:
        """Connections end with their message."""

    def _await_confirmation(self, message: Outgoing, subscription: Subscription) -> None:
        """Rule S-1: nothing is delivered before confirmation."""
        if subscription.is_confirmed():
            return
        token = subscription.token()
        if not subscription.was_sent():
            envelope = self._sender.confirmation(message, token)
            kind, sent_id = envelope["Type"], envelope["MessageId"]
            self._post(kind, sent_id, message.topic, _json(envelope), raw=False)
            subscription.note_sent()
        raise unconfirmed()

    def _post(self, kind: str, sent_id: str, topic: str, text: str, *, raw: bool) -> None:
        headers = self._sender.headers(kind, sent_id, topic, raw=raw)
        own = {name.lower() for name in self._headers}
        headers = {name: value for name, value in headers.items() if name.lower() not in own}
        try:
            answer: Answer = post(
                self._url, text.encode(), {**headers, **self._headers}, self._timeout
            )
        except (OSError, http.client.HTTPException) as error:
            raise no_answer(error) from None
        if fault := of_answer(answer, self._secrets()):
            raise fault

    def _secrets(self) -> tuple[str, ...]:
        """What a receiver may echo, and no message may show."""
        words = [word for value in self._headers.values() for word in (value, *value.split())]
        address = urlsplit(self._url)
        target = f"{address.path}?{address.query}"
        values = (value for _, value in parse_qsl(address.query))
        return (self._url, target, address.path, address.query, *values, *words)


def _json(envelope: dict[str, str]) -> str:
    return json.dumps(envelope, ensure_ascii=False, indent=2)

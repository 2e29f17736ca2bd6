"""A message on its way to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trailwarden.alarms import State


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one channel, in every form that some channel wants.

    ``id`` is stable: a message sent again after a crash has the same one, and receivers may drop
    it. ``body`` is CloudWatch's JSON with one added key, ``Trailwarden``. ``subject`` (at most 100
    characters, as SNS wants it), ``text`` and ``html`` are for people. ``time`` (UTC) is when it
    was decided. ``state`` is the alarm's new one.
    """

    id: str
    topic: str
    subject: str
    text: str
    html: str
    body: str
    state: State
    time: datetime


class Channel(Protocol):
    """One way to tell. Used by one thread at a time."""

    @property
    def name(self) -> str: ...

    def send(self, message: Outgoing) -> None:
        """Hand the message over. Raises :class:`~trailwarden.errors.DeliveryError`."""

    def close(self) -> None:
        """Give up connections."""

"""Messages on their way: kept until each channel has them, in order, bounded in number and age."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from trailwarden.monitor.announcement import Announcement
from trailwarden.times import from_epoch

MOST = 10_000  # messages waiting for one channel; older ones are given up, loudly
_AT_ONCE = 500  # messages that are looked at together
OLDEST = 3 * 86_400.0  # seconds that one may wait
Result = Literal["delivered", "failed", "muted", "given-up"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits for its channel. It is not to be tried before ``due`` (UTC)."""

    number: int
    announcement: Announcement
    topic: str
    created: datetime
    attempts: int
    due: datetime


class Outbox:
    """The outbox as one thread sees it: its ``connection`` is used by that thread only.

    Each method is one statement, or is called inside a transaction of the connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, announcement: Announcement, channel: str, topic: str, at: datetime) -> None:
        """Let ``announcement`` wait for ``channel``; once, however often it is put."""
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox (announcement, channel, topic, created)"
            " VALUES (?, ?, ?, ?)",
            (announcement.id, channel, topic, at.timestamp()),
        )

    def first(self, channel: str) -> tuple[datetime, datetime] | None:
        """When the first in line was put, and when it is to be tried; None where nothing waits."""
        row = self._connection.execute(
            "SELECT created, due FROM outbox WHERE channel = ? ORDER BY number LIMIT 1", (channel,)
        ).fetchone()
        return None if row is None else (from_epoch(row[0]), from_epoch(row[1]))

    def waiting(
        self, channel: str, limit: int = _AT_ONCE, before: float = math.inf
    ) -> list[Waiting]:
        """What waits for a channel, put before a time (since the epoch), the oldest first."""
        rows = self._connection.execute(
            "SELECT number, a.announcement, topic, created, attempts, due FROM outbox"
            " JOIN announcements a ON a.id = outbox.announcement"
            " WHERE channel = ? AND created < ? ORDER BY number LIMIT ?",
            (channel, before, limit),
        )
        return [
            Waiting(
                number, _decoder.decode(text), topic, from_epoch(created), attempts, from_epoch(due)
            )
            for number, text, topic, created, attempts, due in rows
        ]

    def done(
        self,
        messages: Iterable[Waiting],
        channel: str,
        result: Result,
        at: datetime,
        detail: str = "",
    ) -> None:
        """Messages need not wait any longer."""
        for message in messages:
            self.note(message.announcement.id, channel, message.topic, result, at, detail)
            self._connection.execute("DELETE FROM outbox WHERE number = ?", (message.number,))

    def note(
        self, announcement: str, channel: str, topic: str, result: Result, at: datetime, detail: str
    ) -> None:
        """Write down what became of an announcement on a channel."""
        self._connection.execute(
            "INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?)",
            (announcement, channel, topic, at.timestamp(), result, detail[:500]),
        )

    def result(self, announcement: str, channel: str, topic: str) -> str | None:
        """What became of an announcement on a channel; None while it waits."""
        row = self._connection.execute(
            "SELECT result FROM deliveries WHERE announcement = ? AND channel = ? AND topic = ?",
            (announcement, channel, topic),
        ).fetchone()
        return None if row is None else str(row[0])

    def later(self, messages: Sequence[Waiting], due: datetime) -> None:
        """An attempt failed; the next one is not before ``due``."""
        self._connection.executemany(
            "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE number = ?",
            [(due.timestamp(), message.number) for message in messages],
        )

    def overdue(self, channel: str, now: datetime) -> list[Waiting]:
        """Some of the messages that stand before the newest ``MOST``, or have waited too long."""
        surplus = min(_AT_ONCE, max(0, self.count(channel) - MOST))
        return self.waiting(channel, surplus) or self.waiting(
            channel, before=now.timestamp() - OLDEST
        )

    def count(self, channel: str) -> int:
        """How many messages wait for a channel."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM outbox WHERE channel = ?", (channel,)
        ).fetchone()
        return int(count)

    def channels(self) -> list[str]:
        """Channels that something waits for."""
        rows = self._connection.execute("SELECT DISTINCT channel FROM outbox ORDER BY channel")
        return [channel for (channel,) in rows]


_decoder = msgspec.json.Decoder(Announcement)

"""Messages on their way: kept until each channel has them, in order, bounded in number and age."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from trailwarden.monitor.announcement import Announcement
from trailwarden.times import from_epoch
from trailwarden.watch.state.damage import damaged, decoded

MOST = 10_000  # messages waiting for one channel; older ones are given up, loudly
_AT_ONCE = 500  # messages that are looked at together
OLDEST = 3 * 86_400.0  # seconds after which one that fails is given up
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

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

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
        return None if row is None else (self._time(row[0]), self._time(row[1]))

    def waiting(self, channel: str, limit: int = _AT_ONCE) -> list[Waiting]:
        """What waits for a channel, the oldest first."""
        rows = self._connection.execute(
            "SELECT number, a.announcement, a.seal, topic, created, attempts, due FROM outbox"
            " LEFT JOIN announcements a ON a.id = outbox.announcement"
            " WHERE channel = ? ORDER BY number LIMIT ?",
            (channel, limit),
        )
        return [
            Waiting(
                number=number,
                announcement=announcement_of(self._path, text, checksum),
                topic=topic,
                created=self._time(created),
                attempts=attempts,
                due=self._time(due),
            )
            for number, text, checksum, topic, created, attempts, due in rows
        ]

    def _time(self, seconds: float) -> datetime:
        try:
            return from_epoch(seconds)
        except (ValueError, OverflowError, OSError):
            raise damaged(self._path, "the time of a message cannot be read") from None

    def check(self) -> None:
        """Read all that waits. Raises StateError where something of it is damaged."""
        for channel in self.channels():
            number = 0
            while some := self._rows(channel, after=number):
                number = some[-1][0]
                for _, text, checksum, created, due in some:
                    announcement_of(self._path, text, checksum)
                    self._time(created)
                    self._time(due)

    def _rows(self, channel: str, *, after: int) -> list[tuple[int, bytes, int, float, float]]:
        return self._connection.execute(
            "SELECT number, a.announcement, a.seal, created, due FROM outbox"
            " LEFT JOIN announcements a ON a.id = outbox.announcement"
            " WHERE channel = ? AND number > ? ORDER BY number LIMIT ?",
            (channel, after, _AT_ONCE),
        ).fetchall()

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

    def surplus(self, channel: str) -> list[Waiting]:
        """Some of the messages that stand before the newest ``MOST``."""
        return self.waiting(channel, min(_AT_ONCE, max(0, self.count(channel) - MOST)))

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


def announcement_of(path: Path, text: object, checksum: object) -> Announcement:
    """An announcement as the database at ``path`` holds it. Raises StateError."""
    return decoded(path, "a message", text, checksum, _decoder)


_decoder = msgspec.json.Decoder(Announcement)

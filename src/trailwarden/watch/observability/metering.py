"""What a watch tells its metrics, and what takes it where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, Protocol

from trailwarden.alarms import State
from trailwarden.monitor.announcement import Kind

DeliveryResult = Literal["delivered", "retried", "failed", "muted"]


class Metering(Protocol):
    """Called from any thread. Each method is named by what happened, and never raises.

    ``source``, ``filter_name``, ``alarm`` and ``channel`` are names from the settings and the
    stack, never text from a log. Times are UTC, durations seconds, sizes bytes.
    """

    def declare(
        self,
        *,
        sources: Iterable[str] = (),
        filters: Iterable[str] = (),
        alarms: Iterable[str] = (),
        channels: Iterable[str] = (),
    ) -> None:
        """Name all that will be counted, so that it can be seen to be zero before it happens."""

    def batch(
        self,
        source: str,
        *,
        records: int = 0,
        duplicates: int = 0,
        files: int = 0,
        size: int = 0,
    ) -> None:
        """A portion is safe: so many new records, duplicates, files, and bytes as stored."""

    def matched(self, filter_name: str, count: int = 1) -> None:
        """Records matched a metric filter."""

    def late(self, records: int, matches: Mapping[str, int]) -> None:
        """Records came after their minute was decided (W-13); ``matches`` of them per filter."""

    def transition(self, alarm: str, to: State) -> None:
        """An alarm changed its state."""

    def alarm_state(self, alarm: str, state: State) -> None:
        """An alarm is in this state, without a change: it was so before a restart."""

    def announcement(self, kind: Kind) -> None:
        """Something was put down to be told."""

    def delivery(self, channel: str, result: DeliveryResult, seconds: float | None = None) -> None:
        """An attempt to tell ended so, after ``seconds``; one that was muted takes none."""

    def problem(self, source: str, code: str, count: int = 1) -> None:
        """Something could not be used. ``source`` is the source's name, not the file's."""

    def watermark(self, at: datetime) -> None:
        """All before this time is decided."""

    def drained(self, source: str, at: datetime) -> None:
        """All that the source held at this time has been read."""

    def outbox(self, channel: str, messages: int, oldest: datetime | None) -> None:
        """So many messages wait for a channel, the oldest since ``oldest``."""

    def queue(self, portions: int) -> None:
        """So many portions wait to be read."""

    def database(self, size: int) -> None:
        """So large is the database."""

    def decided(self, seconds: float) -> None:
        """From the arrival of a portion to what it decides took so long."""

    def exposition(self) -> bytes | None:
        """All of it in Prometheus's text format (0.0.4); None where nothing is measured."""


class NoMetrics:
    """Takes everything, keeps nothing."""

    def declare(
        self,
        *,
        sources: Iterable[str] = (),
        filters: Iterable[str] = (),
        alarms: Iterable[str] = (),
        channels: Iterable[str] = (),
    ) -> None:
        pass

    def batch(
        self,
        source: str,
        *,
        records: int = 0,
        duplicates: int = 0,
        files: int = 0,
        size: int = 0,
    ) -> None:
        pass

    def matched(self, filter_name: str, count: int = 1) -> None:
        pass

    def late(self, records: int, matches: Mapping[str, int]) -> None:
        pass

    def transition(self, alarm: str, to: State) -> None:
        pass

    def alarm_state(self, alarm: str, state: State) -> None:
        pass

    def announcement(self, kind: Kind) -> None:
        pass

    def delivery(self, channel: str, result: DeliveryResult, seconds: float | None = None) -> None:
        pass

    def problem(self, source: str, code: str, count: int = 1) -> None:
        pass

    def watermark(self, at: datetime) -> None:
        pass

    def drained(self, source: str, at: datetime) -> None:
        pass

    def outbox(self, channel: str, messages: int, oldest: datetime | None) -> None:
        pass

    def queue(self, portions: int) -> None:
        pass

    def database(self, size: int) -> None:
        pass

    def decided(self, seconds: float) -> None:
        pass

    def exposition(self) -> bytes | None:
        return None

"""What a watch lets others see of its work: logs, metrics and tests are observers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from trailwarden.alarms import State
from trailwarden.monitor.outcome import Transition
from trailwarden.watch.desk import Taken, Told
from trailwarden.watch.portion import Trouble


class Observer(Protocol):
    """Is told what happened. Its methods are called from several threads and must not raise."""

    def taken(self, taken: Taken, seconds: float) -> None:
        """A portion was taken; ``seconds`` since it was handed over."""

    def told(self, told: Told) -> None:
        """Something is to be told, and was written down."""

    def changed(self, alarm: str, transition: Transition) -> None:
        """A change of state was decided."""

    def progress(
        self, states: Mapping[str, State], decided: int | None, waiting: int, size: int
    ) -> None:
        """The alarms' states, the first minute not decided, portions that wait, bytes of state."""

    def drained(self, source: str, at: datetime) -> None:
        """All that ``source`` held at ``at`` was taken."""

    def trouble(self, trouble: Trouble) -> None:
        """A source could not read something."""

    def storage(self, problem: str | None) -> None:
        """The database refuses to store, or (None) works again."""

    def delivered(self, channel: str, messages: int, seconds: float) -> None:
        """A message for so many announcements was handed over."""

    def undelivered(self, channel: str, messages: int, why: str, retry: float | None) -> None:
        """It was not; another attempt follows after ``retry`` seconds, None for never."""

    def outbox(self, channel: str, waiting: int, oldest: datetime | None) -> None:
        """How many announcements wait for a channel, and since when the oldest does."""

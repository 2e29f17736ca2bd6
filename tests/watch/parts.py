"""Simple parts for a watch under test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from tests.records import START, alarm, log_file, metric_filter, stack
from trailwarden.errors import DeliveryError
from trailwarden.monitor.announcement import Announcement
from trailwarden.watch import Database, Destination, Ready, Waiting, Watch, WatchOptions
from trailwarden.watch.portion import Drained, Memory, Offer, Portion, Trouble

STACK = stack([metric_filter(name="stops", default=0.0)], [alarm(alarm_actions=("arn:t",))])


def portion(items: list[dict[str, Any]], key: str, **fields: Any) -> Portion:
    """A log file with ``items``."""
    return Portion("list", key, "1", f"{key}.json", log_file(items), **fields)


class Listed:
    """A source of portions that a test made."""

    name = "list"

    def __init__(self, *offers: Offer, at: datetime | None = None, stays: bool = False) -> None:
        self.offers = list(offers)
        self.at = at or START + timedelta(hours=2)
        self.stays = stays

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        for offer in self.offers:
            if isinstance(offer, Portion) and memory.is_taken(self.name, offer.key, offer.version):
                continue
            put(offer)
        if not any(isinstance(offer, Trouble) and not offer.lasting for offer in self.offers):
            put(Drained(self.name, self.at))
        if self.stays:
            stop.wait()


@dataclass
class Recording:
    """A postman who writes down what he brings; ``failures`` come first, one per attempt."""

    name: str = "people"
    failures: list[DeliveryError] = field(default_factory=list)
    sent: list[Announcement] = field(default_factory=list)
    attempts: int = 0
    pauses: float = 0.01

    def ready(self, waiting: Sequence[Waiting], now: datetime) -> Ready:
        del now
        return Ready([[message] for message in waiting])

    def send(self, group: Sequence[Waiting]) -> None:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        self.sent += [message.announcement for message in group]

    def pause(self, attempts: int) -> float:
        del attempts
        return self.pauses

    def close(self) -> None:
        """Nothing to close."""


class Quiet:
    """An observer that remembers the names of what it was told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        def note(*arguments: Any) -> None:
            self.seen.append((name, arguments))

        return note

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for seen, arguments in self.seen if seen == name]


def people(announcement: Announcement, now: datetime) -> list[Destination]:
    """Everything goes to one channel."""
    del now
    return [Destination(topic, "people") for topic in announcement.topics]


def watched(
    home: Path, *sources: Any, postman: Recording | None = None, **options: Any
) -> tuple[Watch, Recording, Quiet]:
    """Run a watch to its end (``once``); returns it with its postman and observer."""
    postman, observer = postman or Recording(), Quiet()
    with Database(home) as database:
        watch = Watch(
            options.pop("of", STACK),
            sources,
            database,
            route=options.pop("route", people),
            repeats=options.pop("repeats", {}),
            clock=options.pop("clock", lambda: datetime.now(UTC)),
            postmen=[postman],
            observer=observer,
            options=WatchOptions(once=True, **options),
        )
        watch.run()
    return watch, postman, observer

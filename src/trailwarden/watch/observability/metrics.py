"""The metrics of a watch, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import trailwarden
from trailwarden.alarms import State
from trailwarden.monitor.announcement import Kind
from trailwarden.watch.observability.bounded import Bounded
from trailwarden.watch.observability.families import BUCKETS, COUNTERS, GAUGES, HISTOGRAMS
from trailwarden.watch.observability.metering import DeliveryResult, Metering, NoMetrics

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

_STATE_VALUES: Mapping[State, int] = {"OK": 0, "ALARM": 1, "INSUFFICIENT_DATA": -1}
_MOST_OF_SETTINGS, _MOST_OF_STACK, _MOST_CODES = 1_000, 20_000, 200


def open_metrics() -> Metering:
    """Metrics for Prometheus, or none where prometheus-client is not installed."""
    try:
        return Metrics()
    except ImportError:
        return NoMetrics()


def _now() -> datetime:
    return datetime.now(UTC)


class Metrics:
    """Counts what happens in a registry of its own. See :class:`Metering` for the methods.

    ``clock`` tells the time (UTC). Raises ImportError where prometheus-client is missing.
    """

    def __init__(self, *, clock: Callable[[], datetime] = _now) -> None:
        from prometheus_client import (  # noqa: PLC0415 - an extra, and slow to import
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            Info,
        )

        self._clock = clock
        self._registry = CollectorRegistry()
        named: dict[str, Any] = {"namespace": "trailwarden", "registry": self._registry}
        self._counters = {name: Counter(name, *about, **named) for name, about in COUNTERS.items()}
        self._gauges = {name: Gauge(name, *about, **named) for name, about in GAUGES.items()}
        self._histograms = {
            name: Histogram(name, *about, buckets=BUCKETS, **named)
            for name, about in HISTOGRAMS.items()
        }
        build = Info("build", "What runs here.", **named)
        build.info({"version": trailwarden.__version__})
        # 0 would be a time, and a frightening one.
        self._gauges["watermark_timestamp_seconds"].set(float("nan"))
        self._source, self._channel = Bounded(_MOST_OF_SETTINGS), Bounded(_MOST_OF_SETTINGS)
        self._alarm, self._filter = Bounded(_MOST_OF_STACK), Bounded(_MOST_OF_STACK)
        self._code = Bounded(_MOST_CODES)

    def declare(
        self,
        *,
        sources: Iterable[str] = (),
        filters: Iterable[str] = (),
        alarms: Iterable[str] = (),
        channels: Iterable[str] = (),
    ) -> None:
        for source in sources:
            self.batch(source)
        for filter_name in filters:
            self.matched(filter_name, 0)
            self.late(0, {filter_name: 0})
        for alarm in alarms:
            for state in _STATE_VALUES:
                self._count("transitions", 0, self._alarm(alarm), state)
        for channel in channels:
            for result in get_args(DeliveryResult):
                self._count("deliveries", 0, self._channel(channel), result)
            self.outbox(channel, 0, None)
        for kind in get_args(Kind):
            self._count("announcements", 0, kind)

    def batch(
        self,
        source: str,
        *,
        records: int = 0,
        duplicates: int = 0,
        files: int = 0,
        size: int = 0,
    ) -> None:
        name = self._source(source)
        self._count("records", records, name)
        self._count("files", files, name)
        self._count("duplicates", duplicates)
        self._count("bytes", size)

    def matched(self, filter_name: str, count: int = 1) -> None:
        self._count("matches", count, self._filter(filter_name))

    def late(self, records: int, matches: Mapping[str, int]) -> None:
        self._count("late_records", records)
        for filter_name, count in matches.items():
            self._count("late_matches", count, self._filter(filter_name))

    def transition(self, alarm: str, to: State) -> None:
        self._count("transitions", 1, self._alarm(alarm), to)
        self.alarm_state(alarm, to)

    def alarm_state(self, alarm: str, state: State) -> None:
        self._gauges["alarm_state"].labels(self._alarm(alarm)).set(_STATE_VALUES[state])

    def announcement(self, kind: Kind) -> None:
        self._count("announcements", 1, kind)

    def delivery(self, channel: str, result: DeliveryResult, seconds: float | None = None) -> None:
        name = self._channel(channel)
        self._count("deliveries", 1, name, result)
        if seconds is not None:
            self._histograms["delivery_seconds"].labels(name).observe(max(0.0, seconds))

    def problem(self, source: str, code: str, count: int = 1) -> None:
        self._count("problems", count, self._source(source), self._code(code))

    def watermark(self, at: datetime) -> None:
        self._gauges["watermark_timestamp_seconds"].set(at.timestamp())

    def drained(self, source: str, at: datetime) -> None:
        gauge = self._gauges["source_drained_timestamp_seconds"]
        gauge.labels(self._source(source)).set(at.timestamp())

    def outbox(self, channel: str, messages: int, oldest: datetime | None) -> None:
        name = self._channel(channel)
        self._gauges["outbox_messages"].labels(name).set(messages)
        # Asked anew at each look: the age must grow even if nothing calls here any more.
        age = self._gauges["outbox_oldest_seconds"].labels(name)
        age.set_function(lambda: self._age(oldest))

    def queue(self, portions: int) -> None:
        self._gauges["queue_portions"].set(portions)

    def database(self, size: int) -> None:
        self._gauges["state_database_bytes"].set(size)

    def decided(self, seconds: float) -> None:
        # A clock that was set back must not make time negative.
        self._histograms["arrival_to_decision_seconds"].observe(max(0.0, seconds))

    def exposition(self) -> bytes:
        from prometheus_client import generate_latest  # noqa: PLC0415 - an extra

        return generate_latest(_WithoutCreated(self._registry))

    def _count(self, name: str, amount: int, *labels: str) -> None:
        counter = self._counters[name]
        (counter.labels(*labels) if labels else counter).inc(amount)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._clock() - since).total_seconds())


class _WithoutCreated:
    """A registry without the ``_created`` series, which double the text and tell nothing here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [s for s in metric.samples if not s.name.endswith("_created")]
            yield metric

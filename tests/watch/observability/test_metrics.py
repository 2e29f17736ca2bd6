"""Metrics, read back by Prometheus's own parser."""

from __future__ import annotations

import inspect
import math
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from trailwarden import __version__
from trailwarden.watch.observability import Metering, Metrics, NoMetrics, open_metrics
from trailwarden.watch.observability.bounded import OTHER, Bounded

NOON = datetime(2025, 3, 7, 12, tzinfo=UTC)


def shown(metrics: Metering) -> dict[tuple[str, ...], float]:
    """(name, label values in the order of their names…) → value."""
    text = metrics.exposition()
    assert text is not None
    return {
        (
            sample.name.removeprefix("trailwarden_"),
            *(v for _, v in sorted(sample.labels.items())),
        ): (sample.value)
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_what_happened_is_counted() -> None:
    metrics = Metrics()
    metrics.batch("logs", records=10, duplicates=2, files=1, size=500)
    metrics.batch("logs", records=5)
    metrics.matched("root", 3)
    metrics.late(4, {"root": 1})
    metrics.transition("root-usage", "ALARM")
    metrics.announcement("late-match")
    metrics.delivery("mail", "retried", 0.3)
    metrics.delivery("mail", "muted")
    metrics.problem("logs", "truncated-gzip", 2)
    metrics.watermark(NOON)
    metrics.drained("logs", NOON)
    metrics.queue(7)
    metrics.database(4096)
    metrics.decided(0.02)
    values = shown(metrics)
    assert {key: values[key] for key in values if values[key] and "_bucket" not in key[0]} == {
        ("records_total", "logs"): 15,
        ("duplicates_total",): 2,
        ("files_total", "logs"): 1,
        ("bytes_total",): 500,
        ("matches_total", "root"): 3,
        ("late_records_total",): 4,
        ("late_matches_total", "root"): 1,
        ("transitions_total", "root-usage", "ALARM"): 1,
        ("alarm_state", "root-usage"): 1,
        ("announcements_total", "late-match"): 1,
        ("deliveries_total", "mail", "retried"): 1,
        ("deliveries_total", "mail", "muted"): 1,
        ("problems_total", "truncated-gzip", "logs"): 2,
        ("watermark_timestamp_seconds",): NOON.timestamp(),
        ("source_drained_timestamp_seconds", "logs"): NOON.timestamp(),
        ("queue_portions",): 7,
        ("state_database_bytes",): 4096,
        ("arrival_to_decision_seconds_count",): 1,
        ("arrival_to_decision_seconds_sum",): 0.02,
        ("delivery_seconds_count", "mail"): 1,
        ("delivery_seconds_sum", "mail"): 0.3,
        ("build_info", __version__): 1,
    }
    assert values["arrival_to_decision_seconds_bucket", "0.01"] == 0
    assert values["arrival_to_decision_seconds_bucket", "0.025"] == 1
    assert ("arrival_to_decision_seconds_bucket", "60.0") in values


def test_each_state_has_its_number() -> None:
    metrics = Metrics()
    numbers = []
    for state in ("OK", "ALARM", "INSUFFICIENT_DATA"):
        metrics.alarm_state("a", state)
        numbers.append(shown(metrics)["alarm_state", "a"])
    assert numbers == [0, 1, -1]
    assert ("transitions_total", "a", "OK") not in shown(metrics)


def test_what_is_declared_is_zero_before_it_happens() -> None:
    metrics = Metrics()
    metrics.declare(sources=["s"], filters=["f"], alarms=["a"], channels=["c"])
    values = shown(metrics)
    for key in [
        ("records_total", "s"),
        ("matches_total", "f"),
        ("late_matches_total", "f"),
        ("transitions_total", "a", "ALARM"),
        ("deliveries_total", "c", "failed"),
        ("outbox_messages", "c"),
        ("outbox_oldest_seconds", "c"),
        ("announcements_total", "transition"),
    ]:
        assert values[key] == 0
    assert math.isnan(values["watermark_timestamp_seconds",])


def test_the_oldest_message_grows_older_by_itself() -> None:
    now = NOON
    metrics = Metrics(clock=lambda: now)
    metrics.outbox("mail", 2, NOON - timedelta(minutes=1))
    assert shown(metrics)["outbox_oldest_seconds", "mail"] == 60
    now += timedelta(minutes=1)
    assert shown(metrics)["outbox_oldest_seconds", "mail"] == 120
    metrics.outbox("mail", 0, None)
    assert shown(metrics)["outbox_oldest_seconds", "mail"] == 0
    assert shown(metrics)["outbox_messages", "mail"] == 0


def test_a_clock_set_back_makes_no_negative_times() -> None:
    metrics = Metrics(clock=lambda: NOON)
    metrics.decided(-5)
    metrics.delivery("mail", "delivered", -1)
    metrics.outbox("mail", 1, NOON + timedelta(hours=1))
    values = shown(metrics)
    assert values["arrival_to_decision_seconds_sum",] == 0
    assert values["delivery_seconds_sum", "mail"] == 0
    assert values["outbox_oldest_seconds", "mail"] == 0


@given(st.text(st.characters()))
def test_any_name_gives_text_that_can_be_read(name: str) -> None:
    metrics = Metrics()
    metrics.matched(name, 2)
    text = metrics.exposition().decode()
    assert [line for line in text.splitlines() if line.startswith("trailwarden_matches_total")]
    assert [v for k, v in shown(metrics).items() if k[0] == "matches_total"] == [2]


def test_label_values_are_bounded_in_number_and_length() -> None:
    label = Bounded(2)
    assert [label("a"), label("b" * 9999)[:3], label("c"), label("a")] == ["a", "bbb", OTHER, "a"]
    assert len(label("b" * 9999)) <= 600
    metrics = Metrics()
    for number in range(300):
        metrics.problem("s", f"code-{number}")
    assert shown(metrics)["problems_total", OTHER, "s"] == 100


def test_two_have_nothing_in_common() -> None:
    first, second = Metrics(), Metrics()
    first.database(1)
    assert shown(second)["state_database_bytes",] == 0


def test_series_of_creation_times_are_left_out() -> None:
    assert b"_created" not in Metrics().exposition()


def test_without_prometheus_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(open_metrics(), Metrics)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    metrics = open_metrics()
    assert isinstance(metrics, NoMetrics)
    metrics.batch("logs", records=1)
    assert metrics.exposition() is None


def test_both_take_the_same_calls() -> None:
    for name, method in inspect.getmembers(Metering, inspect.isfunction):
        if not name.startswith("_"):
            parameters = inspect.signature(method).parameters
            assert inspect.signature(getattr(Metrics, name)).parameters == parameters
            assert inspect.signature(getattr(NoMetrics, name)).parameters == parameters

"""When records count: eventTime, delivery, --since and --until."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.records import START, log_file, record, stack
from trailwarden.monitor import DigestReader, Timing
from trailwarden.monitor.digest import OUTSIDE, UNKNOWN_TIME, Digest
from trailwarden.times import epoch_seconds

MINUTE = epoch_seconds(START) // 60


def digest(timing: Timing, *minutes: float, delivered: float | None = None) -> Digest:
    records = [record("StopLogging", minute, number=n) for n, minute in enumerate(minutes)]
    at = None if delivered is None else START + timedelta(minutes=delivered)
    return DigestReader(stack().metric_filters, timing).digest(log_file(records), "a.json", at)


def minutes(found: Digest) -> list[int]:
    return [m - MINUTE if m >= 0 else m for m in found.minute_array()]


def test_event_clock() -> None:
    found = digest(Timing(), 0, 2.9, delivered=9)
    assert minutes(found) == [0, 2]
    assert (found.first, found.last) == (MINUTE * 60, MINUTE * 60 + 174)


def test_delivery_clock_moves_all_records_of_a_file() -> None:
    found = digest(Timing("delivery"), 0, 2.9, delivered=9)
    assert minutes(found) == [9, 9]
    assert [hit.second // 60 - MINUTE for hit in found.hits] == [9, 9]
    # Duplicates are found by eventTime, whichever clock counts.
    assert [m - MINUTE for m in found.event_minute_array()] == [0, 2]


def test_delivery_clock_without_a_delivery_time_says_so_and_uses_event_time() -> None:
    found = digest(Timing("delivery"), 0, 3)
    assert minutes(found) == [0, 3]
    assert [(p.code, p.count) for p in found.problems] == [("no-delivery-time", 2)]


@pytest.mark.parametrize("clock", ["event", "delivery"])
def test_since_and_until_speak_of_event_time(clock: str) -> None:
    timing = Timing(
        "delivery" if clock == "delivery" else "event",
        START + timedelta(minutes=1),
        START + timedelta(minutes=3),
    )
    found = digest(timing, 0, 1, 2.99, 3, delivered=50)
    expected = [1, 2] if clock == "event" else [50, 50]
    assert minutes(found) == [OUTSIDE, *expected, OUTSIDE]
    assert len(found.hits) == 2
    assert [key == 0 for key in found.key_array()[0::2]] == [True, False, False, True]


@pytest.mark.parametrize(
    "odd", ["", "yesterday", None, 17, [], {}, "2024-13-01T00:00:00Z", "1890-01-01T00:00:00Z"]
)
def test_odd_event_time_counts_at_the_delivery_if_that_is_known(odd: object) -> None:
    reader = DigestReader(stack().metric_filters)
    content = log_file([record("StopLogging", eventTime=odd), record()])
    found = reader.digest(content, "a.json", START + timedelta(minutes=4))
    assert minutes(found) == [4, 0]
    assert [(p.code, p.count) for p in found.problems] == [("no-event-time", 1)]
    assert minutes(reader.digest(content, "a.json")) == [UNKNOWN_TIME, 0]


def test_a_record_without_time_is_left_out_when_a_span_is_asked_for() -> None:
    reader = DigestReader(stack().metric_filters, Timing(since=START))
    found = reader.digest(log_file([record(eventTime="?"), record()]), "a.json")
    assert minutes(found) == [OUTSIDE, 0]

"""One pass, many batches, any order, fast or plain: the same result."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from tests.records import START, alarm, log_file, metric_filter, record, stack
from trailwarden.alarms import CompositeAlarm
from trailwarden.monitor import DigestReader, Monitor, Timing, reader
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.outcome import Transition

FILTERS = [
    metric_filter(default=0.0),
    metric_filter('{ $.errorCode = "AccessDenied*" }', name="denied", metric="Denied"),
    metric_filter("{ $.userIdentity.userName = root }", name="root", metric="Root"),
    metric_filter("AccessDenied", name="term", metric="Term"),
    metric_filter(
        "{ $.eventName = Transfer }", name="sum", metric="Bytes", value="$.requestParameters.bytes"
    ),
    metric_filter(
        "{ $.sourceIPAddress != 192.0.2.7 }",
        name="where",
        metric="Where",
        dimensions=(("Who", "$.userIdentity.userName"),),
    ),
]
ALARMS = [
    alarm(period=60, evaluation_periods=3, datapoints_to_alarm=2),
    alarm("denied", "Denied", threshold=2.0),
    alarm("root", "Root", treat_missing_data="missing", period=60),
    alarm("term", "Term", statistic="SampleCount", treat_missing_data="ignore"),
    alarm("bytes", "Bytes", statistic=None, extended_statistic="p90", threshold=50.0),
    alarm("alice", "Where", dimensions=(("Who", "alice"),)),
]
STACK = stack(FILTERS, ALARMS, [CompositeAlarm("any", "ALARM(denied) OR ALARM(root)")])

records = st.lists(
    st.builds(
        record,
        st.sampled_from(["StopLogging", "Transfer", "DescribeInstances"]),
        st.integers(0, 60 * 50).map(lambda minute: minute / 10),
        user=st.sampled_from(["alice", "root", "eve"]),
        number=st.integers(0, 10**9),
        errorCode=st.sampled_from([None, "AccessDenied", "AccessDeniedException", 1.0, True]),
        sourceIPAddress=st.sampled_from(["192.0.2.7", "203.0.113.1", 7]),
        requestParameters=st.sampled_from([None, {"bytes": 7}, {"bytes": "99.5"}, {"bytes": []}]),
    ),
    max_size=40,
)


def digest(items: list[dict[str, Any]], *, plain: bool = False) -> Digest:
    return DigestReader(FILTERS, plain=plain).digest(log_file(items), "a.json")


def outcome(batches: list[list[dict[str, Any]]], *, plain: bool = False) -> Any:
    monitor = Monitor(STACK)
    for batch in batches:
        monitor.observe(digest(batch, plain=plain))
    monitor.finish()
    return (
        monitor.events,
        monitor.filter_outcomes(),
        monitor.alarm_outcomes(),
        monitor.gaps,
        monitor.silent_minutes,
    )


@given(records, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_batches_in_any_order_give_the_result_of_one_pass(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    expected = outcome([items])
    shuffled = items.copy()
    rng.shuffle(shuffled)
    batches: list[list[dict[str, Any]]] = [[]]
    for item in shuffled:
        if rng.random() < 0.3:
            batches.append([])
        batches[-1].append(item)
    assert outcome(batches) == expected


@given(records)
@settings(max_examples=60, deadline=None)
def test_fast_way_equals_plain_way(items: list[dict[str, Any]]) -> None:
    assert digest(items) == digest(items, plain=True)


def as_told(transition: Transition) -> Transition:
    """What of it is known at its time."""
    return replace(
        transition, events=(), event_count=0, principals=(), event_names=(), newcomers=()
    )


@given(records, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_advancing_minute_by_minute_gives_the_transitions_of_one_pass(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    # The continuous run of the same records, in the order of time, is the backtest (rule W-14).
    items = sorted(items, key=lambda item: item["eventTime"])
    expected = outcome([items])[2]
    monitor = Monitor(STACK)
    told: list[Any] = []
    for item in items:
        one = digest([item])
        if rng.random() < 0.5:
            told += monitor.advance(one.minute_array()[0])
        monitor.observe(one)
    monitor.finish()
    found = monitor.alarm_outcomes()
    assert [(o.name, o.state, o.transitions) for o in found] == [
        (o.name, o.state, o.transitions) for o in expected
    ]
    # What matched until its stretch ended belongs to an ALARM as well, once that is known.
    transitions = {o.name: [as_told(t) for t in o.transitions] for o in found}
    for name, transition in told:
        assert as_told(transition) in transitions[name]


@given(records)
@settings(max_examples=30)
def test_blocks_of_the_plain_way_add_up(items: list[dict[str, Any]]) -> None:
    expected = digest(items, plain=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_BLOCK", 7)
        assert digest(items, plain=True) == expected


@pytest.mark.parametrize("clock", ["event", "delivery"])
def test_blocks_with_problems_and_deliveries_add_up(clock: Literal["event", "delivery"]) -> None:
    items = [record("StopLogging", n, eventTime="?" if n % 3 else "") for n in range(9)]
    items[4] = record("StopLogging", 400)
    timing = Timing(clock, since=START - timedelta(days=1))
    payload = "\n".join(json.dumps(item) for item in items).encode()
    expected = DigestReader(FILTERS, timing).digest(payload, "a.json", START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_BLOCK", 2)
        assert DigestReader(FILTERS, timing).digest(payload, "a.json", START) == expected


def test_filters_of_one_pattern_match_alike() -> None:
    twins = [*FILTERS, *FILTERS[:2]]
    items = [record("StopLogging"), record(errorCode="AccessDenied"), record("Other")]
    found = DigestReader(twins).digest(log_file(items), "a.json")
    numbers = [set(hit.filters) for hit in found.hits]
    assert numbers == [{0, 6}, {1, 3, 7}]
    assert found == DigestReader(twins, plain=True).digest(log_file(items), "a.json")


def test_digest_survives_the_way_to_another_process() -> None:
    items = [record("StopLogging"), record(errorCode="AccessDenied")]
    found = digest(items)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Digest) == found


def test_odd_layout_goes_the_plain_way_with_the_same_result() -> None:
    items = [record("StopLogging", 3), record(errorCode="AccessDenied")]
    expected = digest(items)
    text = json.dumps({"Extra": [1], "Records": items}, indent=3).encode()
    spaced = DigestReader(FILTERS).digest(text, "a.json")
    assert [hit.filters for hit in spaced.hits] == [hit.filters for hit in expected.hits]
    assert (spaced.keys, spaced.minutes) == (expected.keys, expected.minutes)


def test_a_file_of_millions_of_tiny_objects_is_read() -> None:
    real = record("StopLogging", 3)
    payload = b'{"Records":[' + b"{}, " * 2_100_000 + json.dumps(real).encode() + b"]}"
    found = DigestReader(FILTERS).digest(payload, "a.json")
    assert [one.code for one in found.problems] == ["no-event-time"]  # of the empty ones
    assert sum(count for _, count in found.counts) == 2_100_001
    assert [hit.filters for hit in found.hits] == [(0,)]
    assert len(found.minutes) < 100  # of what holds nothing, only the number stays

"""The engine's small parts: counts per minute, samples of events, tallies, charts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.records import START, alarm
from trailwarden.alarms import StatisticSet
from trailwarden.monitor import tally as tally_module
from trailwarden.monitor.chart import MAX_POINTS, Chart
from trailwarden.monitor.digest import UNNAMED
from trailwarden.monitor.minutes import MINUTES_PER_DAY, MinuteCounts
from trailwarden.monitor.outcome import Event
from trailwarden.monitor.samples import EventSamples
from trailwarden.monitor.tally import OTHERS, FilterTally
from trailwarden.times import epoch_seconds

EVENT = Event(
    event_id="1",
    event_time=START,
    event_name="StopLogging",
    event_source="cloudtrail.amazonaws.com",
    account="111122223333",
    region="us-east-1",
    principal="alice",
    principal_kind="IAMUser",
    source_ip="192.0.2.7",
    user_agent="",
    error_code="",
    read_only=False,
    source="a.json",
    raw="{}",
)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 9)), max_size=300))
def test_minute_counts_equal_a_dict(additions: list[tuple[int, int]]) -> None:
    counts, expected = MinuteCounts(), dict[int, int]()
    for minute, count in additions:
        counts.add(minute, count)
        expected[minute] = expected.get(minute, 0) + count
    assert dict(counts) == expected
    assert list(counts) == sorted(expected.items())
    assert counts.days() == sorted({minute // MINUTES_PER_DAY for minute in expected})
    assert all(counts[minute] == expected.get(minute, 0) for minute in range(0, 5000, 37))


def test_minute_counts_forget_a_day() -> None:
    counts = MinuteCounts()
    counts.add(1)
    counts.add(MINUTES_PER_DAY)
    counts.drop_day(0)
    assert list(counts) == [(MINUTES_PER_DAY, 1)]


def offered(samples: EventSamples, order: list[int]) -> EventSamples:
    for number in order:
        event = replace(EVENT, event_id=f"{number:04}", event_time=START + timedelta(0, number))
        samples.add(number % 3, number // 60, event)
    return samples


@pytest.mark.parametrize("budget", [1 << 30, 100_000, 30_000, 5_000])
def test_choice_of_events_does_not_depend_on_their_order(budget: int) -> None:
    order = list(range(600))
    expected = offered(EventSamples(budget), order)
    for seed in range(5):
        random.Random(seed).shuffle(order)
        found = offered(EventSamples(budget), order)
        for number in range(3):
            assert found.find(number, 0, 10) == expected.find(number, 0, 10)
    assert expected.find(0, 0, 10)  # something is kept whatever the budget


def test_choice_prefers_the_earliest_and_keeps_to_the_window() -> None:
    samples = offered(EventSamples(), list(range(600)))
    found = [event.event_id for event in samples.find(0, 1, 2).values()]
    assert found == [f"{number:04}" for number in range(60, 120, 3)]


def test_tally_knows_who_matched_when() -> None:
    tally = FilterTally()
    for second, who in [(0, "a"), (61, "b"), (62, "b"), (400, "a")]:
        tally.add(second, who)
    assert (tally.matches, tally.first, tally.last) == (4, 0, 400)
    assert tally.count_in(0, 2) == 3
    assert tally.doings_in(0, 2) == {("a", UNNAMED): 1, ("b", UNNAMED): 2}
    assert [(p.principal, p.count) for p in tally.principals()] == [("a", 2), ("b", 2)]


def test_tally_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "MAX_PRINCIPALS", 10)
    monkeypatch.setattr(tally_module, "MAX_DETAILS", 15)
    tally = FilterTally()
    for number in range(100):
        tally.add(number, f"p{number:02}")
    counts = {p.principal: p.count for p in tally.principals()}
    assert sum(counts.values()) == tally.matches == 100
    assert counts[OTHERS] == 90
    assert tally.principals_cut


def test_chart_keeps_every_breach_however_long_the_span() -> None:
    chart = Chart(alarm())
    start = epoch_seconds(START) // 60
    for step in range(5 * MAX_POINTS):
        samples = StatisticSet()
        samples.add(7.0 if step == 4321 else 0.0)
        chart.add(start + 5 * step, samples)
        chart.close(start + 5 * step)
    points, width = chart.drawn()
    assert len(points) <= MAX_POINTS
    assert width == 300 * 8
    assert sum(point.value == 7.0 for point in points) == 1


def test_chart_of_a_low_threshold_keeps_the_lowest() -> None:
    chart = Chart(alarm(comparison_operator="LessThanThreshold"))
    for step in range(2 * MAX_POINTS):
        samples = StatisticSet()
        samples.add(0.0 if step == 9 else 5.0)
        chart.add(5 * step, samples)
    points, _ = chart.drawn()
    assert min(point.value for point in points) == 0.0

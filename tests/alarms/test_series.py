"""The evaluator that skips over silence finds what one finds that looks at every minute."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alarms import naive
from trailwarden.alarms import (
    AlarmRun,
    MetricAlarm,
    SeriesEvaluator,
    State,
    StatisticSet,
    WallClockWindow,
    range_minutes,
)
from trailwarden.times import from_epoch

MIDNIGHT = 1_700_006_400 // 60
OPERATORS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)
STATES: tuple[State, ...] = ("OK", "ALARM", "INSUFFICIENT_DATA")
# Few different values, so that they meet the threshold; 0.1 has no exact multiples.
VALUES = st.sampled_from([0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 3.0, 0.1, 0.7, -1.0, 0.30000000000000004])


@st.composite
def alarms(draw: st.DrawFn, *, longest: int = 900) -> MetricAlarm:
    name = draw(st.sampled_from([*naive.SIMPLE, *naive.OF_VALUES]))
    periods = draw(st.integers(1, 5))
    return MetricAlarm(
        alarm_name="alarm",
        statistic=name if name in naive.SIMPLE else None,
        extended_statistic=name if name in naive.OF_VALUES else None,
        period=draw(st.sampled_from([p for p in (10, 30, 60, 120, 300, 900) if p <= longest])),
        evaluation_periods=periods,
        datapoints_to_alarm=draw(st.none() | st.integers(1, periods)),
        threshold=draw(st.sampled_from([0.0, 0.1, 1.0, 2.0, 3.0, 50.0])),
        comparison_operator=draw(st.sampled_from(OPERATORS)),
        treat_missing_data=draw(
            st.sampled_from(["breaching", "notBreaching", "ignore", "missing", None])
        ),
        evaluate_low_sample_count_percentile=draw(st.sampled_from([None, "evaluate", "ignore"])),
        evaluation_range=draw(st.sampled_from([None, None, periods, periods + 5])),
    )


def check(
    alarm: MetricAlarm,
    start: int,
    length: int,
    samples: list[naive.Sample],
    state: State,
    forget_at: frozenset[int] = frozenset(),
) -> list[naive.Found]:
    """Run both; ``samples`` are handed over when the time is ``seen_after``."""
    run = SeriesEvaluator(alarm, start, state)
    found = []
    for instant in sorted({s.seen_after for s in samples} | forget_at | {start + length}):
        found += run.advance(instant)
        if instant in forget_at:
            run.forget()
        at_once = [s for s in samples if s.seen_after == instant]
        for step in dict.fromkeys(s.step for s in at_once):
            together = StatisticSet(keeps_values=run.needs_values)
            for sample in at_once:
                if sample.step == step:
                    together.add(sample.value)
            run.add(step, together)
    expected = naive.changes(alarm, start, start + length, samples, state)
    seconds = run.step_seconds
    assert [
        naive.Found(
            int(change.time.timestamp()) // seconds,
            change.from_state,
            change.to_state,
            tuple(
                (int(p.start.timestamp()) // seconds, p.value, p.sample_count)
                for p in change.points
            ),
        )
        for change in found
    ] == expected
    return expected


@st.composite
def portions(draw: st.DrawFn, start: int, length: int, most: int = 40) -> list[naive.Sample]:
    """Samples before, in and after the run, known from the start or handed over late."""
    steps = st.integers(start - 30, start + length + 3)
    arrivals = st.just(start) | st.integers(start, start + length - 1)
    drawn = draw(st.lists(st.tuples(steps, VALUES, arrivals), max_size=most))
    return [naive.Sample(*sample) for sample in drawn]


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_equals_the_naive_evaluator(data: st.DataObject) -> None:
    alarm = data.draw(alarms())
    start = (MIDNIGHT if alarm.period >= 60 else MIDNIGHT * 6) + data.draw(st.integers(0, 70))
    length = data.draw(st.integers(1, 80))
    samples = data.draw(portions(start, length))
    forget_at = data.draw(st.frozensets(st.integers(start, start + length), max_size=4))
    check(alarm, start, length, samples, data.draw(st.sampled_from(STATES)), forget_at)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_steady_stretches_are_skipped_rightly(data: st.DataObject) -> None:
    """A sample of one value in nearly every minute, as a filter's default makes them."""
    alarm = data.draw(alarms(longest=300))
    start, length = MIDNIGHT * (6 if alarm.period < 60 else 1), data.draw(st.integers(20, 90))
    value = data.draw(VALUES)
    silent = data.draw(st.frozensets(st.integers(0, length), max_size=6))
    others = data.draw(portions(start, length, most=3))
    samples = [
        naive.Sample(start + step, value, start) for step in range(length) if step not in silent
    ]
    check(alarm, start, length, samples + others, "INSUFFICIENT_DATA")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_stretches_that_only_look_steady(data: st.DataObject) -> None:
    """Minutes with one value, with the same value often, with another beside it, with none."""
    name = data.draw(st.sampled_from(["Minimum", "Maximum", "Average", "p50", "p100", "wm60"]))
    alarm = replace(
        data.draw(alarms(longest=300)),
        statistic=name if name in naive.SIMPLE else None,
        extended_statistic=name if name in naive.OF_VALUES else None,
        threshold=data.draw(st.sampled_from([1.0, 2.0])),
    )
    start = MIDNIGHT * (6 if alarm.period < 60 else 1)
    minutes = st.sampled_from([*([[1.0]] * 9), [1.0, 1.0], [1.0, 3.0], [0.0, 1.0], [2.0], []])
    values = data.draw(st.lists(minutes, min_size=15, max_size=60))
    samples = [
        naive.Sample(start + step, value, start)
        for step, together in enumerate(values)
        for value in together
    ]
    check(alarm, start, len(values) + 5, samples, "INSUFFICIENT_DATA")


@pytest.mark.parametrize("name", ["p50", "p90", "p0"])
def test_too_few_samples_are_counted_in_steady_stretches(name: str) -> None:
    """Rule E-30: the twentieth sample of one value makes a p50 count."""
    alarm = MetricAlarm(
        extended_statistic=name,
        evaluate_low_sample_count_percentile="ignore",
        period=1500,
        threshold=1.0,
    )
    samples = [naive.Sample(MIDNIGHT + step, 1.0, MIDNIGHT) for step in range(60)]
    found = check(alarm, MIDNIGHT, 60, samples, "OK")
    assert [change.instant - MIDNIGHT for change in found] == ([20] if name == "p50" else [])


@pytest.mark.parametrize("name", [*naive.SIMPLE, *naive.OF_VALUES])
@pytest.mark.parametrize("value", [0.1, 0.7, 1.0])
def test_rounding_is_not_skipped(name: str, value: float) -> None:
    """The mean of three samples of 0.1 is a little more, since their sum is rounded (T-1, T-8)."""
    alarm = MetricAlarm(
        statistic=name if name in naive.SIMPLE else None,
        extended_statistic=name if name in naive.OF_VALUES else None,
        period=600,
        threshold=value,
        comparison_operator="GreaterThanThreshold",
    )
    samples = [naive.Sample(MIDNIGHT + step, value, MIDNIGHT) for step in range(14)]
    check(alarm, MIDNIGHT, 40, samples, "OK")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_multi_day_alarms_are_evaluated_once_an_hour(data: st.DataObject) -> None:
    """Rule E-2."""
    alarm = replace(
        data.draw(alarms()),
        period=data.draw(st.sampled_from([3600, 21_600, 86_400])),
        evaluation_range=None,
    )
    periods = data.draw(st.integers(86_400 // alarm.period, 86_400 // alarm.period + 2))
    alarm = replace(alarm, evaluation_periods=periods, datapoints_to_alarm=None)
    start, length = MIDNIGHT + data.draw(st.integers(0, 59)), 700
    samples = data.draw(portions(start, length, most=8))
    check(alarm, start, length, samples, "INSUFFICIENT_DATA")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_wall_clock_windows(data: st.DataObject) -> None:
    """Rule E-5, also where clocks change: Berlin's did at 01:00 UTC on 2023-10-29.

    Multi-day alarms are evaluated once an hour here too: only the boundaries differ.
    """
    period = data.draw(st.sampled_from([60, 300, 3600, 86_400]))
    zone = data.draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
    periods = data.draw(st.sampled_from([1, 2, 25] if period == 3600 else [1, 2]))
    alarm = replace(
        data.draw(alarms()),
        period=period,
        evaluation_periods=periods,
        datapoints_to_alarm=data.draw(st.none() | st.integers(1, periods)),
        evaluation_window=WallClockWindow(zone),
        evaluation_range=data.draw(st.sampled_from([None, periods + 1])),
    )
    start = 1_698_541_200 // 60 - data.draw(st.integers(0, 200))
    length = data.draw(st.integers(1, 250))
    samples = data.draw(portions(start, length, most=12))
    forget_at = data.draw(st.frozensets(st.integers(start, start + length), max_size=2))
    check(alarm, start, length, samples, "OK", forget_at)


def test_a_lone_match_of_the_usual_cis_alarm() -> None:
    """Rule E-23: ALARM at the end of its minute, OK fifteen minutes later."""
    alarm = MetricAlarm(
        alarm_name="root-use",
        statistic="Sum",
        period=300,
        threshold=1.0,
        treat_missing_data="notBreaching",
    )
    run = AlarmRun(alarm, MIDNIGHT)
    samples = StatisticSet()
    samples.add(1.0)
    run.add(MIDNIGHT + 10, samples)
    initial, fired, cleared = run.advance(MIDNIGHT + 1000)
    assert (initial.to_state, initial.initial) == ("OK", True)
    assert fired.time == from_epoch((MIDNIGHT + 11) * 60)
    assert (fired.to_state, fired.initial) == ("ALARM", False)
    assert fired.window_start == from_epoch((MIDNIGHT + 6) * 60)
    assert fired.window_end == fired.time
    assert cleared.time == from_epoch((MIDNIGHT + 26) * 60)
    assert range_minutes(alarm) == 15
    assert run.state == "OK"


def test_an_alarm_at_the_first_evaluation_is_news() -> None:
    """Rule W-2a."""
    alarm = MetricAlarm(statistic="Sum", threshold=1.0)
    run = AlarmRun(alarm, MIDNIGHT)
    samples = StatisticSet()
    samples.add(1.0)
    run.add(MIDNIGHT, samples)
    (change,) = run.advance(MIDNIGHT + 1)
    assert (change.from_state, change.to_state) == ("INSUFFICIENT_DATA", "ALARM")
    assert not change.initial


def test_a_late_sample_does_not_change_the_past() -> None:
    """Rules W-11 and W-12: seen while its period is in range, and not afterwards."""
    alarm = MetricAlarm(statistic="Sum", threshold=1.0, treat_missing_data="notBreaching")
    late = StatisticSet()
    late.add(1.0)
    in_range, too_late = AlarmRun(alarm, MIDNIGHT), AlarmRun(alarm, MIDNIGHT)
    in_range.advance(MIDNIGHT + 4)
    in_range.add(MIDNIGHT + 2, late)
    fired, cleared = in_range.advance(MIDNIGHT + 10)
    assert fired.time == from_epoch((MIDNIGHT + 5) * 60)
    assert cleared.time == from_epoch((MIDNIGHT + 6) * 60)
    too_late.advance(MIDNIGHT + 6)
    too_late.add(MIDNIGHT + 2, late)
    assert too_late.advance(MIDNIGHT + 10) == []


def test_an_added_set_is_never_changed() -> None:
    alarm = MetricAlarm(statistic="Sum", threshold=2.0)
    mine = StatisticSet()
    mine.add(1.0)
    run = AlarmRun(alarm, MIDNIGHT)
    run.add(MIDNIGHT, mine)
    run.add(MIDNIGHT, mine)
    assert run.advance(MIDNIGHT + 1)[0].points[0].value == 2.0
    assert mine.sample_count == 1


@pytest.mark.parametrize("zone", [None, "UTC", "Australia/Lord_Howe"])
def test_a_long_stride_is_like_many_short_ones(zone: str | None) -> None:
    """Long runs are looked at in pieces; no evaluation falls between two of them."""
    alarm = MetricAlarm(
        statistic="Sum",
        period=3600,
        evaluation_periods=25,
        datapoints_to_alarm=1,
        threshold=1.0,
        treat_missing_data="notBreaching",
        evaluation_window=WallClockWindow(zone) if zone else None,
    )
    steps = [MIDNIGHT + 5, *range(MIDNIGHT + 65_593, MIDNIGHT + 3_940_000, 65_536)]
    at_once, in_pieces = (SeriesEvaluator(alarm, MIDNIGHT) for _ in range(2))
    samples = StatisticSet()
    samples.add(1.0)
    for step in steps:
        at_once.add(step, samples)
        in_pieces.add(step, samples)
    end = MIDNIGHT + 4_000_000
    found = [c for until in range(MIDNIGHT, end + 1, 50_000) for c in in_pieces.advance(until)]
    assert found == at_once.advance(end)
    assert len(found) == 2 * len(steps)


def test_years_of_silence_cost_nothing() -> None:
    """Were every minute looked at, this would take hours."""
    alarm = MetricAlarm(statistic="Sum", threshold=1.0, treat_missing_data="notBreaching")
    run = AlarmRun(alarm, MIDNIGHT)
    samples = StatisticSet()
    samples.add(1.0)
    far = MIDNIGHT + 1000 * 366 * 1440
    run.add(far, samples)
    assert [c.to_state for c in run.advance(far + 100)] == ["OK", "ALARM", "OK"]


def test_a_minutes_samples_lie_at_its_start_for_short_periods() -> None:
    """Rule D-6: a filter's samples bear the minute they lie in."""
    alarm = MetricAlarm(period=10, statistic="Sum", threshold=1.0)
    run = AlarmRun(alarm, MIDNIGHT)
    samples = StatisticSet()
    samples.add(1.0)
    run.add(MIDNIGHT + 1, samples)
    change = run.advance(MIDNIGHT + 2)[0]
    assert change.time == from_epoch(MIDNIGHT * 60 + 70)


@pytest.mark.parametrize(
    "alarm",
    [
        MetricAlarm(statistic="Sum"),
        MetricAlarm(threshold=1.0),
        MetricAlarm(statistic="Sum", threshold=1.0, comparison_operator="LessThanLowerThreshold"),
    ],
)
def test_what_cannot_be_compared_is_refused(alarm: MetricAlarm) -> None:
    with pytest.raises(ValueError, match=r"no comparison|not a statistic"):
        SeriesEvaluator(alarm, MIDNIGHT)

"""State reasons, reason data and how numbers and times are spelled (rules R-1 to R-3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.alarms import MetricAlarm, Point, State, state_reason, state_reason_data
from trailwarden.alarms.spelling import java_double, json_text, long_date, short_date, timestamp

NOON = datetime(2024, 3, 16, 12, 15, tzinfo=UTC)


def _points(*values: float, threshold: float = 1.0) -> list[Point]:
    """Breaching where at least the threshold; five minutes apart, the newest first."""
    starts = [NOON - timedelta(minutes=5 * place) for place in range(len(values))]
    return [
        Point(start, start + timedelta(minutes=5), value, 3, breaching=value >= threshold)
        for start, value in zip(starts, values, strict=True)
    ]


@pytest.mark.parametrize(
    ("alarm", "state", "values", "expected"),
    [
        (
            MetricAlarm(threshold=1.0, evaluation_periods=4, datapoints_to_alarm=4),
            "ALARM",
            [4.0, 3.0, 2.0, 1.0],
            "Threshold Crossed: 4 out of the last 4 datapoints [4.0 (16/03/24 12:15:00), "
            "3.0 (16/03/24 12:10:00), 2.0 (16/03/24 12:05:00), 1.0 (16/03/24 12:00:00)] were "
            "greater than or equal to the threshold (1.0) (minimum 4 datapoints for OK -> ALARM "
            "transition).",
        ),
        (
            MetricAlarm(threshold=1.0, evaluation_periods=6, treat_missing_data="breaching"),
            "ALARM",
            [5.0, 4.0, 3.0, 2.0, 1.0],
            "Threshold Crossed: 5 datapoints were greater than or equal to the threshold (1.0). "
            "The most recent datapoints which crossed the threshold: [5.0 (16/03/24 12:15:00), "
            "4.0 (16/03/24 12:10:00), 3.0 (16/03/24 12:05:00), 2.0 (16/03/24 12:00:00), "
            "1.0 (16/03/24 11:55:00)] and 1 missing datapoint was treated as [Breaching].",
        ),
        (
            MetricAlarm(threshold=1.0, evaluation_periods=3, datapoints_to_alarm=2),
            "OK",
            [0.0, 0.0, 2.0],
            "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (16/03/24 12:15:00), "
            "0.0 (16/03/24 12:10:00)] were not greater than or equal to the threshold (1.0) "
            "(minimum 2 datapoints for ALARM -> OK transition).",
        ),
        (
            MetricAlarm(threshold=1.0, evaluation_periods=2),
            "INSUFFICIENT_DATA",
            [],
            "Insufficient Data: 2 datapoints were unknown.",
        ),
    ],
)
def test_reason(alarm: MetricAlarm, state: State, values: list[float], expected: str) -> None:
    assert state_reason(alarm, state, _points(*values)) == expected


def test_reason_data_word_for_word() -> None:
    alarm = MetricAlarm(statistic="Sum", period=300, threshold=1.0, unit="Count")
    text = state_reason_data(alarm, "ALARM", _points(2.0), [], NOON + timedelta(minutes=5))
    assert text == (
        '{"version":"1.0","queryDate":"2024-03-16T12:20:00.000+0000",'
        '"startDate":"2024-03-16T12:15:00.000+0000","unit":"Count","statistic":"Sum",'
        '"period":300,"recentDatapoints":[2.0],"threshold":1.0,"evaluatedDatapoints":['
        '{"timestamp":"2024-03-16T12:15:00.000+0000","sampleCount":3.0,"value":2.0}]}'
    )


def test_reason_data_holds_as_many_points_as_the_decision_needed() -> None:
    alarm = MetricAlarm(
        extended_statistic="p99",
        threshold=1.0,
        evaluation_periods=3,
        datapoints_to_alarm=2,
    )
    missing = [NOON - timedelta(minutes=2)]
    points = [point for point in _points(2.0, 0.0) if point.value]
    data = json.loads(state_reason_data(alarm, "ALARM", points, missing, NOON))
    assert "unit" not in data
    assert data["statistic"] == "p99"
    assert data["evaluatedDatapoints"][1] == {"timestamp": "2024-03-16T12:13:00.000+0000"}
    assert len(data["evaluatedDatapoints"]) == 2
    recovered = json.loads(state_reason_data(alarm, "OK", _points(0.0, 0.5, 3.0), [], NOON))
    assert recovered["recentDatapoints"] == [3.0, 0.5, 0.0]
    assert [p["value"] for p in recovered["evaluatedDatapoints"]] == [0.0, 0.5]


def test_reason_data_without_data() -> None:
    alarm = MetricAlarm(statistic="Sum", threshold=1.0, evaluation_periods=2)
    missing = [NOON, NOON - timedelta(minutes=1), NOON - timedelta(minutes=2)]
    data = json.loads(state_reason_data(alarm, "INSUFFICIENT_DATA", [], missing, NOON))
    assert "startDate" not in data
    assert data["recentDatapoints"] == []
    assert len(data["evaluatedDatapoints"]) == 2


def test_reason_data_is_never_longer_than_cloudwatch_takes() -> None:
    """Rule A-4: 4,000 characters."""
    alarm = MetricAlarm(statistic="Sum", threshold=1.0, evaluation_periods=1440)
    points = _points(*[1.0 / 3 + place for place in range(1, 1441)])
    text = state_reason_data(alarm, "ALARM", points, [], NOON)
    assert len(text) <= 4000
    assert json.loads(text)["evaluatedDatapoints"][0]["value"] == points[0].value


# --- spelling --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1.0"),
        (0.0, "0.0"),
        (0.30000000000000004, "0.30000000000000004"),
        (2126585.0, "2126585.0"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (-2147483648.0, "-2.147483648E9"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (0.00012345, "1.2345E-4"),
        (1e22, "1.0E22"),
    ],
)
def test_doubles(value: float, text: str) -> None:
    assert java_double(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_keep_their_value(value: float) -> None:
    assert float(java_double(value)) == value
    assert json.loads(json_text(value)) == value


def test_times_are_told_in_utc() -> None:
    local = datetime(2022, 7, 22, 17, 57, 45, 119_500, tzinfo=timezone(timedelta(hours=2)))
    assert long_date(local) == "Friday 22 July, 2022 15:57:45 UTC"
    assert short_date(local) == "22/07/22 15:57:45"
    assert timestamp(local) == "2022-07-22T15:57:45.119+0000"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
    )
)
def test_json_says_the_same(value: object) -> None:
    assert json.loads(json_text(value)) == value

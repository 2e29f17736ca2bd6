"""Deciding a state from datapoints (rules E-10 to E-21)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alarms import naive
from trailwarden.alarms import MetricAlarm, State, evaluate

# The published tables, oldest first: states for missing, ignore, breaching, notBreaching.
_TABLES = [
    (3, "0-X-X", "OK OK OK OK"),
    (3, "0----", "OK OK OK OK"),
    (3, "-----", "INSUFFICIENT_DATA keep ALARM OK"),
    (3, "0XX-X", "ALARM ALARM ALARM ALARM"),
    (3, "--X--", "ALARM keep ALARM OK"),
    (2, "0-X-X", "ALARM ALARM ALARM ALARM"),
    (2, "00X0X", "ALARM ALARM ALARM ALARM"),
    (2, "0-X--", "OK OK ALARM OK"),
    (2, "----0", "OK OK ALARM OK"),
    (2, "---X-", "ALARM keep ALARM OK"),
]


@pytest.mark.parametrize("previous", ["OK", "ALARM", "INSUFFICIENT_DATA"])
@pytest.mark.parametrize(("to_alarm", "points", "states"), _TABLES)
def test_published_tables(to_alarm: int, points: str, states: str, previous: State) -> None:
    values = [{"0": 0.0, "X": 9.0, "-": None}[point] for point in points]
    treatments = ("missing", "ignore", "breaching", "notBreaching")
    for treatment, state in zip(treatments, states.split(), strict=True):
        alarm = MetricAlarm(
            evaluation_periods=3,
            datapoints_to_alarm=to_alarm,
            threshold=5.0,
            treat_missing_data=treatment,
        )
        assert evaluate(alarm, values, previous) == (previous if state == "keep" else state)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_equals_the_rules_as_written(data: st.DataObject) -> None:
    periods = data.draw(st.integers(1, 6))
    alarm = MetricAlarm(
        evaluation_periods=periods,
        datapoints_to_alarm=data.draw(st.none() | st.integers(1, periods)),
        threshold=1.0,
        comparison_operator=data.draw(
            st.sampled_from(["GreaterThanThreshold", "LessThanOrEqualToThreshold"])
        ),
        treat_missing_data=data.draw(
            st.sampled_from(["missing", "ignore", "breaching", "notBreaching"])
        ),
    )
    points = st.lists(st.sampled_from([None, 0.0, 1.0, 2.0]), max_size=10)
    datapoints = data.draw(points)
    states: list[State] = ["OK", "ALARM", "INSUFFICIENT_DATA"]
    previous = data.draw(st.sampled_from(states))
    assert evaluate(alarm, datapoints, previous) == naive.decide(alarm, datapoints[::-1], previous)


@pytest.mark.parametrize(
    ("namespace", "treatment", "state"),
    [
        ("AWS/DynamoDB", None, "ALARM"),
        ("AWS/DynamoDB", "missing", "INSUFFICIENT_DATA"),
        ("Security", None, "INSUFFICIENT_DATA"),
    ],
)
def test_the_default_treatment(namespace: str, treatment: str | None, state: State) -> None:
    """Rule C-8."""
    alarm = MetricAlarm(namespace=namespace, treat_missing_data=treatment, threshold=1.0)
    assert evaluate(alarm, [None, None, None], "ALARM") == state


@pytest.mark.parametrize(
    ("fields", "datapoints", "previous", "error", "sentence"),
    [
        ({}, [1.0], "FINE", ValueError, "must be one of OK, ALARM, INSUFFICIENT_DATA, not 'FINE'"),
        ({"period": 7}, [1.0], "OK", ValueError, "multiple of 60 seconds, not 7"),
        ({"period": -60}, [1.0], "OK", ValueError, "Period"),
        ({"evaluation_periods": 0}, [1.0], "OK", ValueError, "EvaluationPeriods"),
        ({"datapoints_to_alarm": 2}, [1.0], "OK", ValueError, "DatapointsToAlarm"),
        ({"comparison_operator": "AtLeast"}, [1.0], "OK", ValueError, "'AtLeast' is not allowed"),
        ({"treat_missing_data": "no"}, [1.0], "OK", ValueError, "'no' is not allowed"),
        ({"threshold": None}, [1.0], "OK", ValueError, "Threshold"),
        ({"threshold": float("nan")}, [1.0], "OK", ValueError, "finite"),
        ({}, [float("nan")], "OK", ValueError, "a datapoint must be finite, not nan"),
        ({}, ["1"], "OK", TypeError, "a datapoint must be a number or None, not '1'"),
    ],
)
def test_wrong_values_are_refused(
    fields: dict[str, Any], datapoints: list[Any], previous: Any, error: Any, sentence: str
) -> None:
    with pytest.raises(error) as caught:
        evaluate(MetricAlarm(**{"threshold": 1.0, **fields}), datapoints, previous)
    assert sentence in str(caught.value)


def test_what_is_no_alarm_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a MetricAlarm, not str"):
        evaluate("alarm", [1.0], "OK")  # type: ignore[arg-type]

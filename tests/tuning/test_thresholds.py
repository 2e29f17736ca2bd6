"""The search for a threshold, and the rows around it."""

from __future__ import annotations

import pytest

from tests.records import alarm
from trailwarden.alarms import StatisticSet
from trailwarden.monitor.metrics import Feed
from trailwarden.tuning.thresholds import MOST_ROWS, Samples, fires_alone, plan

DAY = 24 * 60  # minutes


def bursts(*sizes: int) -> Samples:
    """A burst of each size, a day apart, in silence."""
    found = []
    for day, size in enumerate(sizes):
        samples = StatisticSet()
        samples.add(1.0, size)
        found.append((day * DAY, samples))
    return found


def test_the_smallest_threshold_with_one_incident_a_week() -> None:
    sizes = (3, 9, 4, 7, 5, 6, 8)
    made = plan(alarm(), bursts(*sizes), 0, 7 * DAY, 7.0)
    assert made.weekly == 9
    assert {1.0, 8.0, 9.0} <= set(made.thresholds)
    assert made.thresholds[0] == 1.0
    assert len(made.thresholds) <= MOST_ROWS + 1


def test_the_search_goes_far() -> None:
    made = plan(alarm(), bursts(*range(1000, 1014)), 0, 14 * DAY, 14.0)
    assert made.weekly == 1012  # with it, the two largest bursts fire in two weeks


def test_greater_than_is_one_less() -> None:
    greater = alarm(comparison_operator="GreaterThanThreshold", threshold=0.0)
    assert plan(greater, bursts(3, 9, 4), 0, 3 * DAY, 3.0).weekly == 4


def test_a_quiet_alarm_keeps_its_threshold() -> None:
    made = plan(alarm(), bursts(3), 0, DAY, 1.0)
    assert made.weekly is None
    assert made.thresholds[0] == 1.0
    assert max(made.thresholds) > 3


@pytest.mark.parametrize(
    ("fields", "value", "default", "threshold", "expected"),
    [
        ({}, 1.0, None, 1, True),
        ({}, 1.0, 0.0, 2, False),
        ({}, 5.0, None, 5, True),
        ({"comparison_operator": "GreaterThanThreshold"}, 1.0, None, 1, False),
        ({"evaluation_periods": 2}, 1.0, None, 1, False),
        ({"evaluation_periods": 2, "datapoints_to_alarm": 1}, 1.0, None, 1, True),
        ({"statistic": "SampleCount"}, 5.0, None, 2, False),
        ({"statistic": "SampleCount"}, 1.0, 0.0, 1, False),
        ({}, None, None, 1, False),
        ({}, 1.0, 3.0, 1, False),
    ],
)
def test_what_fires_alone(
    fields: dict[str, object],
    value: float | None,
    default: float | None,
    threshold: float,
    expected: bool,
) -> None:
    feed = Feed(filter=0, dimensions=(), value=value, default=default)
    assert fires_alone(alarm(**fields), feed, threshold) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"statistic": "Maximum"},
        {"statistic": None, "extended_statistic": "p99"},
        {"comparison_operator": "LessThanThreshold"},
    ],
)
def test_what_no_threshold_quiets_is_said(fields: dict[str, object]) -> None:
    made = plan(alarm(**fields), bursts(3, 3), 0, 2 * DAY, 2.0)
    assert made.thresholds == ()
    assert made.remark

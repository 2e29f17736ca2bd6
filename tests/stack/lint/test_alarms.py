from __future__ import annotations

from typing import Any

import pytest

from tests.stack.lint.stacks import TOPIC, alarm_of, codes_of, filter_of, stack_of, the_finding
from trailwarden.alarms.model import WallClockWindow
from trailwarden.stack.lint import lint
from trailwarden.stack.model import Stack

LESS = "LessThanThreshold"


def test_nothing_is_wrong_with_a_usual_alarm() -> None:
    assert lint(stack_of()) == []


@pytest.mark.parametrize(
    ("code", "alarm", "default"),
    [
        ("TW301", {"period": 90}, 0.0),
        ("TW301", {"datapoints_to_alarm": 2}, 0.0),
        ("TW302", {"statistic": "Maximum", "threshold": 2.0}, 0.0),
        ("TW302", {"statistic": "Average", "comparison_operator": "GreaterThanThreshold"}, 0.0),
        ("TW302", {"comparison_operator": LESS}, None),
        ("TW302", {"statistic": "SampleCount", "comparison_operator": LESS}, None),
        ("TW303", {"statistic": "Maximum"}, 0.0),
        ("TW304", {"statistic": "SampleCount"}, 0.0),
        ("TW304", {"statistic": "Average"}, 0.0),
        ("TW305", {"threshold": 0.0}, 0.0),
        ("TW306", {"evaluation_periods": 3}, 0.0),
        ("TW306", {"evaluation_periods": 3, "datapoints_to_alarm": 2}, 0.0),
        ("TW307", {"treat_missing_data": "breaching"}, 0.0),
        ("TW308", {"treat_missing_data": "ignore"}, None),
        ("TW309", {"treat_missing_data": None}, None),
        ("TW310", {"threshold": 5.0}, None),
        ("TW311", {}, None),
        ("TW312", {"period": 10}, 0.0),
    ],
)
def test_what_is_found(code: str, alarm: dict[str, Any], default: float | None) -> None:
    assert code in codes_of(stack_of(filter_of(default_value=default), alarm=alarm_of(**alarm)))


@pytest.mark.parametrize(
    ("code", "alarm", "filters"),
    [
        ("TW302", {"statistic": "Maximum", "threshold": 2.0}, {"metric_value": "2"}),
        ("TW302", {"statistic": "Maximum", "threshold": 2.0}, {"metric_value": "$.x"}),
        ("TW302", {"threshold": 1000.0}, {}),
        ("TW302", {"comparison_operator": LESS}, {}),
        ("TW302", {"extended_statistic": "p90", "statistic": None, "threshold": 2.0}, {}),
        (
            "TW302",
            {"comparison_operator": LESS, "treat_missing_data": "breaching"},
            {"default_value": None},
        ),
        ("TW303", {"statistic": "Maximum"}, {"metric_value": "$.bytes"}),
        ("TW303", {"statistic": "Maximum", "threshold": 2.0}, {}),
        ("TW304", {"statistic": "Average"}, {"default_value": None}),
        ("TW305", {"threshold": 0.0, "comparison_operator": "GreaterThanThreshold"}, {}),
        ("TW306", {"evaluation_periods": 3, "datapoints_to_alarm": 1}, {}),
        ("TW307", {"treat_missing_data": "breaching", "comparison_operator": LESS}, {}),
        ("TW308", {"treat_missing_data": "ignore"}, {}),
        ("TW309", {"treat_missing_data": "missing"}, {}),
        ("TW310", {"threshold": 5.0}, {}),
        ("TW310", {"threshold": 5.0, "period": 60}, {"default_value": None}),
        ("TW310", {"threshold": 5.0}, {"default_value": None, "metric_value": "10"}),
        ("TW311", {"evaluation_window": WallClockWindow()}, {"default_value": None}),
    ],
)
def test_what_is_not_found(code: str, alarm: dict[str, Any], filters: dict[str, Any]) -> None:
    assert code not in codes_of(stack_of(filter_of(**filters), alarm=alarm_of(**alarm)))


def test_messages_give_the_numbers() -> None:
    alarm = alarm_of(statistic="Maximum", threshold=10.0)
    finding = the_finding(stack_of(alarm=alarm), "TW302")
    assert finding.message == (
        "the alarm 'stops' never fires: the Maximum of what the filters add is from 0 to 1, the "
        "threshold is 10"
    )
    assert finding.cure == "use Statistic: Sum to count events"
    long = the_finding(stack_of(filter_of(default_value=None)), "TW311")
    assert "about 15 minutes" in long.message  # rule E-23


def test_a_stack_lists_its_parts_that_do_not_meet() -> None:
    assert codes_of(stack_of(alarm=alarm_of(metric_name="Stop"))) == ["TW001", "TW004"]
    finding = the_finding(stack_of(alarm=alarm_of(metric_name="Stop")), "TW001")
    assert finding.cure == "did you mean 'Sec/Stops'?"
    other = (("Region", "eu"),)
    assert codes_of(stack_of(alarm=alarm_of(dimensions=other))) == ["TW002"]
    assert codes_of(stack_of(alarm=alarm_of(unit="Bytes"))) == ["TW003"]
    assert codes_of(stack_of(alarm=alarm_of(namespace="AWS/Lambda"))) == ["TW004"]
    assert codes_of(stack_of(alarm=alarm_of(namespace="Shop"))) == ["TW004", "TW009"]
    assert codes_of(stack_of(alarm=alarm_of(metric_name="Other"))) == ["TW004", "TW009"]
    assert codes_of(stack_of(alarm=alarm_of(namespace="sec"))) == ["TW001", "TW004"]


def test_many_alarms_of_applications() -> None:
    """They are not all compared with all metrics, which would take minutes."""
    filters = tuple(filter_of(metric_name=f"Metric{n}", name=f"f{n}") for n in range(90))
    alarms = tuple(alarm_of(alarm_name=f"a{n}", namespace=f"Shop{n}") for n in range(2000))
    found = [f.code for f in lint(Stack("sec", "t.yaml", metric_filters=filters, alarms=alarms))]
    assert found.count("TW009") == 2000


def test_a_definition_without_a_place_stands_in_its_source() -> None:
    finding = the_finding(stack_of(alarm=alarm_of(alarm_actions=())), "TW401")
    assert str(finding.location) == "t.yaml"


def test_too_many_filters() -> None:
    many = [filter_of(f"{{ $.n = x{n} }}", name=f"f{n}") for n in range(101)]
    assert codes_of(stack_of(*many)) == ["TW006"]
    expressions = [filter_of(f"{{ $.n = %x{n}% }}", name=f"f{n}") for n in range(6)]
    assert codes_of(stack_of(*expressions)) == ["TW007"]


def test_metrics_that_two_stacks_would_share() -> None:
    assert codes_of(stack_of(alarm=alarm_of(alarm_name="sec-stops"))) == ["TW008"]
    metric = {"metric_name": "sec/Stops"}
    alarm = alarm_of(alarm_name="sec-stops", **metric)
    assert codes_of(stack_of(filter_of(**metric), alarm=alarm)) == []


def test_actions() -> None:
    assert codes_of(stack_of(alarm=alarm_of(alarm_actions=()))) == ["TW401"]
    assert codes_of(stack_of(alarm=alarm_of(actions_enabled=False))) == ["TW402"]
    assert codes_of(stack_of(alarm=alarm_of(ok_actions=(TOPIC,)))) == ["TW403"]

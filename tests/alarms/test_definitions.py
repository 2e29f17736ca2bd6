"""Alarms from properties, and what CloudWatch refuses (rules C-1 to C-10)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.alarms import (
    COMPOSITE_ALARM_PROPERTIES,
    METRIC_ALARM_PROPERTIES,
    CompositeAlarm,
    MetricAlarm,
    WallClockWindow,
    composite_alarm_of,
    metric_alarm_of,
    validate,
)
from trailwarden.errors import AlarmConfigurationError, UnsupportedAlarmError
from trailwarden.units import UNITS

TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
METRIC: dict[str, object] = {
    "AlarmName": "root-use",
    "Namespace": "Security",
    "MetricName": "RootUse",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
COMPOSITE: dict[str, object] = {"AlarmName": "both", "AlarmRule": "ALARM(a) AND ALARM(b)"}


def _load(properties: dict[str, Any]) -> MetricAlarm | CompositeAlarm:
    is_composite = "AlarmRule" in properties
    alarm = composite_alarm_of(properties) if is_composite else metric_alarm_of(properties)
    validate(alarm)
    return alarm


def test_a_metric_alarm_with_everything() -> None:
    properties = METRIC | {
        "AlarmDescription": "Somebody used root",
        "ActionsEnabled": "false",
        "AlarmActions": [TOPIC],
        "OKActions": ["${Alerts.TopicArn}"],
        "InsufficientDataActions": [],
        "Dimensions": [{"Name": "b", "Value": 2}, {"Name": "a", "Value": "1"}],
        "Unit": "Count",
        "Period": "300",
        "EvaluationPeriods": 3.0,
        "DatapointsToAlarm": "2",
        "Threshold": "1.5e0",
        "TreatMissingData": "notBreaching",
        "EvaluationWindow": {"WallClockWindow": {"Timezone": "Europe/Berlin"}},
        "WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 10},
        "Tags": [{"Key": "k", "Value": "v"}],
        "Unheard": {"of": True},
    }
    assert _load(properties) == MetricAlarm(
        alarm_name="root-use",
        namespace="Security",
        metric_name="RootUse",
        dimensions=(("a", "1"), ("b", "2")),
        statistic="Sum",
        unit="Count",
        period=300,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        threshold=1.5,
        treat_missing_data="notBreaching",
        alarm_description="Somebody used root",
        actions_enabled=False,
        alarm_actions=(TOPIC,),
        ok_actions=("${Alerts.TopicArn}",),
        evaluation_window=WallClockWindow("Europe/Berlin"),
    )


def test_a_composite_alarm_with_everything() -> None:
    properties = COMPOSITE | {
        "ActionsSuppressor": "quiet",
        "ActionsSuppressorWaitPeriod": "60",
        "ActionsSuppressorExtensionPeriod": 0,
        "AlarmActions": [TOPIC],
    }
    assert _load(properties) == CompositeAlarm(
        alarm_name="both",
        alarm_rule="ALARM(a) AND ALARM(b)",
        alarm_actions=(TOPIC,),
        actions_suppressor="quiet",
        actions_suppressor_wait_period=60,
        actions_suppressor_extension_period=0,
    )


def test_null_and_empty_lists_are_as_good_as_absent() -> None:
    """The API's answers hold them."""
    assert _load(METRIC | {"Metrics": [], "Unit": None, "AlarmActions": None}) == _load(METRIC)


def test_the_api_describes_what_was_not_known_to_the_template() -> None:
    described = METRIC | {"AlarmArn": "arn:…", "StateValue": "OK", "EvaluationWindow": None}
    assert _load(described) == _load(METRIC)
    assert _load(METRIC | {"EvaluationWindow": {"SlidingWindow": {}}}) == _load(METRIC)


def test_units() -> None:
    """Rule M-10."""
    assert len(UNITS) == len(set(UNITS)) == 27
    assert {"Kilobytes/Second", "Terabits", "Count/Second", "None", "Percent"} <= set(UNITS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        # types
        ({"Period": "five"}, "Period"),
        ({"Period": "300.5"}, "Period"),
        ({"Period": True}, "Period"),
        ({"Period": 10**5000}, "Period"),
        ({"Period": {"Ref": "P"}}, "Period"),
        ({"Threshold": "nan"}, "Threshold"),
        ({"Threshold": float("inf")}, "Threshold"),
        ({"Threshold": "1e999"}, "Threshold"),
        ({"Threshold": [1]}, "Threshold"),
        ({"AlarmName": ["a"]}, "AlarmName"),
        ({"AlarmName": "\ud800"}, "AlarmName"),
        ({"ActionsEnabled": "yes"}, "ActionsEnabled"),
        ({"AlarmActions": TOPIC}, "AlarmActions"),
        ({"AlarmActions": [{"Ref": "T"}]}, "AlarmActions"),
        ({"Dimensions": {"Name": "a"}}, "Dimensions"),
        ({"Dimensions": ["a"]}, "Dimensions"),
        ({"Dimensions": [{"Name": "a"}]}, "Dimensions"),
        ({"EvaluationWindow": "WallClock"}, "EvaluationWindow"),
        ({"EvaluationWindow": {}}, "EvaluationWindow"),
        ({"EvaluationWindow": {"WallClockWindow": {"Timezone": {}}}}, "EvaluationWindow"),
        # values
        ({"AlarmName": None}, "AlarmName"),
        ({"AlarmName": "a\x7fb"}, "AlarmName"),
        ({"Namespace": None}, "Namespace"),
        ({"Namespace": ""}, "Namespace"),
        ({"MetricName": "m" * 256}, "MetricName"),
        ({"MetricName": None}, "MetricName|Metrics"),
        ({"Period": -60}, "Period"),
        ({"Unit": "Counts"}, "Unit"),
        ({"Dimensions": [{"Name": "", "Value": "v"}]}, "Dimensions"),
        ({"Dimensions": [{"Name": "n", "Value": "v" * 1025}]}, "Dimensions"),
        ({"OKActions": [""]}, "OKActions"),
        ({"InsufficientDataActions": [TOPIC] * 6}, "InsufficientDataActions"),
        ({"Statistic": None, "ExtendedStatistic": "Sum"}, "ExtendedStatistic"),
        ({"ComparisonOperator": "LessThanLowerThreshold"}, "ComparisonOperator"),
        ({"EvaluationInterval": 60}, "EvaluationInterval"),
        ({"WarmUpConfiguration": {}}, "WarmUpConfiguration"),
        ({"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 2881}}, "WarmUpConfiguration"),
        ({"Period": 600, "EvaluationWindow": {"WallClockWindow": {}}}, "Period"),
        (
            {"EvaluationWindow": {"WallClockWindow": {"Timezone": "Mars/Olympus"}}},
            "EvaluationWindow",
        ),
        ({"EvaluationCriteria": {"PromQLCriteria": {}}}, "MetricName|EvaluationCriteria"),
    ],
)
def test_refused_metric_alarms(changes: dict[str, object], field: str) -> None:
    with pytest.raises(AlarmConfigurationError) as raised:
        _load(METRIC | changes)
    assert raised.value.field == field
    assert not isinstance(raised.value, UnsupportedAlarmError)
    assert raised.value.message.startswith(f"{field}: ")
    assert raised.value.cure


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"AlarmName": ""}, "AlarmName"),
        ({"AlarmRule": None}, "AlarmRule"),
        ({"AlarmRule": "ALARM(a"}, "AlarmRule"),
        ({"AlarmActions": ["arn:aws:automate:us-east-1:ec2:stop"]}, "AlarmActions"),
        ({"OKActions": ["arn:aws:autoscaling:us-east-1:1:scalingPolicy:p"]}, "OKActions"),
        (
            {"ActionsSuppressor": "q", "ActionsSuppressorWaitPeriod": 60},
            "ActionsSuppressorExtensionPeriod",
        ),
        (
            {
                "ActionsSuppressor": "q",
                "ActionsSuppressorWaitPeriod": -1,
                "ActionsSuppressorExtensionPeriod": 60,
            },
            "ActionsSuppressorWaitPeriod",
        ),
    ],
)
def test_refused_composite_alarms(changes: dict[str, object], field: str) -> None:
    with pytest.raises(AlarmConfigurationError) as raised:
        _load(COMPOSITE | changes)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        (METRIC | {"MetricName": None, "Metrics": [{"Id": "e1"}]}, "Metrics"),
        (METRIC | {"ThresholdMetricId": "ad1"}, "ThresholdMetricId"),
        (
            METRIC | {"MetricName": None, "EvaluationCriteria": {"PromQLCriteria": {}}},
            "EvaluationCriteria",
        ),
    ],
)
def test_alarms_that_cannot_be_evaluated(properties: dict[str, object], field: str) -> None:
    with pytest.raises(UnsupportedAlarmError, match="cannot be evaluated") as raised:
        _load(properties)
    assert raised.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"Period": 30},
        {"Period": 300, "EvaluationPeriods": 288},
        {"Period": 3600, "EvaluationPeriods": 168},
        {"Period": 86_400, "EvaluationPeriods": 7},
        {"Period": 604_800, "EvaluationWindow": {"WallClockWindow": {}}},
        {"AlarmName": "n" * 255, "AlarmDescription": "d" * 1024},
        {"AlarmActions": [TOPIC] * 5},
        {"EvaluationPeriods": 2, "DatapointsToAlarm": 2},
        {"Dimensions": [{"Name": f"d{n}", "Value": "v"} for n in range(30)]},
    ],
)
def test_limits_may_be_reached(changes: dict[str, object]) -> None:
    _load(METRIC | changes)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Name", "Value", "WallClockWindow"]), inner)
    ),
    max_leaves=5,
)


_NAMES = sorted(METRIC_ALARM_PROPERTIES | COMPOSITE_ALARM_PROPERTIES - {"AlarmRule"})


@given(st.dictionaries(st.sampled_from(_NAMES), _JSON))
def test_any_properties_are_taken_or_refused(changes: dict[str, object]) -> None:
    for base in (METRIC, COMPOSITE):
        try:
            _load(base | changes)
        except AlarmConfigurationError as error:
            str(error).encode()


def test_a_list_of_one_metric_names_it() -> None:
    stat = {
        "Metric": {
            "Namespace": METRIC["Namespace"],
            "MetricName": METRIC["MetricName"],
            "Dimensions": [{"Name": "Trail", "Value": "main"}],
        },
        "Period": METRIC["Period"],
        "Stat": "p99",
    }
    entry = {"Id": "m1", "MetricStat": stat, "ReturnData": True}
    named = ("Namespace", "MetricName", "Dimensions", "Period", "Statistic", "ExtendedStatistic")
    rest = {key: value for key, value in METRIC.items() if key not in named}
    loaded = _load(rest | {"Metrics": [entry]})
    assert loaded == _load(
        rest
        | {key: METRIC[key] for key in ("Namespace", "MetricName", "Period")}
        | {"Dimensions": [{"Name": "Trail", "Value": "main"}], "ExtendedStatistic": "p99"}
    )
    for other in (
        {"Expression": "m1 * 2"},
        {"ReturnData": False},
        {"AccountId": "111122223333"},
        {"MetricStat": None},
        {"MetricStat": {"Metric": "m"}},
    ):
        with pytest.raises(UnsupportedAlarmError):
            _load(rest | {"Metrics": [entry | other]})

"""Items of an alarm's history (rules H-1 to H-4)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from trailwarden.alarms import (
    CompositeAlarm,
    MetricAlarm,
    StateChange,
    action,
    configuration_update,
    state_update,
)

TIME = datetime(2024, 5, 2, 10, 6, 32, 119_000, tzinfo=UTC)
ARN = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:root-use"
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
ALARM = MetricAlarm(
    alarm_name="root-use",
    namespace="Security",
    metric_name="RootUse",
    dimensions=(("Group", "g"),),
    statistic="Sum",
    period=300,
    threshold=1.0,
    alarm_actions=(TOPIC,),
)
FIRED = StateChange(TIME, "OK", "ALARM", "because", '{"version":"1.0"}', TIME, TIME)


def test_creation_describes_what_was_set() -> None:
    """H-1 and C-13."""
    item = configuration_update(ALARM, ARN, TIME)
    assert (item.alarm_name, item.alarm_type, item.timestamp) == ("root-use", "MetricAlarm", TIME)
    assert item.history_item_type == "ConfigurationUpdate"
    assert item.history_summary == 'Alarm "root-use" created'
    assert item.history_data == (
        '{"version":"1.0","type":"Create","createdAlarm":{"alarmName":"root-use",'
        f'"alarmDescription":null,"alarmArn":"{ARN}",'
        '"alarmConfigurationUpdatedTimestamp":"2024-05-02T10:06:32.119+0000",'
        '"namespace":"Security","metricName":"RootUse","statistic":"Sum","period":300,'
        '"dimensions":[{"name":"Group","value":"g"}],"threshold":1.0,'
        '"comparisonOperator":"GreaterThanOrEqualToThreshold","evaluationPeriods":1,'
        '"stateValue":"INSUFFICIENT_DATA",'
        '"stateUpdatedTimestamp":"2024-05-02T10:06:32.119+0000","actionsEnabled":true,'
        f'"alarmActions":["{TOPIC}"],"insufficientDataActions":[],"okactions":[]}}}}'
    )


def test_a_composite_alarm_is_described_by_its_rule() -> None:
    alarm = CompositeAlarm(alarm_name="both", alarm_rule="ALARM(a)", actions_suppressor="quiet")
    item = configuration_update(alarm, ARN, TIME, "OK", "Update")
    described = json.loads(item.history_data)["updatedAlarm"]
    assert item.alarm_type == "CompositeAlarm"
    assert item.history_summary == 'Alarm "both" updated'
    assert (described["alarmRule"], described["actionsSuppressor"]) == ("ALARM(a)", "quiet")
    assert "actionsSuppressorWaitPeriod" not in described


def test_a_change_tells_the_old_state_and_the_new() -> None:
    """H-2: reason data are embedded as objects."""
    first = state_update(ALARM, FIRED, None)
    assert first.history_summary == "Alarm updated from OK to ALARM"
    assert first.history_data == (
        '{"version":"1.0","oldState":{"stateValue":"OK","stateReason":'
        '"Unchecked: Initial alarm creation"},"newState":{"stateValue":"ALARM",'
        '"stateReason":"because","stateReasonData":{"version":"1.0"}}}'
    )
    again = state_update(ALARM, FIRED, FIRED)
    assert json.loads(again.history_data)["oldState"]["stateReasonData"] == {"version": "1.0"}


def test_an_action_that_ran() -> None:
    """H-3."""
    item = action(ALARM, FIRED, TOPIC, '{"default":"d"}')
    assert item.history_summary == f"Successfully executed action {TOPIC}"
    assert json.loads(item.history_data) == {
        "actionState": "Succeeded",
        "stateUpdateTimestamp": 1_714_644_392_119,
        "notificationResource": TOPIC,
        "publishedMessage": '{"default":"d"}',
        "error": None,
    }


def test_an_action_that_failed() -> None:
    """H-4."""
    item = action(ALARM, FIRED, TOPIC, None, error="no such topic")
    assert item.history_summary == (
        f'Failed to execute action {TOPIC}. Received error: "no such topic"'
    )
    data = json.loads(item.history_data)
    assert (data["actionState"], data["error"]) == ("Failed", "no such topic")

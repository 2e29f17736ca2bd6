"""The JSON that CloudWatch publishes to a topic (10.2), and its form for every protocol."""

from __future__ import annotations

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.alarms.spelling import json_text, timestamp
from trailwarden.notify.mail import mail_text
from trailwarden.notify.notice import Notice
from trailwarden.notify.regions import region_name
from trailwarden.notify.subject import subject_of

_STATISTICS = {
    "SampleCount": "SAMPLE_COUNT",
    "Average": "AVERAGE",
    "Sum": "SUM",
    "Minimum": "MINIMUM",
    "Maximum": "MAXIMUM",
}


def message_of(notice: Notice) -> str:
    """The body of the message: compact JSON, its keys in CloudWatch's order."""
    alarm = notice.alarm
    return json_text(
        _of_composite(notice, alarm)
        if isinstance(alarm, CompositeAlarm)
        else _of_metric(notice, alarm)
    )


def published_message(notice: Notice) -> str:
    """The JSON with the message per protocol, as an alarm's history shows it (H-3)."""
    return json_text(
        {
            "default": message_of(notice),
            "sms": subject_of(notice.alarm.alarm_name, notice.change.to_state, notice.region),
            "email": mail_text(notice),
        }
    )


def _of_metric(notice: Notice, alarm: MetricAlarm) -> dict[str, object]:
    change, configured = notice.change, notice.configured
    return {
        "AlarmName": alarm.alarm_name,
        "AlarmDescription": alarm.alarm_description,
        "AWSAccountId": notice.account,
        "AlarmConfigurationUpdatedTimestamp": configured and timestamp(configured),
        "NewStateValue": change.to_state,
        "NewStateReason": change.reason,
        "StateChangeTime": timestamp(change.time),
        "Region": region_name(notice.region),
        "AlarmArn": notice.arn,
        "OldStateValue": change.from_state,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
        "ActionExecutedAfterMuteWindow": False,  # rule N-12
    }


def _trigger(alarm: MetricAlarm) -> dict[str, object]:
    """Rules N-10 and N-11."""
    is_extended = alarm.extended_statistic is not None
    trigger: dict[str, object] = {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": "ExtendedStatistic" if is_extended else "Statistic",
        "Statistic": alarm.extended_statistic or _STATISTICS[alarm.statistic or ""],
        "Unit": alarm.unit,
        "Dimensions": [{"value": value, "name": name} for name, value in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
    }
    if alarm.datapoints_to_alarm is not None:
        trigger["DatapointsToAlarm"] = alarm.datapoints_to_alarm
    return trigger | {
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": None if alarm.threshold is None else float(alarm.threshold),
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }


def _of_composite(notice: Notice, alarm: CompositeAlarm) -> dict[str, object]:
    """Rule N-14."""
    change = notice.change
    children = [
        {
            "Arn": child["arn"],
            "State": {
                "Value": child["state"]["value"],
                "Timestamp": child["state"]["timestamp"],
            },
        }
        for child in notice.triggering_alarms()
    ]
    return {
        "AlarmName": alarm.alarm_name,
        "AlarmDescription": alarm.alarm_description,
        "AWSAccountId": notice.account,
        "NewStateValue": change.to_state,
        "NewStateReason": change.reason,
        "StateChangeTime": timestamp(change.time),
        "Region": region_name(notice.region),
        "AlarmArn": notice.arn,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "OldStateValue": change.from_state,
        "AlarmRule": alarm.alarm_rule,
        "TriggeringChildren": children,
    }

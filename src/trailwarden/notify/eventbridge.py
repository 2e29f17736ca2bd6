"""The event that EventBridge gets for every change of state (rules A-6, V-1, V-2)."""

from __future__ import annotations

from datetime import UTC
from uuid import NAMESPACE_URL, uuid5

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.alarms.history import rule_of
from trailwarden.alarms.spelling import json_text, timestamp
from trailwarden.notify.notice import Change, Notice


def state_change_event(notice: Notice) -> str:
    """The event as compact JSON. Its id follows from alarm and time, so a resend keeps it."""
    change, alarm = notice.change, notice.alarm
    detail: dict[str, object] = {
        "alarmName": alarm.alarm_name,
        "state": _state(change),
        "previousState": _previous(notice),
        "configuration": _configuration(notice),
    }
    return json_text(
        {
            "version": "0",
            "id": _id(f"{notice.arn} {timestamp(change.time)}"),
            "detail-type": "CloudWatch Alarm State Change",
            "source": "aws.cloudwatch",
            "account": notice.account,
            "time": f"{change.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": notice.region,
            "resources": [notice.arn],
            "detail": detail,
        }
    )


def _state(change: Change) -> dict[str, object]:
    """``reasonData`` is a string that holds JSON (rule V-1)."""
    return {
        "value": change.to_state,
        "reason": change.reason,
        "reasonData": change.reason_data,
        "timestamp": timestamp(change.time),
    }


def _previous(notice: Notice) -> dict[str, object]:
    if notice.previous is None:
        return {"value": notice.change.from_state}
    return _state(notice.previous)


def _configuration(notice: Notice) -> dict[str, object]:
    alarm = notice.alarm
    configuration = rule_of(alarm) if isinstance(alarm, CompositeAlarm) else _metrics(notice, alarm)
    if alarm.alarm_description is not None:
        return {"description": alarm.alarm_description} | configuration
    return configuration


def _metrics(notice: Notice, alarm: MetricAlarm) -> dict[str, object]:
    stat: dict[str, object] = {
        "metric": {
            "namespace": alarm.namespace,
            "name": alarm.metric_name,
            "dimensions": dict(alarm.dimensions),
        },
        "period": alarm.period,
        "stat": alarm.extended_statistic or alarm.statistic,
    }
    if alarm.unit is not None:
        stat["unit"] = alarm.unit
    return {
        "metrics": [{"id": _id(f"{notice.arn} metric"), "metricStat": stat, "returnData": True}]
    }


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))

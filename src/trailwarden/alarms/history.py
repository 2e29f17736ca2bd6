"""Items of an alarm's history, as DescribeAlarmHistory gives them (H-1 to H-4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trailwarden.alarms.changes import StateChange
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm, State
from trailwarden.alarms.spelling import json_text, timestamp
from trailwarden.times import EPOCH

Alarm = MetricAlarm | CompositeAlarm
_ItemType = Literal["ConfigurationUpdate", "StateUpdate", "Action"]
_PARTICIPLES = {"Create": "created", "Update": "updated", "Delete": "deleted"}


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """``history_data`` is a JSON text; ``timestamp`` is in UTC."""

    alarm_name: str
    alarm_type: Literal["MetricAlarm", "CompositeAlarm"]
    timestamp: datetime
    history_item_type: _ItemType
    history_summary: str
    history_data: str


def configuration_update(
    alarm: Alarm,
    arn: str,
    time: datetime,
    state: State = "INSUFFICIENT_DATA",
    kind: Literal["Create", "Update", "Delete"] = "Create",
) -> HistoryItem:
    """The alarm was created, updated or deleted at ``time`` (H-1)."""
    done = _PARTICIPLES[kind]
    configuration = _described(alarm, arn, timestamp(time), state)
    data: dict[str, object] = {"version": "1.0", "type": kind, f"{done}Alarm": configuration}
    summary = f'Alarm "{alarm.alarm_name}" {done}'
    return _item(alarm, time, "ConfigurationUpdate", summary, data)


def state_update(alarm: Alarm, change: StateChange, previous: StateChange | None) -> HistoryItem:
    """The state changed (H-2). ``previous`` is the change that led to the old state, if any."""
    old: dict[str, object] = {
        "stateValue": change.from_state,
        "stateReason": "Unchecked: Initial alarm creation",  # rule C-11
    }
    if previous is not None:
        old = _state(previous)
    data: dict[str, object] = {"version": "1.0", "oldState": old, "newState": _state(change)}
    summary = f"Alarm updated from {change.from_state} to {change.to_state}"
    return _item(alarm, change.time, "StateUpdate", summary, data)


def action(
    alarm: Alarm,
    change: StateChange,
    resource: str,
    published: str | None,
    error: str | None = None,
) -> HistoryItem:
    """An action was executed, or failed with ``error`` (H-3, H-4).

    ``resource`` is the action's ARN, ``published`` the JSON text sent to it.
    """
    summary = f"Successfully executed action {resource}"
    if error is not None:
        summary = f'Failed to execute action {resource}. Received error: "{error}"'
    data: dict[str, object] = {
        "actionState": "Succeeded" if error is None else "Failed",
        "stateUpdateTimestamp": round((change.time - EPOCH).total_seconds() * 1000),
        "notificationResource": resource,
        "publishedMessage": published,
        "error": error,
    }
    return _item(alarm, change.time, "Action", summary, data)


def _item(
    alarm: Alarm,
    time: datetime,
    kind: _ItemType,
    summary: str,
    data: dict[str, object],
) -> HistoryItem:
    return HistoryItem(
        alarm_name=alarm.alarm_name,
        alarm_type="MetricAlarm" if isinstance(alarm, MetricAlarm) else "CompositeAlarm",
        timestamp=time,
        history_item_type=kind,
        history_summary=summary,
        history_data=json_text(data),
    )


def _state(change: StateChange) -> dict[str, object]:
    return {
        "stateValue": change.to_state,
        "stateReason": change.reason,
        "stateReasonData": json.loads(change.reason_data),
    }


def _described(alarm: Alarm, arn: str, time: str, state: State) -> dict[str, object]:
    described: dict[str, object] = {
        "alarmName": alarm.alarm_name,
        "alarmDescription": alarm.alarm_description,
        "alarmArn": arn,
        "alarmConfigurationUpdatedTimestamp": time,
    }
    described |= _metric(alarm) if isinstance(alarm, MetricAlarm) else rule_of(alarm)
    return described | {
        "stateValue": state,
        "stateUpdatedTimestamp": time,
        "actionsEnabled": alarm.actions_enabled,
        "alarmActions": alarm.alarm_actions,
        "insufficientDataActions": alarm.insufficient_data_actions,
        "okactions": alarm.ok_actions,  # the service spells it so
    }


def _metric(alarm: MetricAlarm) -> dict[str, object]:
    described: dict[str, object] = {
        "namespace": alarm.namespace,
        "metricName": alarm.metric_name,
        "statistic": alarm.statistic,
        "extendedStatistic": alarm.extended_statistic,
        "unit": alarm.unit,
        "period": alarm.period,
        "dimensions": [{"name": name, "value": value} for name, value in alarm.dimensions],
        "threshold": alarm.threshold,
        "comparisonOperator": alarm.comparison_operator,
        "evaluationPeriods": alarm.evaluation_periods,
        "datapointsToAlarm": alarm.datapoints_to_alarm,
        "treatMissingData": alarm.treat_missing_data,
    }
    # What was not set is not described (rule C-13).
    return {key: value for key, value in described.items() if value is not None}


def rule_of(alarm: CompositeAlarm) -> dict[str, object]:
    """The rule and the suppressor, as history and EventBridge describe them (rules C-13, V-2)."""
    described = {
        "alarmRule": alarm.alarm_rule,
        "actionsSuppressor": alarm.actions_suppressor,
        "actionsSuppressorWaitPeriod": alarm.actions_suppressor_wait_period,
        "actionsSuppressorExtensionPeriod": alarm.actions_suppressor_extension_period,
    }
    return {key: value for key, value in described.items() if value is not None}

"""CloudWatch alarms: datapoints, statistics, evaluation, state reasons. Pure: no I/O, no clock.

The state for given datapoints, one per period of the evaluation range, the oldest first::

    alarm = MetricAlarm(period=300, evaluation_periods=1, threshold=1.0)
    evaluate(alarm, [None, None, 2.0], "OK")  # "ALARM"

An alarm over a metric in time, from a definition in CloudFormation's words::

    alarm = metric_alarm_of({"AlarmName": "root-use", "Namespace": "Security", …})
    validate(alarm)
    run = AlarmRun(alarm, start=minute)  # minutes since the epoch
    run.add(minute, samples)  # a StatisticSet
    changes = run.advance(until=minute + 60)  # each with its reason and its datapoints

Composite alarms are brought into order by ``evaluation_order`` and run by ``CompositeRun``;
``ActionSuppressor`` says when their actions run. ``configuration_update``, ``state_update`` and
``action`` make the items of an alarm's history.
"""

from trailwarden.alarms.arns import alarm_arn
from trailwarden.alarms.changes import Point, StateChange
from trailwarden.alarms.composite import CompositeRun, evaluation_order
from trailwarden.alarms.datapoints import StatisticSet, is_publishable
from trailwarden.alarms.evaluation import evaluate
from trailwarden.alarms.history import HistoryItem, action, configuration_update, state_update
from trailwarden.alarms.model import (
    CompositeAlarm,
    Dimensions,
    MetricAlarm,
    State,
    WallClockWindow,
)
from trailwarden.alarms.properties import (
    COMPOSITE_ALARM_PROPERTIES,
    METRIC_ALARM_PROPERTIES,
    composite_alarm_of,
    metric_alarm_of,
)
from trailwarden.alarms.reasons import state_reason, state_reason_data
from trailwarden.alarms.rule import Rule, alarm_name, parse_rule
from trailwarden.alarms.series import AlarmRun, SeriesEvaluator
from trailwarden.alarms.statistics import Statistic, parse_statistic, statistic_of
from trailwarden.alarms.suppressor import Action, ActionSuppressor
from trailwarden.alarms.validation import validate
from trailwarden.alarms.windows import range_minutes

__all__ = [
    "COMPOSITE_ALARM_PROPERTIES",
    "METRIC_ALARM_PROPERTIES",
    "Action",
    "ActionSuppressor",
    "AlarmRun",
    "CompositeAlarm",
    "CompositeRun",
    "Dimensions",
    "HistoryItem",
    "MetricAlarm",
    "Point",
    "Rule",
    "SeriesEvaluator",
    "State",
    "StateChange",
    "Statistic",
    "StatisticSet",
    "WallClockWindow",
    "action",
    "alarm_arn",
    "alarm_name",
    "composite_alarm_of",
    "configuration_update",
    "evaluate",
    "evaluation_order",
    "is_publishable",
    "metric_alarm_of",
    "parse_rule",
    "parse_statistic",
    "range_minutes",
    "state_reason",
    "state_reason_data",
    "state_update",
    "statistic_of",
    "validate",
]

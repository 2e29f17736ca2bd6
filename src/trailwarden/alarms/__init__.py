"""CloudWatch alarms: datapoints, statistics, evaluation, state reasons. Pure: no I/O, no clock."""

from trailwarden.alarms.changes import Point, StateChange
from trailwarden.alarms.datapoints import StatisticSet, is_publishable
from trailwarden.alarms.evaluation import evaluate
from trailwarden.alarms.model import (
    CompositeAlarm,
    Dimensions,
    MetricAlarm,
    State,
    WallClockWindow,
)
from trailwarden.alarms.reasons import state_reason, state_reason_data
from trailwarden.alarms.series import AlarmRun, SeriesEvaluator
from trailwarden.alarms.statistics import Statistic, parse_statistic, statistic_of

__all__ = [
    "AlarmRun",
    "CompositeAlarm",
    "Dimensions",
    "MetricAlarm",
    "Point",
    "SeriesEvaluator",
    "State",
    "StateChange",
    "Statistic",
    "StatisticSet",
    "WallClockWindow",
    "evaluate",
    "is_publishable",
    "parse_statistic",
    "state_reason",
    "state_reason_data",
    "statistic_of",
]

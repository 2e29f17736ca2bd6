"""Alarms that name their one metric in a list, as consoles and newer tools write them."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.alarms.statistics import SIMPLE_STATISTICS

_PLAIN = {"Id", "Label", "MetricStat", "ReturnData"}


def unfolded(properties: Mapping[str, object]) -> Mapping[str, object]:
    """The same alarm with MetricName and its like, where ``Metrics`` holds just one metric.

    Everything else is returned as it is: math, several metrics, what is malformed.
    """
    if properties.get("MetricName") is not None:
        return properties
    metrics = properties.get("Metrics")
    if not isinstance(metrics, list | tuple) or len(metrics) != 1:
        return properties
    entry = metrics[0]
    if not isinstance(entry, Mapping) or not _PLAIN.issuperset(entry):
        return properties
    if str(entry.get("ReturnData", True)).lower() != "true":
        return properties
    stat = entry.get("MetricStat")
    if not isinstance(stat, Mapping):
        return properties
    metric = stat.get("Metric")
    if not isinstance(metric, Mapping):
        return properties
    name = "Statistic" if stat.get("Stat") in SIMPLE_STATISTICS else "ExtendedStatistic"
    named = {key: metric.get(key) for key in ("Namespace", "MetricName", "Dimensions")}
    measured = {"Period": stat.get("Period"), "Unit": stat.get("Unit"), name: stat.get("Stat")}
    rest = {key: value for key, value in properties.items() if key != "Metrics"}
    return {key: value for key, value in (rest | named | measured).items() if value is not None}

"""Which filters feed which alarm: they meet through namespace, metric name and dimensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trailwarden.alarms import Dimensions, MetricAlarm
from trailwarden.stack.model import MetricFilter, MetricTransformation

_Metric = tuple[str | None, str | None, frozenset[str]]  # namespace, name, dimension names


@dataclass(frozen=True, slots=True)
class Feed:
    """How one filter feeds one alarm's metric.

    ``value`` is what each match adds, None where the record decides (its value or its
    ``dimensions``). ``default`` is what each record without a match adds (rule D-2).
    """

    filter: int
    dimensions: Dimensions
    value: float | None
    default: float | None


def is_varying(transformation: MetricTransformation) -> bool:
    """True where the record decides the metric's value or dimensions."""
    return "$" in transformation.metric_value or bool(transformation.dimensions)


class Metrics:
    """The metrics that ``filters`` publish."""

    def __init__(self, filters: Sequence[MetricFilter]) -> None:
        self._found: defaultdict[_Metric, list[tuple[int, MetricTransformation]]]
        self._found = defaultdict(list)
        for position, metric_filter in enumerate(filters):
            for one in metric_filter.metric_transformations:
                metric = _metric(one.metric_namespace, one.metric_name, one.dimensions)
                self._found[metric].append((position, one))

    def feeds(self, alarm: MetricAlarm) -> tuple[Feed, ...]:
        """How the filters feed the metric of ``alarm``: dimensions must be the exact set (M-1)."""
        metric = _metric(alarm.namespace, alarm.metric_name, alarm.dimensions)
        found = self._found.get(metric, [])
        unit = _unit(alarm, (transformation for _, transformation in found))
        return tuple(
            Feed(
                filter=position,
                dimensions=alarm.dimensions,
                value=None if is_varying(transformation) else float(transformation.metric_value),
                default=transformation.default_value,
            )
            for position, transformation in found
            if (transformation.unit or "None") == unit
        )


def _metric(namespace: str | None, name: str | None, dimensions: Dimensions) -> _Metric:
    return namespace, name, frozenset(dimension for dimension, _ in dimensions)


def _unit(alarm: MetricAlarm, transformations: Iterable[MetricTransformation]) -> str:
    """The unit the alarm reads (rule M-3). Samples of different units are never added up."""
    if alarm.unit is not None:
        return alarm.unit
    return min({t.unit or "None" for t in transformations}, default="None")

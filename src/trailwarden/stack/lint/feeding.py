"""What the filters of a stack add to the metric of an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from trailwarden.alarms.evaluation import needed_to_alarm
from trailwarden.alarms.model import MetricAlarm
from trailwarden.stack.model import MetricTransformation, Stack


@dataclass(frozen=True, slots=True)
class Fed:
    """An alarm whose metric filters of the stack publish.

    ``values`` is what a match adds, None where records decide; ``defaults`` is what other events
    add (rule D-2), for the filters that have a default.
    """

    alarm: MetricAlarm
    values: tuple[float, ...] | None
    defaults: tuple[float, ...]
    all_default: bool

    @property
    def samples(self) -> tuple[float, ...] | None:
        """Every value that a sample can have, or None where records decide."""
        return None if self.values is None else (*self.values, *self.defaults)

    @property
    def grows(self) -> bool:
        """True for an alarm on much of something, False for one on little."""
        return self.alarm.comparison_operator.startswith("Greater")

    @property
    def to_alarm(self) -> int:
        """M: how many periods must breach."""
        return needed_to_alarm(self.alarm)

    def breaches(self, value: float) -> bool:
        """Whether a datapoint of this value breaches the threshold."""
        threshold = self.alarm.threshold
        if threshold is None:
            return False
        match self.alarm.comparison_operator:
            case "GreaterThanThreshold":
                return value > threshold
            case "GreaterThanOrEqualToThreshold":
                return value >= threshold
            case "LessThanThreshold":
                return value < threshold
            case _:
                return value <= threshold


def fed_alarms(stack: Stack) -> Iterator[Fed]:
    """The alarms that read metrics of the stack's filters: equal names and dimensions (M-1)."""
    published: dict[tuple[object, ...], list[MetricTransformation]] = {}
    for metric_filter in stack.metric_filters:
        for one in metric_filter.metric_transformations:
            names = frozenset(name for name, _ in one.dimensions)
            published.setdefault((one.metric_namespace, one.metric_name, names), []).append(one)
    for alarm in stack.alarms:
        names = frozenset(name for name, _ in alarm.dimensions)
        found = published.get((alarm.namespace, alarm.metric_name, names))
        # A unit that no filter has is another finding (M-3).
        found = [one for one in found or () if alarm.unit in (None, one.unit or "None")]
        if found:
            defaults = tuple(one.default_value for one in found if one.default_value is not None)
            yield Fed(alarm, _values(found), defaults, len(defaults) == len(found))


def _values(transformations: list[MetricTransformation]) -> tuple[float, ...] | None:
    values = []
    for one in transformations:
        try:
            value = float(one.metric_value)
        except ValueError:
            return None  # a selector: records decide
        if not isfinite(value):
            return None
        values.append(value)
    return tuple(values)

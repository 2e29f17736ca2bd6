"""Names that stay apart when several regions, or log groups, are read into one stack.

A name or a metric that occurs once keeps its name. Otherwise all that bear it get their place as a
suffix: ``root-usage (eu-west-1)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.rule import alarm_name
from trailwarden.errors import Location
from trailwarden.stack.live.region import Region
from trailwarden.stack.live.rule_names import rule_about
from trailwarden.stack.model import MetricFilter, MetricTransformation

_Named = TypeVar("_Named", bound=Hashable)


class Names:
    """The filters and alarms of ``regions``, under names that are their own."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = regions
        filters = [one for region in regions for one in region.filters if one.definition]
        self._filters_of_regions = _repeated((one.name, one.region) for one in filters)
        self._filters_of_groups = _repeated((one.name, one.log_group) for one in filters)
        self._alarms = _repeated(
            (name, region.name) for region in regions for name in region.alarms.locations
        )
        # In AWS, metrics of the same name in two regions are two metrics.
        self._metrics = _repeated(
            ((metric.metric_namespace, metric.metric_name), one.region)
            for one in filters
            for metric in one.metrics
        )

    def metric_filters(self) -> Iterator[tuple[MetricFilter, Location]]:
        for region in self._regions:
            for one in region.filters:
                if one.definition is None:
                    continue
                places = [one.log_group] if one.name in self._filters_of_groups else []
                places += [one.region] if one.name in self._filters_of_regions else []
                renamed = replace(
                    one.definition,
                    filter_name=_in(", ".join(places), one.name),
                    metric_transformations=tuple(
                        self._metric(metric, one.region) for metric in one.metrics
                    ),
                )
                yield renamed, one.location

    def alarms(self) -> Iterator[tuple[MetricAlarm, Location]]:
        for region in self._regions:
            for alarm in region.alarms.metric:
                renamed = replace(
                    alarm,
                    alarm_name=self._alarm(alarm.alarm_name, region.name),
                    namespace=self._namespace(
                        alarm.namespace or "", alarm.metric_name or "", region.name
                    ),
                )
                yield renamed, region.alarms.locations[alarm.alarm_name]

    def composite_alarms(self) -> Iterator[tuple[CompositeAlarm, Location]]:
        for region in self._regions:
            new = {name: self._alarm(name, region.name) for name in region.alarms.locations}
            for alarm in region.alarms.composite:
                suppressor = alarm.actions_suppressor
                renamed = replace(
                    alarm,
                    alarm_name=new[alarm.alarm_name],
                    alarm_rule=rule_about(alarm.alarm_rule, new),
                    actions_suppressor=suppressor and new[alarm_name(suppressor)],
                )
                yield renamed, region.alarms.locations[alarm.alarm_name]

    def _alarm(self, name: str, region: str) -> str:
        return _in(region, name) if name in self._alarms else name

    def _namespace(self, namespace: str, metric: str, region: str) -> str:
        return _in(region, namespace) if (namespace, metric) in self._metrics else namespace

    def _metric(self, metric: MetricTransformation, region: str) -> MetricTransformation:
        namespace = self._namespace(metric.metric_namespace, metric.metric_name, region)
        return replace(metric, metric_namespace=namespace)


def _in(place: str, name: str) -> str:
    return f"{name} ({place})" if place else name


def _repeated(names: Iterable[tuple[_Named, str]]) -> frozenset[_Named]:
    """The names that occur in more than one place; the pairs are (name, place)."""
    places: defaultdict[_Named, set[str]] = defaultdict(set)
    for name, place in names:
        places[name].add(place)
    return frozenset(name for name, found in places.items() if len(found) > 1)

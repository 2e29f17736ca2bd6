"""What a fix knows of the place of a finding: the resource in the template, and the stack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.stack.lint.feeding import Fed, fed_alarms
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.fixing.changes import Drop, Put
from trailwarden.stack.lint.fixing.checking import node_at
from trailwarden.stack.lint.fixing.spots import Path, Step
from trailwarden.stack.model import Stack
from trailwarden.stack.nodes import Items, Node, Scalar

Metric = tuple[str | None, str | None]
"""Namespace and name."""


class Scene:
    """A stack and the nodes of its template, in which the sites of many findings are looked up."""

    def __init__(self, stack: Stack, root: Node) -> None:
        self.stack = stack
        self.root = root

    @cached_property
    def alarms(self) -> dict[str, MetricAlarm | CompositeAlarm]:
        """The alarms by where they stand: ``Resources.RootAlarm``."""
        every: list[MetricAlarm | CompositeAlarm] = [
            *self.stack.alarms,
            *self.stack.composite_alarms,
        ]
        places = [self.stack.locations.get(("Alarm", one.alarm_name)) for one in every]
        return {
            place.key: one
            for place, one in zip(places, every, strict=True)
            if place is not None and place.key is not None
        }

    @cached_property
    def readers(self) -> dict[Metric, list[Fed]]:
        """The alarms on each metric to which filters add."""
        found: defaultdict[Metric, list[Fed]] = defaultdict(list)
        for fed in fed_alarms(self.stack):
            found[fed.alarm.namespace, fed.alarm.metric_name].append(fed)
        return dict(found)

    @cached_property
    def writers(self) -> dict[Metric, list[tuple[str, int]]]:
        """The filters that add to each metric: where they stand, and which transformation it is."""
        found: defaultdict[Metric, list[tuple[str, int]]] = defaultdict(list)
        for one in self.stack.metric_filters:
            place = self.stack.locations.get(("MetricFilter", one.filter_name))
            for at, made in enumerate(one.metric_transformations):
                if place is not None and place.key is not None:
                    found[made.metric_namespace, made.metric_name].append((place.key, at))
        return dict(found)

    @cached_property
    def units(self) -> dict[Metric, set[str | None]]:
        """The units with which filters add to each metric."""
        found: defaultdict[Metric, set[str | None]] = defaultdict(set)
        for metric_filter in self.stack.metric_filters:
            for one in metric_filter.metric_transformations:
                found[one.metric_namespace, one.metric_name].add(one.unit)
        return dict(found)


@dataclass(frozen=True, slots=True)
class Site:
    """``key`` is where findings say that the resource stands: ``Resources.RootAlarm``."""

    scene: Scene
    key: str

    @property
    def root(self) -> Node:
        return self.scene.root

    def path(self, *steps: Step) -> Path:
        """The path to a property."""
        return (*self.key.split("."), "Properties", *steps)

    def has(self, *steps: Step) -> bool:
        return node_at(self.root, self.path(*steps)) is not None

    def literal(self, *steps: Step) -> str | None:
        """The property where the template has it in plain letters, not by a function."""
        node = node_at(self.root, self.path(*steps))
        return node.text if isinstance(node, Scalar) and not node.unknown else None

    def put(self, name: str, text: str, *, quoted: bool = True) -> Iterator[Put]:
        """Give a property a value, unless a function or something other than one value has it."""
        if not self.has(name) or self.literal(name) is not None:
            yield Put(self.path(name), text, quoted)

    def drop(self, name: str) -> Iterator[Drop]:
        if self.has(name):
            yield Drop(self.path(name))

    def alarm(self) -> MetricAlarm | CompositeAlarm | None:
        """The alarm that stands here."""
        return self.scene.alarms.get(self.key)

    def fed(self) -> Fed | None:
        """The alarm that stands here, with what filters add to its metric."""
        alarm = self.alarm()
        if not isinstance(alarm, MetricAlarm):
            return None
        readers = self.scene.readers.get((alarm.namespace, alarm.metric_name), [])
        return next((fed for fed in readers if fed.alarm is alarm), None)

    def feeding(self, metric: Metric) -> Iterator[tuple[Site, int]]:
        """The filters that add to a metric, each with the index of the transformation."""
        for key, at in self.scene.writers.get(metric, []):
            site = Site(self.scene, key)
            if isinstance(node_at(self.root, site.path("MetricTransformations")), Items):
                yield site, at


def site_of(scene: Scene, finding: Finding) -> Site | None:
    """The place of a finding on a resource that the template's text holds as it is."""
    key = finding.location.key or ""
    steps = tuple(key.split("."))
    if len(steps) != 2 or steps[0] != "Resources" or finding.location.source != scene.stack.source:
        return None
    return Site(scene, key) if node_at(scene.root, (*steps, "Properties")) is not None else None

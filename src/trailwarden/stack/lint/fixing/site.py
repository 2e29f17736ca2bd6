"""What a fix knows of the place of a finding: the resource in the template, and the stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trailwarden.stack.lint.feeding import Fed, fed_alarms
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.fixing.changes import Drop, Put
from trailwarden.stack.lint.fixing.checking import node_at
from trailwarden.stack.lint.fixing.spots import Path, Step
from trailwarden.stack.model import MetricFilter, Stack
from trailwarden.stack.nodes import Items, Node, Scalar


@dataclass(frozen=True, slots=True)
class Site:
    """``key`` is where findings say that the resource stands: ``Resources.RootAlarm``."""

    stack: Stack
    root: Node
    key: str

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

    def fed(self) -> Fed | None:
        """The alarm that stands here, with what filters add to its metric."""
        for fed in fed_alarms(self.stack):
            if self._key("Alarm", fed.alarm.alarm_name) == self.key:
                return fed
        return None

    def metric_filter(self) -> MetricFilter | None:
        for one in self.stack.metric_filters:
            if self._key("MetricFilter", one.filter_name) == self.key:
                return one
        return None

    def feeding(self, namespace: str | None, name: str | None) -> Iterator[tuple[Site, int]]:
        """The filters that add to a metric, each with the index of the transformation."""
        for one in self.stack.metric_filters:
            key = self._key("MetricFilter", one.filter_name)
            for at, made in enumerate(one.metric_transformations):
                if (made.metric_namespace, made.metric_name) == (namespace, name) and key:
                    site = Site(self.stack, self.root, key)
                    if isinstance(node_at(self.root, site.path("MetricTransformations")), Items):
                        yield site, at

    def _key(self, kind: str, name: str) -> str | None:
        place = self.stack.locations.get((kind, name))
        return place.key if place else None


def site_of(stack: Stack, root: Node, finding: Finding) -> Site | None:
    """The place of a finding on a resource that the template's text holds as it is."""
    key = finding.location.key or ""
    steps = tuple(key.split("."))
    if len(steps) != 2 or steps[0] != "Resources" or finding.location.source != stack.source:
        return None
    return Site(stack, root, key) if node_at(root, (*steps, "Properties")) is not None else None

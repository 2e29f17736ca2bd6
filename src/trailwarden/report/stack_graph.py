"""How the definitions of a stack hang together, as data: nodes and edges.

Trails deliver to log groups, whose filters publish metrics, which alarms read; alarms tell topics,
and those their subscribers. Which metric an alarm reads is decided by :mod:`monitor.metrics`, as
in a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.rule import alarm_name, parse_rule
from trailwarden.monitor.metrics import Metrics
from trailwarden.report.wording import condition
from trailwarden.stack.links import actions_of, log_group_of_arn
from trailwarden.stack.model import MetricFilter, MetricTransformation, Stack, Subscription

Kind = Literal[
    "trail",
    "log group",
    "metric filter",
    "metric",
    "alarm",
    "composite alarm",
    "topic",
    "action",
    "subscription",
]
Alarm = MetricAlarm | CompositeAlarm
_Identity = tuple[str | None, str | None, frozenset[str]]  # namespace, name, dimension names
_NO_UNIT = "None"


@dataclass(frozen=True, slots=True)
class Node:
    """One definition, or what definitions name. ``id`` is its position in the graph's nodes.

    ``is_defined`` is False for what the stack only names: a topic of another stack, a metric that
    no filter publishes. ``name`` and ``detail`` are as hostile as the stack's source.
    """

    id: int
    kind: Kind
    name: str
    detail: str = ""
    is_defined: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """What goes from the node ``source`` to the node ``target``; ``label`` may be empty."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by kind, from trails to subscriptions, each kind in the stack's order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(stack: Stack) -> Graph:
    """The graph of ``stack``. Raises RuleError for an alarm rule that no loader lets pass."""
    builder = _Builder(stack)
    builder.logs()
    builder.filters()
    builder.alarms()
    builder.topics()
    return builder.graph()


class _Builder:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._nodes: list[Node] = []
        self._edges: dict[Edge, None] = {}
        self._known: dict[tuple[Kind, object], int] = {}
        self._metrics = Metrics(stack.metric_filters)
        self._units: defaultdict[_Identity, set[str]] = defaultdict(set)
        self._chosen: dict[_Identity, str] = {}  # the units of alarms that name none

    def graph(self) -> Graph:
        return Graph(tuple(self._nodes), tuple(self._edges))

    def _node(
        self, kind: Kind, key: object, name: str, detail: str = "", *, is_defined: bool = True
    ) -> int:
        """The node of this kind and key; the first that asks for it describes it."""
        if (kind, key) not in self._known:
            self._known[kind, key] = len(self._nodes)
            self._nodes.append(Node(len(self._nodes), kind, name, detail, is_defined))
        return self._known[kind, key]

    def _edge(self, source: int, target: int, label: str = "") -> None:
        self._edges[Edge(source, target, label)] = None

    # --- records -------------------------------------------------------------------------
    def logs(self) -> None:
        for position, trail in enumerate(self._stack.trails):
            detail = "" if trail.is_logging else "not logging"
            self._node("trail", position, trail.trail_name, detail)
        for group in self._stack.log_groups:
            self._node("log group", group.log_group_name, group.log_group_name)
        for position, trail in enumerate(self._stack.trails):
            if trail.cloud_watch_logs_log_group_arn is not None:
                name = log_group_of_arn(trail.cloud_watch_logs_log_group_arn)
                self._edge(self._known["trail", position], self._log_group(name))

    def _log_group(self, name: str) -> int:
        return self._node("log group", name, name, is_defined=False)

    def filters(self) -> None:
        groups = [self._log_group(one.log_group_name) for one in self._stack.metric_filters]
        for position, one in enumerate(self._stack.metric_filters):
            self._edge(groups[position], self._node("metric filter", position, one.filter_name))
        for position, one in enumerate(self._stack.metric_filters):
            self._publish(self._known["metric filter", position], one)

    def _publish(self, node: int, one: MetricFilter) -> None:
        for transformation in one.metric_transformations:
            identity, unit = _identity(transformation), transformation.unit or _NO_UNIT
            self._units[identity].add(unit)
            self._edge(node, self._metric(identity, unit, is_defined=True))

    # --- alarms --------------------------------------------------------------------------
    def alarms(self) -> None:
        read = [self._read_metric(alarm) for alarm in self._stack.alarms]
        for alarm, metric in zip(self._stack.alarms, read, strict=True):
            self._edge(metric, self._alarm("alarm", alarm))
        for composite in self._stack.composite_alarms:
            self._alarm("composite alarm", composite)
        for composite in self._stack.composite_alarms:
            self._children(composite)

    def _read_metric(self, alarm: MetricAlarm) -> int:
        """The node of the metric that ``alarm`` reads (rule M-1)."""
        identity = _identity(alarm)
        unit = alarm.unit or self._unit_without_choice(identity, alarm)
        return self._metric(identity, unit, is_defined=False)

    def _unit_without_choice(self, identity: _Identity, alarm: MetricAlarm) -> str:
        """The unit that ``alarm``, which names none, reads: in a run, one of them (rule M-3)."""
        if identity not in self._chosen:
            fed = self._metrics.feeds(alarm)
            self._chosen[identity] = next(
                (
                    unit
                    for unit in sorted(self._units.get(identity, ()))
                    if self._metrics.feeds(replace(alarm, unit=unit)) == fed
                ),
                _NO_UNIT,
            )
        return self._chosen[identity]

    def _metric(self, identity: _Identity, unit: str, *, is_defined: bool) -> int:
        namespace, name, dimensions = identity
        parts = [f"by {', '.join(sorted(dimensions))}"] if dimensions else []
        parts += [f"in {unit}"] if unit != _NO_UNIT else []
        shown = "/".join(filter(None, (namespace, name)))
        return self._node(
            "metric", (identity, unit), shown, ", ".join(parts), is_defined=is_defined
        )

    def _alarm(self, kind: Kind, alarm: Alarm) -> int:
        return self._node(kind, alarm.alarm_name, alarm.alarm_name, condition(alarm))

    def _children(self, composite: CompositeAlarm) -> None:
        target = self._any_alarm(composite.alarm_name)
        for child in parse_rule(composite.alarm_rule).children():
            self._edge(self._any_alarm(child), target, "part of")
        if composite.actions_suppressor is not None:
            suppressor = self._any_alarm(alarm_name(composite.actions_suppressor))
            self._edge(suppressor, target, "suppresses")

    def _any_alarm(self, name: str) -> int:
        composite = self._known.get(("composite alarm", name))
        return (
            composite
            if composite is not None
            else self._node("alarm", name, name, "", is_defined=False)
        )

    # --- topics --------------------------------------------------------------------------
    def topics(self) -> None:
        for topic in self._stack.topics:
            self._node("topic", topic.arn, topic.topic_name)
        for kind, alarm in self._kinds():
            source = self._known[kind, alarm.alarm_name]
            for action in actions_of(alarm):
                self._edge(source, self._action(action), _states(alarm, action))
        for position, subscription in enumerate(self._stack.subscriptions):
            target = self._subscription(position, subscription)
            self._edge(self._action(subscription.topic_arn), target)

    def _kinds(self) -> Iterable[tuple[Kind, Alarm]]:
        yield from (("alarm", alarm) for alarm in self._stack.alarms)
        yield from (("composite alarm", alarm) for alarm in self._stack.composite_alarms)

    def _action(self, arn: str) -> int:
        is_topic = ("topic", arn) in self._known or may_be_topic(arn)
        return self._node("topic" if is_topic else "action", arn, arn, is_defined=False)

    def _subscription(self, position: int, one: Subscription) -> int:
        name = " ".join(filter(None, (one.protocol, one.endpoint)))
        detail = "not confirmed" if one.confirmed is False else ""
        return self._node("subscription", position, name, detail)


def may_be_topic(arn: str) -> bool:
    """True for a topic's ARN, and for one that is not known before deployment."""
    return arn.split(":", 3)[2:3] == ["sns"] or arn.startswith("${")


def _identity(one: MetricTransformation | MetricAlarm) -> _Identity:
    dimensions = frozenset(name for name, _ in one.dimensions)
    if isinstance(one, MetricAlarm):
        return one.namespace, one.metric_name, dimensions
    return one.metric_namespace, one.metric_name, dimensions


def _states(alarm: Alarm, action: str) -> str:
    """In which states ``alarm`` tells ``action``."""
    by_state = (
        ("ALARM", alarm.alarm_actions),
        ("OK", alarm.ok_actions),
        ("INSUFFICIENT_DATA", alarm.insufficient_data_actions),
    )
    states = ", ".join(state for state, actions in by_state if action in actions)
    return states if alarm.actions_enabled else f"{states}, disabled"

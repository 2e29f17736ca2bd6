"""The loose ends of a stack: definitions that lead nowhere, or that nothing leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from trailwarden.report.stack_graph import Alarm, Graph, Kind, Node
from trailwarden.stack.links import heard_by_rules
from trailwarden.stack.model import Stack


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """``code`` is stable and short; ``node`` is the id of the node that ``message`` speaks of."""

    code: str
    message: str
    node: int


# Notes of these codes say what a loose end says, or less.
COVERED_NOTES = frozenset(
    {
        "filter-without-alarm",
        "alarm-without-metric",
        "alarm-dimensions-differ",
        "alarm-unit-differs",
        "alarm-without-actions",
        "alarm-actions-disabled",
        "trail-not-logging",
        "topic-without-subscriber",
    }
)


class Links:
    """The neighbours of each node of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._nodes = graph.nodes
        self._before: dict[int, list[int]] = {}
        self._after: dict[int, list[int]] = {}
        for edge in graph.edges:
            self._before.setdefault(edge.target, []).append(edge.source)
            self._after.setdefault(edge.source, []).append(edge.target)

    def before(self, node: Node) -> list[Node]:
        """What leads to ``node``."""
        return [self._nodes[one] for one in self._before.get(node.id, ())]

    def after(self, node: Node) -> list[Node]:
        """What ``node`` leads to."""
        return [self._nodes[one] for one in self._after.get(node.id, ())]


@dataclass(frozen=True, slots=True)
class _Alarms:
    """``acting`` says of alarms with AlarmActions whether those are enabled.

    ``published`` are the metrics that filters publish, by their names. Of the alarms in ``heard``
    an EventBridge rule hears, without any action.
    """

    acting: Mapping[str, bool]
    heard: frozenset[str]
    published: Mapping[str, list[str]]


def _alarms(stack: Stack, graph: Graph) -> _Alarms:
    alarms: tuple[Alarm, ...] = (*stack.alarms, *stack.composite_alarms)
    published: dict[str, list[str]] = {}
    for node in graph.nodes:
        if node.kind == "metric" and node.is_defined:
            published.setdefault(node.name, []).append(_metric(node))
    acting = {one.alarm_name: one.actions_enabled for one in alarms if one.alarm_actions}
    return _Alarms(acting, heard_by_rules(stack), published)


def loose_ends(stack: Stack, graph: Graph) -> tuple[LooseEnd, ...]:
    """The loose ends of ``graph``, which is that of ``stack``, in the order of its nodes."""
    links = Links(graph)
    alarms = _alarms(stack, graph)
    found = []
    for node in graph.nodes:
        if node.kind in ("alarm", "composite alarm"):
            ends = _alarm(node, links, alarms)
        else:
            check = _CHECKS.get(node.kind)
            ends = check(node, links) if check else iter(())
        found += [LooseEnd(code, message, node.id) for code, message in ends]
    return tuple(found)


_Ends = Iterator[tuple[str, str]]  # codes and messages


def _trail(node: Node, links: Links) -> _Ends:
    if node.detail:  # only a trail that is not logging has one
        yield "trail-not-logging", f"the trail {node.name!r} delivers nothing: IsLogging is false"
    if not links.after(node):
        yield (
            "trail-without-log-group",
            f"the trail {node.name!r} delivers to no log group, so no filter sees its events",
        )


def _log_group(node: Node, links: Links) -> _Ends:
    if not links.after(node):
        yield "log-group-without-filter", f"no metric filter reads the log group {node.name!r}"


def _filter(node: Node, links: Links) -> _Ends:
    for metric in links.after(node):
        if not links.after(metric):
            yield (
                "filter-without-alarm",
                f"no alarm reads the metric {_metric(metric)} of the filter {node.name!r}",
            )


def _topic(node: Node, links: Links) -> _Ends:
    if not node.is_defined:
        return
    subscriptions = links.after(node)
    if all(one.detail for one in subscriptions):  # those that are not confirmed
        what = "confirmed" if subscriptions else "known"
        yield "topic-without-subscriber", f"no subscription of the topic {node.name!r} is {what}"
    if not links.before(node):
        yield "topic-without-alarm", f"no alarm tells the topic {node.name!r}"


_CHECKS: dict[Kind, Callable[[Node, Links], _Ends]] = {
    "trail": _trail,
    "log group": _log_group,
    "metric filter": _filter,
    "topic": _topic,
}


def _alarm(node: Node, links: Links, alarms: _Alarms) -> _Ends:
    if not node.is_defined:
        yield "unknown-alarm", f"composite alarms name {node.name!r}, which is not defined here"
        return
    for metric in links.before(node):
        if metric.kind == "metric" and not metric.is_defined:
            yield "alarm-without-metric", _unpublished(node, metric, alarms)
    if alarms.acting.get(node.name) is False:
        yield (
            "alarm-actions-disabled",
            f"nobody is told when the alarm {node.name!r} fires: ActionsEnabled is false",
        )
    elif node.name not in (*alarms.acting, *alarms.heard) and not _is_part(node, links):
        yield (
            "alarm-without-actions",
            f"nobody is told when the alarm {node.name!r} fires: it has no AlarmActions",
        )


def _is_part(node: Node, links: Links) -> bool:
    return any(after.kind == "composite alarm" for after in links.after(node))


def _unpublished(alarm: Node, metric: Node, alarms: _Alarms) -> str:
    start = f"no filter publishes the metric {_metric(metric)} of the alarm {alarm.name!r}"
    others = alarms.published.get(metric.name, [])
    return f"{start}; there is {', '.join(others[:3])}" if others else start


def _metric(node: Node) -> str:
    return f"{node.name} ({node.detail})" if node.detail else node.name

"""A graph as a tree that can be read from top to bottom, and that ends."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from trailwarden.report.stack_graph import Graph, Node

MAX_DEPTH = 20  # composite alarms may stand behind each other without end


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the tree, ``depth`` steps from the left.

    ``label`` says how the line above leads here. ``is_again`` marks a node whose followers stand
    elsewhere; ``is_cut`` one whose followers are too deep to show.
    """

    depth: int
    node: Node
    label: str
    is_last: bool
    is_again: bool
    is_cut: bool


def lines_of(graph: Graph) -> Iterator[Line]:
    """Every node at least once, and its followers exactly once: so cycles end too."""
    following: dict[int, list[tuple[int, str]]] = {}
    for edge in graph.edges:
        following.setdefault(edge.source, []).append((edge.target, edge.label))
    led_to = {edge.target for edge in graph.edges}
    done: set[int] = set()
    starts = [node.id for node in graph.nodes if node.id not in led_to]
    for start in (*starts, *range(len(graph.nodes))):
        waiting = [start]
        while waiting:
            root = waiting.pop(0)
            if root not in done:
                cut = yield from _below(root, graph, following, done)
                waiting += cut


def _below(
    start: int, graph: Graph, following: dict[int, list[tuple[int, str]]], done: set[int]
) -> Generator[Line, None, list[int]]:
    """The tree that begins at ``start``; returns the nodes that begin trees of their own."""
    apart: list[int] = []
    waiting = [(0, start, "", True)]
    while waiting:
        depth, number, label, is_last = waiting.pop()
        after = following.get(number, [])
        is_again = number in done and bool(after)
        is_cut = depth >= MAX_DEPTH and bool(after) and not is_again
        yield Line(depth, graph.nodes[number], label, is_last, is_again, is_cut)
        if is_cut:
            apart.append(number)
            continue
        done.add(number)
        if not is_again:
            steps = [
                (depth + 1, target, name, place == len(after) - 1)
                for place, (target, name) in enumerate(after)
            ]
            waiting.extend(reversed(steps))
    return apart

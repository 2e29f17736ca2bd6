"""A stack with what was found out about it, made once for all reports on it."""

from __future__ import annotations

from dataclasses import dataclass

from trailwarden.report.stack_graph import Graph, graph_of
from trailwarden.report.stack_loose import LooseEnd, loose_ends
from trailwarden.stack.model import Stack


@dataclass(frozen=True, slots=True)
class StackView:
    """What the reports on a stack show."""

    stack: Stack
    graph: Graph
    loose_ends: tuple[LooseEnd, ...]


def view_of(stack: Stack) -> StackView:
    """Raises RuleError for an alarm rule that no loader lets pass."""
    graph = graph_of(stack)
    return StackView(stack, graph, loose_ends(stack, graph))

"""``stack show --output mermaid``: the graph as a flowchart for pages that draw Mermaid.

Names reach the text only as labels in quotation marks, of which all but letters, digits and a few
harmless marks are written as numbers (``#34;``), so that no name can end its label, be taken for
markup, or be read as a directive. Nodes are called by numbers of their own.
"""

from __future__ import annotations

import re
from typing import IO

from trailwarden.report.stack_graph import Edge, Graph, Kind, Node
from trailwarden.report.stack_tree import lines_of
from trailwarden.report.stack_view import StackView
from trailwarden.report.wording import shortened
from trailwarden.text import plural

MOST_NODES = 2_000
# Mermaid refuses more, unless the page that draws it says otherwise.
MOST_EDGES = 500
MOST_CHARACTERS = 50_000
_RESERVED = 2_000  # characters for the frame around nodes and edges
_NAME = 60
# A dot or hyphen inside a word is harmless; behind a blank it would begin a list in Markdown.
_UNSAFE = re.compile(r"(?<![0-9A-Za-z])[-./]|[-./](?![0-9A-Za-z])|[^-./ 0-9A-Za-z]")
# What Mermaid acts on inside labels too: a formula, a line break, an icon. A blank parts it.
_ACTIVE = re.compile(r"\$(?=\$)|\\(?=n)|:(?=fa-)")
_SHAPES: dict[Kind, tuple[str, str]] = {
    "trail": ("([", "])"),
    "log group": ("[(", ")]"),
    "metric": ("(", ")"),
    "alarm": ("{{", "}}"),
    "composite alarm": ("{{", "}}"),
    "topic": ("([", "])"),
}
_PLAIN = ("[", "]")


def render_mermaid(view: StackView, stream: IO[str]) -> None:
    """Write the flowchart; what is left out of it is counted in a node of its own."""
    kept = _kept(view.graph)
    lines = ["flowchart LR"]
    lines += [_node(node) for node in view.graph.nodes if node.id in kept]
    lines += [_edge(edge) for edge in view.graph.edges if _ends(edge) <= kept]
    left = len(view.graph.nodes) - len(kept)
    if left:
        lines.append(f'  rest["{plural(left, "more node")} left out"]')
    lines += _styles(view, kept)
    stream.write("\n".join(lines) + "\n")


def label(text: str) -> str:
    """``text`` between quotation marks, harmless, on one line and cut."""
    parted = _ACTIVE.sub(r"\g<0> ", shortened(text, _NAME))
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", parted)


def _node(node: Node) -> str:
    before, after = _SHAPES.get(node.kind, _PLAIN)
    detail = f"<br/>{label(node.detail)}" if node.kind == "metric" and node.detail else ""
    return f'  n{node.id}{before}"{node.kind}<br/>{label(node.name)}{detail}"{after}'


def _edge(edge: Edge) -> str:
    text = f'|"{label(edge.label)}"|' if edge.label else ""
    return f"  n{edge.source} -->{text} n{edge.target}"


def _ends(edge: Edge) -> set[int]:
    return {edge.source, edge.target}


def _kept(graph: Graph) -> set[int]:
    """As many nodes as fit, one chain after the other."""
    edges: dict[int, list[Edge]] = {}
    for edge in graph.edges:
        for end in _ends(edge):
            edges.setdefault(end, []).append(edge)
    kept: set[int] = set()
    nodes, links, characters = MOST_NODES, MOST_EDGES, MOST_CHARACTERS - _RESERVED
    for line in lines_of(graph):
        node = line.node
        if node.id in kept:
            continue
        kept.add(node.id)
        new = [edge for edge in edges.get(node.id, ()) if _ends(edge) <= kept]
        nodes, links = nodes - 1, links - len(new)
        # The node's line, its mark as a loose end, and the lines of its edges.
        characters -= len(_node(node)) + len(f"\n,n{node.id}")
        characters -= sum(len(_edge(edge)) + 1 for edge in new)
        if min(nodes, links, characters) < 0:
            kept.remove(node.id)
            break
    return kept


def _styles(view: StackView, kept: set[int]) -> list[str]:
    loose = {end.node for end in view.loose_ends} & kept
    foreign = {node.id for node in view.graph.nodes if not node.is_defined} & kept - loose
    lines = []
    for name, style, members in (
        ("loose", "stroke:darkorange,stroke-width:3px", loose),
        ("foreign", "stroke-dasharray:4", foreign),
    ):
        if members:
            lines.append(f"  classDef {name} {style}")
            lines.append(f"  class {','.join(f'n{one}' for one in sorted(members))} {name}")
    return lines

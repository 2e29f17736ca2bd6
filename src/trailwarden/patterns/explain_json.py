"""Explaining JSON patterns. Every truth is the evaluator's own; only the words are made here."""

from __future__ import annotations

from typing import Any

from trailwarden.patterns.explain_elements import why_apart
from trailwarden.patterns.explain_missing import why_missing
from trailwarden.patterns.explain_model import Explanation, Found, Kind, Node, all_of, any_of
from trailwarden.patterns.explain_reasons import why
from trailwarden.patterns.explain_spelling import leaf_text, selector_text, value_text
from trailwarden.patterns.explain_values import described, shown
from trailwarden.patterns.explain_wildcard import values_under
from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.messages import Message, object_of
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Is,
    JsonSyntax,
    Leaf,
    Or,
)
from trailwarden.patterns.values import MISSING, leaf_matcher

MOST_VALUES = 5  # of a wildcard that are shown
_MOST_REASONS = 1_000  # values of a wildcard that a reason is looked for in
_NO_OBJECT = "the message is no JSON object, and no JSON pattern matches anything else"


def explain_json(syntax: JsonSyntax, message: Message) -> Explanation:
    """Why ``message`` matches or not."""
    fields = object_of(message)
    remark = _NO_OBJECT if fields is None else ""
    return Explanation("json", _node(syntax.root, fields), remark)


def _node(node: Condition, fields: dict[str, Any] | None) -> Node:
    if isinstance(node, And):
        nodes = [_node(child, fields) for child in node.children]
        apart = why_apart(node.children, fields) if fields and all(n.holds for n in nodes) else ""
        return all_of(nodes, apart)
    if isinstance(node, Or):
        return any_of([_node(child, fields) for child in node.children])
    return _Leaf(node).node(fields)


class _Leaf:
    """One condition."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self._matcher = JsonMatcher(JsonSyntax(leaf))
        self._text = leaf_text(leaf)
        self._selector = selector_text(leaf.selector.steps)

    def node(self, fields: dict[str, Any] | None) -> Node:
        if fields is None:
            return self._made(False, (), 0, "")
        holds = self._matcher.matches(fields)
        if self._leaf.selector.has_wildcard:
            values = list(values_under(self._leaf.selector, fields))
        else:
            values = self._matcher.read(fields, [self._selector])
            values = [] if values == [MISSING] else values
        test = leaf_matcher(self._leaf)
        found = tuple(described(value, holds=test(value)) for value in values[:MOST_VALUES])
        return self._made(
            holds,
            found or (described(MISSING, holds=holds),),
            len(values),
            self._reason(fields, values, holds),
        )

    def _made(self, holds: bool, found: tuple[Found, ...], count: int, reason: str) -> Node:
        operator = _operator(self._leaf)
        return Node(
            Kind.CONDITION,
            holds,
            text=self._text,
            selector=self._selector,
            operator=operator,
            wanted=value_text(self._text, self._selector, operator),
            found=found,
            found_count=count,
            reason=reason,
        )

    def _reason(self, fields: dict[str, Any], values: list[Any], holds: bool) -> str:
        if not values:
            meaning = why(self._leaf, self._selector, MISSING)
            missing = why_missing(self._leaf.selector.steps, fields)
            return "; ".join(filter(None, (missing, meaning)))
        if len(values) > 1 and holds:
            return self._enough(values)
        reasons = (why(self._leaf, self._selector, value) for value in values[:_MOST_REASONS])
        return next(filter(None, reasons), "")

    def _enough(self, values: list[Any]) -> str:
        """Under a wildcard any one value is enough (rule 5.2)."""
        test = leaf_matcher(self._leaf)
        which = next((value for value in values if test(value)), MISSING)
        return f"any one of the {len(values):,} values is enough, and {shown(which)} does"


def _operator(leaf: Leaf) -> str:
    if isinstance(leaf, Comparison):
        return leaf.operator
    return "IS" if isinstance(leaf, Is) else "NOT EXISTS"

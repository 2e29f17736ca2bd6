"""``explain``: why an event matches a pattern, or not."""

from __future__ import annotations

from trailwarden.patterns.explain_json import explain_json
from trailwarden.patterns.explain_model import Explanation, Kind, Node
from trailwarden.patterns.explain_space import explain_space
from trailwarden.patterns.explain_terms import explain_terms
from trailwarden.patterns.messages import Message
from trailwarden.patterns.model import JsonSyntax, SpaceSyntax, TermsSyntax
from trailwarden.patterns.pattern import FilterPattern


def explain(pattern: FilterPattern, message: Message) -> Explanation:
    """The pattern's syntax tree, with the truth of every node for one event.

    The root's truth is that of ``pattern.matches(message)``. Texts in the explanation are bounded
    in length, and as hostile as the event they are from. No text or bytes make it raise.
    """
    syntax = pattern.syntax
    if isinstance(syntax, JsonSyntax):
        return explain_json(syntax, message)
    if isinstance(syntax, TermsSyntax):
        return explain_terms(syntax, message)
    if isinstance(syntax, SpaceSyntax):
        return explain_space(syntax, message)
    remark = "the empty pattern matches every event"
    return Explanation("everything", Node(Kind.EVERYTHING, True), remark)

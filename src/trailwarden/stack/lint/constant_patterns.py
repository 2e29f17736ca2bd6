"""Patterns, and parts of them, that hold for no event or for every one."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.model import Condition, Key, Selector
from trailwarden.stack.lint.conditions import Rooted
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import json_rule
from trailwarden.stack.lint.spelling import condition_text, selector_text
from trailwarden.stack.lint.truth import always_holds, constants, never_holds

_SHOWN = 3  # findings of one rule in one pattern
_EVERYWHERE = frozenset(
    Selector((Key(name),))
    for name in (
        "awsRegion",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
    )
)


@json_rule("TW101", "error")
def pattern_never_matches(one: Rooted) -> Iterator[Said]:
    """Conditions on one field that exclude each other (``a = x && a = y``; ``a > 1 && a NOT
    EXISTS``): a field has one value, and only texts and numbers satisfy a comparison (rule 5.3).
    """
    if never_holds(one.root):
        yield (
            f"the pattern of the filter {one.name} matches no event" + _because(one.root),
            "join alternatives with ||, or remove one of the conditions",
        )


def _because(root: Condition) -> str:
    for constant in constants(root):
        if not constant.holds:
            return f": {condition_text(constant.node)} never holds"
    return ""


@json_rule("TW102", "error")
def pattern_always_matches(one: Rooted) -> Iterator[Said]:
    """A star alone accepts every text, and some fields are in every record of CloudTrail: as an
    alternative, such a condition makes all others idle.
    """
    if always_holds(one.root, _EVERYWHERE) and not any(part.holds for part in constants(one.root)):
        yield (
            f"the pattern of the filter {one.name} matches every event of CloudTrail",
            "remove the condition that every event satisfies, or join it with &&",
        )


@json_rule("TW103", "warning")
def part_never_holds(one: Rooted) -> Iterator[Said]:
    """A part of a pattern that never holds looks as if it watched something, and does not."""
    if never_holds(one.root):
        return
    for constant in list(constants(one.root))[:_SHOWN]:
        if not constant.holds:
            yield (
                f"a part of the filter {one.name} never holds: {condition_text(constant.node)}",
                "join alternatives with ||, or remove the part",
            )


@json_rule("TW104", "error")
def exclusions_joined_by_or(one: Rooted) -> Iterator[Said]:
    """``a != x || a != y`` holds wherever the field is there, since no value equals both."""
    for constant in list(constants(one.root))[:_SHOWN]:
        if constant.holds:
            where = "for every event"
            if constant.present:
                where = f"wherever {selector_text(constant.selector)} is a text or a number"
            yield (
                f"a part of the filter {one.name} holds {where}: {condition_text(constant.node)}",
                "join exclusions with &&",
            )

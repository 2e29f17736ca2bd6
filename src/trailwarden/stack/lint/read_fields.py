"""Fields that a pattern reads, and that CloudTrail's records have elsewhere, or not always."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import Key
from trailwarden.stack.lint.conditions import Rooted, negated_fields
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import cloudtrail_rule, json_rule
from trailwarden.stack.lint.fields import (
    ALWAYS_THERE,
    TELLING,
    TOP_LEVEL,
    path_of,
    speaks_of_cloudtrail,
    top_of,
)
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.spelling import condition_text, selector_text

_LOWER = {name.lower(): name for name in TOP_LEVEL}
_LOWER_TELLING = {name.lower(): name for name in TELLING}


@cloudtrail_rule("TW121", "warning")
def silent_about_absent_fields(one: Rooted) -> Iterator[Said]:
    """``!=`` does not hold for an absent field (rule 5.3): ``MFAUsed != "Yes"`` misses the sign-in
    without MFAUsed.
    """
    first = {leaf.selector: leaf for leaf in reversed(list(negated_fields(one.root)))}
    for leaf in first.values():
        if path_of(leaf.selector) not in ALWAYS_THERE:
            shown = selector_text(leaf.selector)
            yield (
                f"{condition_text(leaf)} in the filter {one.name} does not hold for records "
                "without this field",
                f"write ({shown} NOT EXISTS) || ({condition_text(leaf)})",
            )


@json_rule("TW122", "error")
def key_in_wrong_case(one: Rooted) -> Iterator[Said]:
    """Keys are case sensitive (section 1): ``$.EventName`` finds nothing."""
    selectors = [leaf.selector for leaf in leaves(one.root)]
    # Other logs may well have a requestId.
    suspects = _LOWER if speaks_of_cloudtrail(selectors) else _LOWER_TELLING
    for name in dict.fromkeys(map(top_of, selectors)):
        right = suspects.get(name.lower())
        if right is not None and name not in TOP_LEVEL:
            yield (
                f"CloudTrail's records have no field {quoted(name)}, which the filter {one.name} "
                "looks at",
                f"write $.{right}",
            )


@json_rule("TW123", "error")
def wrapped_record(one: Rooted) -> Iterator[Said]:
    """Only EventBridge has the record under ``detail``; a log group holds it as it is
    (section 10).
    """
    for leaf in leaves(one.root):
        match leaf.selector.steps:
            case (Key("detail"), Key(name), *_) if name in TOP_LEVEL:
                yield (
                    f"{selector_text(leaf.selector)} in the filter {one.name} is the form of "
                    "EventBridge: in a log group nothing stands under detail",
                    f"write $.{name}",
                )
                return

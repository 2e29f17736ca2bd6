"""What a metric transformation refers to: its value and its dimensions (rules 8.2, 8.4)."""

from __future__ import annotations

import re
from math import isfinite

from trailwarden.errors import PatternError, RequestError
from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.model import JsonSyntax, SpaceSyntax, Syntax
from trailwarden.patterns.selectors import parse_selector

_FIELD = re.compile(r"\$[A-Za-z0-9_-]+")


def constant_value(metric_value: str, syntax: Syntax) -> float | None:
    """The number that a metricValue is, or None where it is a selector. Raises RequestError."""
    if _is_reference(metric_value, syntax):
        return None
    number = float(metric_value) if is_number(metric_value) else float("nan")
    if isfinite(number):
        return number
    raise RequestError(
        f"the metric value {metric_value!r} is neither a number nor a selector for this pattern",
        field="metricValue",
        aws_message=f"Invalid metric transformation: metric value {metric_value} must be a valid "
        "number",
        cure="write a number, $.key for a JSON pattern, or $name for a space-delimited one; "
        "a wildcard cannot be used",
    )


def check_dimension(selector: str, syntax: Syntax) -> None:
    """Raise RequestError unless ``selector`` can be a dimension's value."""
    if not isinstance(syntax, JsonSyntax | SpaceSyntax):
        raise RequestError(
            "only JSON and space-delimited patterns can have dimensions",
            field="dimensions",
            aws_message="The specified filter pattern does not support dimensions",
        )
    if not _is_reference(selector, syntax):
        raise RequestError(
            f"the dimension value {selector!r} is not a selector for this pattern",
            field="dimensions",
            aws_message="Invalid metric transformation: dimension value must be valid selector",
            cure="write $.key for a JSON pattern, or $name for a space-delimited one; "
            "a wildcard cannot be used",
        )


def _is_reference(text: str, syntax: Syntax) -> bool:
    if isinstance(syntax, SpaceSyntax):
        return _FIELD.fullmatch(text) is not None
    if not isinstance(syntax, JsonSyntax) or not text.startswith("$"):
        return False
    try:
        return not parse_selector(text).has_wildcard
    except PatternError:
        return False

"""What PutMetricFilter and TestMetricFilter refuse (sections 7 and 8.1 to 8.5)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trailwarden.errors import PatternError, RequestError
from trailwarden.patterns.criteria import SYSTEM_FIELDS, is_criteria
from trailwarden.patterns.pattern import FilterPattern, parse
from trailwarden.patterns.references import check_dimension, constant_value
from trailwarden.units import UNITS

MAX_FILTERS, MAX_REGEX_FILTERS = 100, 5  # per log group
MAX_DIMENSIONS = 3
MAX_CRITERIA_LENGTH = 2000

# Member: its least and greatest length in characters, and the characters it cannot have.
_TEXTS = {
    "filterName": (1, 512, ":*"),
    "metricName": (1, 255, ":*$"),
    "metricNamespace": (1, 255, ":*$"),
    "metricValue": (1, 100, ""),
    "dimensions": (1, 255, ""),
}


def check_request(request: Mapping[str, Any]) -> FilterPattern:
    """Check a PutMetricFilter request, and return its pattern.

    Keys are the API's (``filterName``, ``metricTransformations``, …). Raises RequestError, whose
    ``field`` is the member that AWS would refuse.
    """
    _check_text("filterName", request.get("filterName"))
    pattern = _pattern(request.get("filterPattern"))
    transformation = _only_transformation(request.get("metricTransformations"))
    for member in ("metricName", "metricNamespace", "metricValue"):
        _check_text(member, transformation.get(member))
    constant_value(transformation["metricValue"], pattern.syntax)
    _check_unit(transformation.get("unit"))
    system_fields = _system_fields(request.get("emitSystemFieldDimensions"))
    dimensions = _dimensions(transformation.get("dimensions"), pattern, len(system_fields))
    _check_default(transformation.get("defaultValue"), has_dimensions=bool(dimensions))
    _check_criteria(request.get("fieldSelectionCriteria"))
    return pattern


def check_log_group(patterns: Iterable[FilterPattern]) -> None:
    """Check the patterns of all metric filters of one log group. Raises RequestError.

    The quota of regular expressions counts the filters that have any, not the expressions.
    """
    filters = list(patterns)
    if len(filters) > MAX_FILTERS:
        raise RequestError(
            f"a log group can have at most {MAX_FILTERS} metric filters",
            field="filterName",
            aws_message="Resource limit exceeded.",
        )
    if sum(pattern.has_regex for pattern in filters) > MAX_REGEX_FILTERS:
        raise RequestError(
            f"at most {MAX_REGEX_FILTERS} metric filters of a log group can have a regular "
            "expression",
            field="filterPattern",
            aws_message="Resource limit exceeded.",
            cure="use wildcards such as *text* where they do",
        )


def _check_text(member: str, value: object) -> None:
    least, most, forbidden = _TEXTS[member]
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise RequestError(f"{member} must be a text of {least} to {most} characters", field=member)
    found = re.search(f"[{re.escape(forbidden)}]", value) if forbidden else None
    if found:
        raise RequestError(
            f"{member} cannot contain {found[0]!r}",
            field=member,
            cure=f"leave out {' '.join(forbidden)}",
        )


def _pattern(text: object) -> FilterPattern:
    if not isinstance(text, str):
        raise RequestError(
            "filterPattern must be a text", field="filterPattern", cure='"" matches every event'
        )
    try:
        return parse(text)
    except PatternError as error:
        raise RequestError(
            f"filterPattern: {error.message} (at offset {error.offset})",
            field="filterPattern",
            aws_message=error.aws_message,
            cure=error.cure,
        ) from error


def _only_transformation(value: object) -> Mapping[str, Any]:
    aws_message: str | None = None
    cure = "say which metric a match adds to: metricName, metricNamespace and metricValue"
    match value:
        case [Mapping() as transformation]:
            return transformation
        case [_, _, *_]:
            aws_message = (
                "1 validation error detected: Value at 'metricTransformations' failed to satisfy "
                "constraint: Member must have length less than or equal to 1"
            )
            cure = "make a second filter with the same pattern"
    raise RequestError(
        "a metric filter has exactly one transformation",
        field="metricTransformations",
        aws_message=aws_message,
        cure=cure,
    )


def _check_unit(unit: object) -> None:
    if unit is not None and (not isinstance(unit, str) or unit not in UNITS):
        raise RequestError(
            f"unit {str(unit)[:40]!r} is not one of CloudWatch's",
            field="unit",
            cure="write for instance Count, Seconds, Bytes or Bytes/Second",
        )


def _system_fields(fields: object) -> Sequence[str]:
    if fields is None:
        return ()
    if not isinstance(fields, Sequence) or not all(field in SYSTEM_FIELDS for field in fields):
        raise RequestError(
            "emitSystemFieldDimensions names a field that is not a system field",
            field="emitSystemFieldDimensions",
            aws_message="The provided system fields are invalid. The supported system fields are "
            f"- [{', '.join(SYSTEM_FIELDS)}]",
            cure=f"the system fields are {', '.join(SYSTEM_FIELDS)}",
        )
    return fields


def _dimensions(value: object, pattern: FilterPattern, others: int) -> Mapping[str, str]:
    if value is None:
        value = {}
    if not isinstance(value, Mapping):
        raise RequestError("dimensions must map names to selectors", field="dimensions")
    if len(value) + others > MAX_DIMENSIONS:
        raise RequestError(
            f"a metric filter can have at most {MAX_DIMENSIONS} dimensions, system fields included",
            field="dimensions" if value else "emitSystemFieldDimensions",
            aws_message="Number of dimensions exceeds the maximum number of dimensions supported "
            "per metric filter",
        )
    for name, selector in value.items():
        _check_text("dimensions", name)
        _check_text("dimensions", selector)
        check_dimension(selector, pattern.syntax)
    return value


def _check_default(value: object, *, has_dimensions: bool) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise RequestError("defaultValue must be a number", field="defaultValue")
    if has_dimensions:
        raise RequestError(
            "a metric filter with dimensions cannot have a defaultValue",
            field="defaultValue",
            aws_message="Invalid metric transformation: dimensions and default value are mutually "
            "exclusive properties",
        )


def _is_finite(number: float) -> bool:
    # Unlike math.isfinite, this does not raise for an integer that is too large for a double.
    return abs(number) <= sys.float_info.max


def _check_criteria(criteria: object) -> None:
    field = "fieldSelectionCriteria"
    if criteria is None:
        return
    if not isinstance(criteria, str) or len(criteria) > MAX_CRITERIA_LENGTH:
        raise RequestError(
            f"{field} must be a text of at most {MAX_CRITERIA_LENGTH:,} characters", field=field
        )
    if not is_criteria(criteria):
        raise RequestError(
            f"{field} cannot be parsed",
            field=field,
            aws_message="The provided field selection criteria is invalid",
            cure='write for instance @aws.account = "111122223333" AND @aws.region != "eu-west-1"',
        )

"""The vectors of the filter pattern language: one test per case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vectors.cases import cases
from trailwarden.errors import PatternError, RequestError
from trailwarden.patterns import check_request, parse

FILE = "filter-patterns.json"


@pytest.mark.parametrize("case", cases(FILE, "match"))
def test_match(case: dict[str, Any]) -> None:
    pattern, message = parse(case["pattern"]), case["message"]
    assert pattern.matches(message) == case["matches"]
    assert pattern.matches(message.encode()) == case["matches"]


@pytest.mark.parametrize("case", cases(FILE, "invalid"))
def test_invalid(case: dict[str, Any]) -> None:
    text = case["pattern"]
    with pytest.raises(PatternError) as caught:
        parse(text)
    assert 0 <= caught.value.offset <= len(text)
    if "aws_message" in case:
        assert says(caught.value.aws_message, case["aws_message"])


@pytest.mark.parametrize("case", cases(FILE, "extract"))
def test_extract(case: dict[str, Any]) -> None:
    pattern, message, default = parse(case["pattern"]), case["message"], case["defaultValue"]
    if pattern.matches(message):
        found = pattern.extract(message, case["metricValue"], case["dimensions"])
        sample = found and {"value": found.value, "dimensions": found.dimensions}
    else:  # every event that does not match adds one sample of the default (rule 8.3)
        sample = None if default is None else {"value": default, "dimensions": {}}
    assert sample == case["expected"]
    if "extractedValues" in case:
        assert pattern.extracted_values(message) == case["extractedValues"]


@pytest.mark.parametrize("case", cases(FILE, "requests"))
def test_request(case: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as caught:
        check_request(case["request"])
    if "aws_message" in case:
        assert says(caught.value.aws_message, case["aws_message"])


def says(ours: str | None, known: str) -> bool:
    """The messages are equal, but for what the record leaves out with an ellipsis."""
    parts = known.split("…")
    return ours is not None and (
        ours == known or (len(parts) > 1 and ours.startswith(parts[0]) and ours.endswith(parts[-1]))
    )

"""TestMetricFilter: which of some messages match, and what is extracted (rule 8.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from trailwarden.errors import RequestError
from trailwarden.patterns.pattern import FilterPattern, parse

MAX_MESSAGES = 50


class MetricFilterMatchRecord(TypedDict):
    """One answer, with the API's names. Events are counted from 1."""

    eventNumber: int
    eventMessage: str
    extractedValues: dict[str, str]


def test_metric_filter(
    pattern: FilterPattern | str, messages: Sequence[str]
) -> list[MetricFilterMatchRecord]:
    """The messages that match, in their order, as TestMetricFilter answers.

    Raises PatternError, and RequestError for no message, more than 50, or an empty one.
    """
    if not 1 <= len(messages) <= MAX_MESSAGES or not all(messages):
        raise RequestError(
            f"from 1 to {MAX_MESSAGES} messages can be tested, none of them empty",
            field="logEventMessages",
        )
    tested = parse(pattern) if isinstance(pattern, str) else pattern
    return [
        {"eventNumber": number, "eventMessage": message, "extractedValues": values}
        for number, message in enumerate(messages, start=1)
        if (values := tested.extracted_values(message)) is not None
    ]

"""Metric filters of a live account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trailwarden.errors import Location, PatternError
from trailwarden.patterns import parse
from trailwarden.stack.filters import UNSUPPORTED
from trailwarden.stack.live.calls import Answer, Reader
from trailwarden.stack.model import MetricFilter, MetricTransformation, NotRun

_METRIC_FILTER = "AWS::Logs::MetricFilter"
# The API spells a property's name with a small letter first.
_UNSUPPORTED = {name[0].lower() + name[1:]: why for name, why in UNSUPPORTED.items()}


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """A metric filter. ``definition`` is None for one that is not run, ``why_not`` says why."""

    region: str
    name: str
    log_group: str
    metrics: tuple[MetricTransformation, ...]
    location: Location
    definition: MetricFilter | None
    why_not: str = ""

    def not_run(self) -> NotRun:
        return NotRun(self.name, _METRIC_FILTER, self.why_not, self.location)


def live_filters(
    reader: Reader, arn_prefix: str, groups: Collection[str] | None
) -> tuple[LiveFilter, ...]:
    """All metric filters of the region.

    ``arn_prefix`` is that of a log group's ARN. ``groups`` are the log groups that receive
    CloudTrail events: filters elsewhere never see a record. None where this is not known.
    """
    pages = reader.pages("logs", "describe_metric_filters")
    answers = [answer for page in pages for answer in page["metricFilters"]]
    return tuple(_live_filter(answer, reader.region, arn_prefix, groups) for answer in answers)


def _live_filter(
    answer: Answer, region: str, arn_prefix: str, groups: Collection[str] | None
) -> LiveFilter:
    name, group = answer["filterName"], answer["logGroupName"]
    metrics = tuple(map(_transformation, answer["metricTransformations"]))
    text = answer.get("filterPattern") or ""
    definition, why_not = None, _why_not(answer, groups)
    if not why_not:
        try:
            definition = MetricFilter(name, group, text, parse(text), metrics)
        except PatternError as error:
            why_not = f"its pattern cannot be read: {error.message} (at offset {error.offset})"
    location = Location(f"{arn_prefix}{group}", key=name)
    return LiveFilter(region, name, group, metrics, location, definition, why_not)


def _why_not(answer: Answer, groups: Collection[str] | None) -> str:
    for option, why in _UNSUPPORTED.items():
        if answer.get(option):
            return why
    if groups is not None and answer["logGroupName"] not in groups:
        return f"no trail delivers to its log group, {answer['logGroupName']}"
    return ""


def _transformation(answer: Answer) -> MetricTransformation:
    unit = answer.get("unit")
    return MetricTransformation(
        metric_namespace=answer["metricNamespace"],
        metric_name=answer["metricName"],
        metric_value=answer["metricValue"],
        default_value=answer.get("defaultValue"),
        dimensions=tuple((answer.get("dimensions") or {}).items()),
        unit=None if unit == "None" else unit,
    )

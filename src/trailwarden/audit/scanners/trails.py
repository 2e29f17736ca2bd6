"""What scanners ask of the trail that feeds a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from trailwarden.audit.scanners.gaps import Gap
from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import MetricFilter, Stack, Trail

Question = Callable[[Trail], Gap | None]
_KMS = "kms.amazonaws.com"
_CURE = "set CloudWatchLogsLogGroupArn of the trail to the log group that the filter reads"


def trail_gaps(
    stack: Stack, metric_filter: MetricFilter, questions: Sequence[Question] = ()
) -> list[Gap]:
    """What is wrong with the trail of the filter: with the best of them, if there are several."""
    if not stack.trails:
        return [Gap("the stack holds no trail", "deploy it with a trail", fails=False)]
    feeding = [trail for trail in stack.trails if _group(trail) == metric_filter.log_group_name]
    if not feeding:
        return [_unfed(stack, metric_filter)]
    answers = [[gap for question in questions if (gap := question(trail))] for trail in feeding]
    return min(answers, key=len)


def _group(trail: Trail) -> str:
    return log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "")


def _unfed(stack: Stack, metric_filter: MetricFilter) -> Gap:
    group = metric_filter.log_group_name
    if any("${" in name for name in (group, *map(_group, stack.trails))):
        return Gap(
            f"the stack does not tell whether a trail delivers to the log group {quoted(group)}",
            f"give the parameters that name log groups, or {_CURE}",
            fails=False,
        )
    return Gap(f"no trail of the stack delivers to the log group {quoted(group)}", _CURE)


def is_multi_region(trail: Trail) -> Gap | None:
    if trail.is_multi_region_trail:
        return None
    message = f"the trail {quoted(trail.trail_name)} records one Region only"
    return Gap(message, "set IsMultiRegionTrail to true")


def is_logging(trail: Trail) -> Gap | None:
    if trail.is_logging:
        return None
    message = f"the trail {quoted(trail.trail_name)} is not logging"
    return Gap(message, "set IsLogging to true")


def has_basic_selector(trail: Trail) -> Gap | None:
    """Powerpipe: some event selector of the basic kind reads and writes."""
    name = quoted(trail.trail_name)
    if any(selector.get("ReadWriteType", "All") == "All" for selector in _selectors(trail)):
        return None
    if trail.advanced_event_selectors:
        message = f"the trail {name} has advanced event selectors, and only basic ones count"
    else:
        message = f"no event selector of the trail {name} has ReadWriteType All"
    return Gap(message, "give the trail a basic event selector with ReadWriteType All")


def has_management_events(trail: Trail) -> Gap | None:
    """Security Hub: all management events are recorded, reads and writes."""
    basic = (
        selector.get("ReadWriteType", "All") == "All"
        and selector.get("IncludeManagementEvents", True) in (True, "true")
        for selector in _selectors(trail)
    )
    advanced = (
        _equal_to(fields, "eventCategory") == ["Management"] and "readOnly" not in fields
        for fields in _advanced(trail)
    )
    if any(basic) or any(advanced):
        return None
    message = f"the trail {quoted(trail.trail_name)} does not record all management events"
    return Gap(message, "record management events, both reads and writes")


def has_kms_events(trail: Trail) -> Gap | None:
    """CloudWatch.7: management events of KMS are not excluded."""
    excluded = any(
        _KMS in (selector.get("ExcludeManagementEventSources") or ())
        for selector in trail.event_selectors
    ) or any(_KMS in _values(fields, "eventSource", "NotEquals") for fields in _advanced(trail))
    if not excluded:
        return None
    message = f"the trail {quoted(trail.trail_name)} excludes the management events of KMS"
    return Gap(message, f"remove {_KMS} from the event sources that the selectors exclude")


def _selectors(trail: Trail) -> Sequence[Mapping[str, Any]]:
    """The basic selectors; a trail without any selector records all management events."""
    if trail.event_selectors or trail.advanced_event_selectors:
        return trail.event_selectors
    return ({},)


_Fields = Mapping[str, Mapping[str, Any]]


def _advanced(trail: Trail) -> Iterator[_Fields]:
    """The fields of each advanced selector, by name."""
    for selector in trail.advanced_event_selectors:
        fields = selector.get("FieldSelectors")
        yield {
            str(field.get("Field")): field
            for field in (fields if isinstance(fields, list) else ())
            if isinstance(field, Mapping)
        }


def _equal_to(fields: _Fields, name: str) -> list[Any]:
    return _values(fields, name, "Equals")


def _values(fields: _Fields, name: str, operator: str) -> list[Any]:
    found = fields.get(name, {}).get(operator)
    return found if isinstance(found, list) else []

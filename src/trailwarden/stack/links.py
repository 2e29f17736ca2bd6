"""How the definitions of a stack meet, and notes where they do not.

Filters and alarms meet through namespace, metric name and dimensions; filters and trails through a
log group; alarms and topics through an ARN. A stack whose parts do not meet still loads: the other
half may be defined elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.rule import parse_rule
from trailwarden.errors import Location
from trailwarden.patterns.request import MAX_FILTERS, MAX_REGEX_FILTERS
from trailwarden.stack.model import Companion, MetricFilter, MetricTransformation, Note, Stack
from trailwarden.stack.policies import covers, listed
from trailwarden.text import plural

_LOG_GROUP_ARN = re.compile(r"arn:.*?:log-group:(.+?)(?::\*)?", re.DOTALL)
_ARN_TOKEN = re.compile(r"\$\{(.+)\.Arn\}")
_TOPIC_ARN = re.compile(r"arn:[^:]+:sns:", re.DOTALL)
_SHOWN = 2  # names in one note
_STATE_CHANGE = "CloudWatch Alarm State Change"

Metric = tuple[str | None, str | None]
Alarm = MetricAlarm | CompositeAlarm


def link_notes(stack: Stack) -> tuple[Note, ...]:
    """Notes on what does not meet, each with a stable code."""
    return tuple(note for check in _CHECKS for note in check(stack))


def log_group_of_arn(arn: str) -> str:
    """The name of the log group with this ARN (or token of one): what a metric filter says."""
    if found := _LOG_GROUP_ARN.fullmatch(arn):
        return found[1]
    return _ARN_TOKEN.sub(r"${\1}", arn)


def is_of_another_account(arn: str, account: str | None) -> bool:
    """True for a log group of another account, to which a trail of the organization delivers."""
    parts = arn.split(":")
    return account is not None and len(parts) > 4 and parts[4].isdigit() and parts[4] != account


def actions_of(alarm: Alarm) -> tuple[str, ...]:
    """The ARNs of what the alarm notifies in any state, each once."""
    actions = (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    return tuple(dict.fromkeys(actions))


def _without_filters(stack: Stack) -> Iterator[Note]:
    if not stack.metric_filters:
        yield Note(
            "no-metric-filters",
            "the stack has no metric filter, so that no record can match",
            Location(stack.source),
        )


def _filters_without_alarm(stack: Stack) -> Iterator[Note]:
    watched = {(alarm.namespace, alarm.metric_name) for alarm in stack.alarms}
    for metric_filter in stack.metric_filters:
        for transformation in metric_filter.metric_transformations:
            metric = _metric(transformation)
            if metric not in watched:
                yield Note(
                    "filter-without-alarm",
                    f"no alarm watches the metric {_shown(metric)} of the filter "
                    f"{metric_filter.filter_name!r}",
                    stack.locations.get(("MetricFilter", metric_filter.filter_name)),
                )


def _alarms_without_metric(stack: Stack) -> Iterator[Note]:
    """Alarms whose metric no filter publishes; the dimensions must be the same set (rule M-1)."""
    published: defaultdict[Metric, list[MetricTransformation]] = defaultdict(list)
    for metric_filter in stack.metric_filters:
        for transformation in metric_filter.metric_transformations:
            published[_metric(transformation)].append(transformation)
    for alarm in stack.alarms:
        metric = (alarm.namespace, alarm.metric_name)
        found = _mismatch(alarm, _shown(metric), published.get(metric))
        if found is not None:
            code, message = found
            yield Note(code, message, _place(stack, alarm))


def _mismatch(
    alarm: MetricAlarm, metric: str, published: list[MetricTransformation] | None
) -> tuple[str, str] | None:
    """What keeps the alarm from reading what is ``published`` under its metric's name."""
    name = repr(alarm.alarm_name)
    if published is None:
        return (
            "alarm-without-metric",
            f"no metric filter publishes the metric {metric} of the alarm {name}",
        )
    wanted = {dimension for dimension, _ in alarm.dimensions}
    alike = [t for t in published if {dimension for dimension, _ in t.dimensions} == wanted]
    if not alike:
        return (
            "alarm-dimensions-differ",
            f"the filters publish the metric {metric} with other dimensions than the alarm {name} "
            "reads",
        )
    # Rule M-3: without a unit the alarm reads what there is.
    if alarm.unit is not None and alarm.unit not in {t.unit or "None" for t in alike}:
        return (
            "alarm-unit-differs",
            f"no metric filter publishes the metric {metric} in {alarm.unit}, which the alarm "
            f"{name} reads",
        )
    return None


def _alarms_without_actions(stack: Stack) -> Iterator[Note]:
    parts = {
        child
        for alarm in stack.composite_alarms
        for child in parse_rule(alarm.alarm_rule).children()
    }
    heard = heard_by_rules(stack)
    for alarm in _all_alarms(stack):
        start = f"nobody is told when the alarm {alarm.alarm_name!r} fires"
        if alarm.alarm_actions and not alarm.actions_enabled:
            message = f"{start}: its ActionsEnabled is false"
            yield Note("alarm-actions-disabled", message, _place(stack, alarm))
        elif not alarm.alarm_actions and alarm.alarm_name not in parts | heard:
            message = f"{start}: it has no AlarmActions"
            yield Note("alarm-without-actions", message, _place(stack, alarm))


def heard_by_rules(stack: Stack) -> frozenset[str]:
    """The names of the alarms whose changes of state an EventBridge rule of the stack reads."""
    return frozenset(
        alarm.alarm_name for alarm in _all_alarms(stack) if any(rules_that_hear(stack, alarm))
    )


def rules_that_hear(stack: Stack, alarm: Alarm) -> Iterator[Companion]:
    """The EventBridge rules of the stack that read the alarm's change to ALARM."""
    for one in stack.companions:
        pattern = _alarm_pattern(one)
        if pattern is not None and _reads(pattern, stack, alarm):
            yield one


def _alarm_pattern(companion: Companion) -> Mapping[str, Any] | None:
    """The event pattern of a rule on alarms' changes of state, to which CloudWatch sends each of
    them without any action; None for what is no such rule, is disabled, or has no target.
    """
    properties = companion.properties
    pattern = properties.get("EventPattern")
    if companion.type != "AWS::Events::Rule" or not isinstance(pattern, Mapping):
        return None
    if properties.get("State") == "DISABLED" or not properties.get("Targets"):
        return None
    kinds = listed(pattern.get("detail-type"))
    sources = listed(pattern.get("source"))
    of_alarms = any(_fits(kind, _STATE_CHANGE) for kind in kinds)
    from_cloudwatch = any(_fits(source, "aws.cloudwatch") for source in sources)
    if (kinds and not of_alarms) or (sources and not from_cloudwatch):
        return None
    return pattern if of_alarms or from_cloudwatch else None


def _reads(pattern: Mapping[str, Any], stack: Stack, alarm: Alarm) -> bool:
    """Whether a rule's pattern lets the alarm's change to ALARM through, as far as can be told."""
    resources = listed(pattern.get("resources"))
    name = alarm.alarm_name
    if resources and not any(_is_of_alarm(one, stack, name) for one in resources):
        return False
    detail = pattern.get("detail")
    if not isinstance(detail, Mapping):
        return True
    names = listed(detail.get("alarmName"))
    state = detail.get("state")
    states = listed(state.get("value")) if isinstance(state, Mapping) else []
    return (not names or any(_fits(one, name) for one in names)) and (
        not states or any(_fits(one, "ALARM") for one in states)
    )


def _is_of_alarm(wanted: object, stack: Stack, name: str) -> bool:
    place = stack.locations.get(("Alarm", name))
    logical_id = (place.key if place and place.key else "").removeprefix("Resources.")
    if wanted == f"${{{logical_id}.Arn}}":
        return True
    text = next(iter(wanted.values()), "") if isinstance(wanted, Mapping) else wanted
    if not isinstance(text, str) or (isinstance(wanted, Mapping) and "anything-but" in wanted):
        return True  # cannot be told
    _, found, shown = text.partition(":alarm:")
    if not found:
        return not text.startswith("${") or text.startswith("${AWS::")
    if isinstance(wanted, Mapping) and "prefix" in wanted:
        return name.startswith(shown)
    return covers(re.sub(r"\$\{[^}]*\}", "*", shown), name)


def _fits(wanted: object, text: str) -> bool:
    """Whether an element of an event pattern accepts the text; what cannot be told does."""
    if isinstance(wanted, str):
        return wanted == text or "${" in wanted
    if isinstance(wanted, Mapping):
        match next(iter(wanted.items()), ("", "")):
            case "prefix", str(start):
                return text.startswith(start)
            case "suffix", str(end):
                return text.endswith(end)
            case "wildcard", str(pattern):
                return covers(pattern, text)
            case "equals-ignore-case", str(other):
                return text.lower() == other.lower()
            case "anything-but", excluded if isinstance(excluded, str | list):
                return text not in listed(excluded)
            case _:
                return True
    return False


def _unknown_topics(stack: Stack) -> Iterator[Note]:
    """Topics that alarms notify and the stack does not define: one note for each."""
    known = {topic.arn for topic in stack.topics}
    users: defaultdict[str, list[Alarm]] = defaultdict(list)
    for alarm in _all_alarms(stack):
        for action in actions_of(alarm):
            if action not in known and _may_be_topic(action):
                users[action].append(alarm)
    for topic, alarms in users.items():
        who = f"{plural(len(alarms), 'alarm')} ({_names(alarm.alarm_name for alarm in alarms)})"
        verb = "notifies" if len(alarms) == 1 else "notify"
        yield Note(
            "unknown-topic",
            f"{who} {verb} {topic}, which the stack does not define: "
            "its subscriptions are not known",
            _place(stack, alarms[0]),
        )


def _may_be_topic(action: str) -> bool:
    """True for a topic's ARN, and for a token that may be one."""
    return _TOPIC_ARN.match(action) is not None or action.startswith("${")


def _log_groups(stack: Stack) -> Iterator[Note]:
    """Log groups that none of the trails feeds, or with more filters than the quotas allow."""
    fed = {log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "") for trail in stack.trails}
    readers: defaultdict[str, list[MetricFilter]] = defaultdict(list)
    for metric_filter in stack.metric_filters:
        readers[metric_filter.log_group_name].append(metric_filter)
    for group, filters in readers.items():
        place = stack.locations.get(("MetricFilter", filters[0].filter_name))
        shown = f"{plural(len(filters), 'metric filter')} on the log group {group!r}"
        if stack.trails and group not in fed:
            yield Note("log-group-without-trail", f"{shown}, which no trail here feeds", place)
        if len(filters) > MAX_FILTERS:
            yield Note("too-many-filters", f"{shown}, where AWS allows {MAX_FILTERS}", place)
        with_regex = sum(metric_filter.pattern.has_regex for metric_filter in filters)
        if with_regex > MAX_REGEX_FILTERS:
            yield Note(
                "too-many-regex-filters",
                f"{plural(with_regex, 'metric filter')} with a regular expression on the log "
                f"group {group!r}, where AWS allows {MAX_REGEX_FILTERS}",
                place,
            )


def _trails_off(stack: Stack) -> Iterator[Note]:
    for trail in stack.trails:
        if not trail.is_logging:
            yield Note(
                "trail-not-logging",
                f"the trail {trail.trail_name!r} delivers nothing: its IsLogging is false",
                stack.locations.get(("Trail", trail.trail_name)),
            )


def _all_alarms(stack: Stack) -> list[Alarm]:
    return [*stack.alarms, *stack.composite_alarms]


def _metric(transformation: MetricTransformation) -> Metric:
    return transformation.metric_namespace, transformation.metric_name


def _shown(metric: Metric) -> str:
    return f"{metric[0]}/{metric[1]}"


def _names(names: Iterable[str]) -> str:
    shown = list(names)
    more = f", and {len(shown) - _SHOWN:,} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _place(stack: Stack, alarm: Alarm) -> Location | None:
    return stack.locations.get(("Alarm", alarm.alarm_name))


_CHECKS: tuple[Callable[[Stack], Iterator[Note]], ...] = (
    _without_filters,
    _filters_without_alarm,
    _alarms_without_metric,
    _alarms_without_actions,
    _unknown_topics,
    _log_groups,
    _trails_off,
)

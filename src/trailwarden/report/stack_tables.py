"""What a stack holds, as tables of text that any report can draw. Every cell is harmless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from trailwarden.report.stack_graph import Alarm
from trailwarden.report.stack_loose import COVERED_NOTES, LooseEnd
from trailwarden.report.wording import condition, duration, names, shortened
from trailwarden.stack.links import actions_of, log_group_of_arn
from trailwarden.stack.model import (
    LogGroup,
    MetricFilter,
    MetricTransformation,
    Note,
    Stack,
    Subscription,
    Topic,
    Trail,
)
from trailwarden.text import plural, visible

NAME, PATTERN, REASON = 160, 160, 400  # characters of a cell
_DAY = 86_400  # seconds
_MOST_ACTIONS = 3
Row = tuple[str, ...]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class StackTable:
    """``rows`` have one cell for each of ``columns``; the first one names the definition."""

    title: str
    remark: str
    columns: Row
    rows: list[Row]
    left_out: int = 0  # rows


def tables_of(stack: Stack, most: int) -> list[StackTable]:
    """The tables that have rows, ``most`` rows at most in each, in the order of the stack."""
    topics = {topic.arn: topic.topic_name for topic in stack.topics}
    subscribers = Counter(one.topic_arn for one in stack.subscriptions)

    def alarm_row(alarm: Alarm) -> Row:
        return _alarm(alarm, topics)

    def topic_row(topic: Topic) -> Row:
        return _topic(topic, subscribers[topic.arn])

    def subscription_row(one: Subscription) -> Row:
        return _subscription(one, topics)

    tables = (
        _table("Trails", "", _TRAIL, stack.trails, _trail, most),
        _table("Log groups", "", _LOG_GROUP, stack.log_groups, _log_group, most),
        _table("Metric filters", "", _FILTER, stack.metric_filters, _filter, most),
        _table("Alarms", "", _ALARM, stack.alarms, alarm_row, most),
        _table("Composite alarms", "", _COMPOSITE, stack.composite_alarms, alarm_row, most),
        _table("Topics", "", _TOPIC, stack.topics, topic_row, most),
        _table("Subscriptions", "", _SUBSCRIPTION, stack.subscriptions, subscription_row, most),
    )
    return [table for table in tables if table.rows]


def remarks_of(stack: Stack, ends: Sequence[LooseEnd], most: int) -> list[StackTable]:
    """Loose ends, what is not run, and notes that say something else: as :func:`tables_of`."""
    notes = [note for note in stack.notes if note.code not in COVERED_NOTES]
    tables = (
        _table(
            "Loose ends",
            "what leads nowhere, or has nothing that leads to it",
            ("Kind", "What"),
            ends,
            lambda end: (visible(end.code, NAME), visible(end.message, REASON)),
            most,
        ),
        _table(
            "Not run",
            "definitions that the source holds besides",
            ("Name", "Type", "Why"),
            stack.not_run,
            lambda one: (
                shortened(one.name, NAME),
                visible(one.type, NAME),
                visible(one.reason, REASON),
            ),
            most,
        ),
        _table("Notes", "on the stack", ("Kind", "What", "Where"), notes, _note, most),
    )
    return [table for table in tables if table.rows]


def counts_of(stack: Stack) -> str:
    """``1 trail, 16 metric filters, 16 alarms, 1 topic``."""
    counts = (
        (len(stack.trails), "trail"),
        (len(stack.log_groups), "log group"),
        (len(stack.metric_filters), "metric filter"),
        (len(stack.alarms), "alarm"),
        (len(stack.composite_alarms), "composite alarm"),
        (len(stack.topics), "topic"),
        (len(stack.subscriptions), "subscription"),
    )
    shown = [plural(count, noun) for count, noun in counts if count]
    return ", ".join(shown) or "nothing that Trailwarden runs"


def _table(
    title: str,
    remark: str,
    columns: Row,
    items: Sequence[_Item],
    row: Callable[[_Item], Row],
    most: int,
) -> StackTable:
    """A column in which all cells are empty is left out."""
    rows = [row(item) for item in items[:most]]
    used = [place for place in range(len(columns)) if any(cells[place] for cells in rows)]
    kept = [tuple(cells[place] for place in used) for cells in rows]
    titles = tuple(columns[place] for place in used)
    return StackTable(title, remark, titles, kept, len(items) - len(rows))


_TRAIL = ("Trail", "Bucket", "Log group", "Scope")


def _trail(trail: Trail) -> Row:
    bucket = "/".join(filter(None, (trail.s3_bucket_name, trail.s3_key_prefix)))
    group = log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "")
    facts = (
        ("one region", not trail.is_multi_region_trail),
        ("all regions", trail.is_multi_region_trail),
        ("organization", trail.is_organization_trail),
        ("not logging", not trail.is_logging),
        ("log file validation", trail.enable_log_file_validation),
    )
    return (
        shortened(trail.trail_name, NAME),
        shortened(bucket, NAME),
        shortened(group, NAME),
        ", ".join(fact for fact, holds in facts if holds),
    )


_LOG_GROUP = ("Log group", "Keeps events")


def _log_group(group: LogGroup) -> Row:
    days = group.retention_in_days
    kept = "for ever" if days is None else f"for {duration(days * _DAY)}"
    return shortened(group.log_group_name, NAME), kept


PATTERN_COLUMN = "Pattern"  # the one with texts that a line cannot hold
_FILTER = ("Metric filter", "Log group", "Metric", PATTERN_COLUMN)


def _filter(one: MetricFilter) -> Row:
    return (
        shortened(one.filter_name, NAME),
        shortened(one.log_group_name, NAME),
        "; ".join(map(_metric, one.metric_transformations)),
        visible(one.filter_pattern, PATTERN),
    )


def _metric(one: MetricTransformation) -> str:
    """The metric, and what a match adds where it is not 1."""
    text = shortened(f"{one.metric_namespace}/{one.metric_name}", NAME)
    if one.dimensions:
        text += f" by {names([name for name, _ in one.dimensions], _MOST_ACTIONS)}"
    if one.metric_value != "1":
        text += f" += {visible(one.metric_value, NAME)}"
    return f"{text} in {visible(one.unit, NAME)}" if one.unit else text


_ALARM = ("Alarm", "Fires when", "Tells")
_COMPOSITE = ("Composite alarm", "Fires when", "Tells")


def _alarm(alarm: Alarm, topics: dict[str, str]) -> Row:
    told = [topics.get(action, action) for action in actions_of(alarm)]
    text = names(told, _MOST_ACTIONS) if told else "nobody"
    if told and not alarm.actions_enabled:
        text += " (disabled)"
    return shortened(alarm.alarm_name, NAME), condition(alarm), text


_TOPIC = ("Topic", "ARN", "Subscriptions", "Key")


def _topic(topic: Topic, subscribers: int) -> Row:
    return (
        shortened(topic.topic_name, NAME),
        shortened(topic.arn, 2 * NAME),
        f"{subscribers:,}",
        shortened(topic.kms_master_key_id or "", NAME),
    )


_SUBSCRIPTION = ("Topic", "Protocol", "Endpoint", "Besides")


def _subscription(one: Subscription, topics: dict[str, str]) -> Row:
    facts = (
        ("raw", one.raw_message_delivery),
        ("filtered", one.filter_policy is not None),
        ("not confirmed", one.confirmed is False),
    )
    return (
        shortened(topics.get(one.topic_arn, one.topic_arn), NAME),
        visible(one.protocol, NAME),
        shortened(one.endpoint or "", 2 * NAME),
        ", ".join(fact for fact, holds in facts if holds),
    )


def _note(note: Note) -> Row:
    place = visible(str(note.location), REASON) if note.location else ""
    return visible(note.code, NAME), visible(note.message, REASON), place

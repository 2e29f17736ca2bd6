"""What a watch says in its log when it starts and when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailwarden.notify.routing import channels_for, other_actions, topics_of
from trailwarden.text import plural

if TYPE_CHECKING:
    from pathlib import Path

    from trailwarden.settings import Settings
    from trailwarden.stack import Stack
    from trailwarden.watch import Summary
    from trailwarden.watch.observability import Log


_CHAIN = ("AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def say_start(log: Log, settings: Settings, stack: Stack, home: Path) -> None:
    """What is watched, and which alarms nobody is told of."""
    log.info(
        "watching",
        stack=stack.name,
        filters=len(stack.metric_filters),
        alarms=len(stack.alarms) + len(stack.composite_alarms),
        sources=", ".join(source.address for source in settings.sources),
        channels=", ".join(channel.name for channel in settings.channels) or "none",
        home=str(home),
    )
    for one in stack.not_run:
        if one.type in _CHAIN:
            log.warning("a definition is not run", name=one.name, why=one.reason)
    for note in settings.notes:
        log.warning("settings", place=str(note.location), what=note.message)
    for topic, alarms in topics_of(stack).items():
        if alarms and not channels_for(topic, settings.topics, stack):
            log.warning("a topic has no channel", topic=topic, alarms=len(alarms))
    for action, alarms in other_actions(stack).items():
        log.warning("an action is AWS's alone to execute", action=action, alarms=len(alarms))


def say_end(log: Log, summary: Summary, older_than: str) -> None:
    """What was read and told, what could not be, and how much was left out as too old."""
    if summary.too_old:
        files = plural(summary.too_old, "file")
        log.warning(f"left out {files} older than {older_than}: give --since")
    log.info(
        "ended",
        files=summary.portions,
        records=summary.records,
        announcements=summary.announcements,
        problems=summary.problems,
        undelivered=summary.undelivered,
    )

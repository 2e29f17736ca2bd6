"""Announcements as one message, in every form that some channel wants."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.monitor.announcement import Announcement
from trailwarden.notify.body import body_of
from trailwarden.notify.facts import Facts, facts_of
from trailwarden.notify.headline import headline
from trailwarden.notify.markup import page, paragraph, section
from trailwarden.notify.outgoing import Outgoing
from trailwarden.notify.plain import plain_text
from trailwarden.stack.model import Stack

_STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")  # the most severe first
_KINDS = ("transition", "amendment", "late-match", "repeat", "test")
_MOST_TOLD = 10  # announcements of a group that are told in full
_MOST_NAMED = 100  # of the others, those that are named
_RULE = "-" * 72


def compose(
    announcements: Sequence[Announcement],
    stack: Stack,
    topic: str,
    *,
    region: str,
    account: str,
) -> Outgoing:
    """One message about all of ``announcements`` (at least one) for the topic (an ARN).

    The body is the JSON of the most severe one; text and HTML tell all. The message's id is that
    of a single announcement, else a hash of all ids, whatever their order. ``region`` and
    ``account`` are the alarms'. An alarm that the stack no longer has is told by its name.

    Raises ValueError for no announcements.
    """
    if not announcements:
        raise ValueError("a message needs at least one announcement")
    ranked = sorted(announcements, key=_severity)
    worst = ranked[0]
    grouped = [one.id for one in ranked] if len(ranked) > 1 else []
    subject = headline(ranked)
    facts = [
        facts_of(one, _alarm(one.alarm, stack), region=region, account=account)
        for one in ranked[:_MOST_TOLD]
    ]
    others = _others(ranked)
    alarm = _alarm(worst.alarm, stack)
    return Outgoing(
        id=_group_id(grouped) if grouped else worst.id,
        topic=topic,
        subject=subject,
        text=_text(subject, facts, others),
        html=page(subject, [*map(section, facts), *map(paragraph, others)]),
        body=body_of(worst, alarm, grouped, region=region, account=account),
        state=worst.transition.to_state,
        time=max(one.decided for one in ranked),
    )


def _severity(announcement: Announcement) -> tuple[int, int]:
    """Lower is worse. Sorting keeps the order of equals."""
    state = _STATES.index(announcement.transition.to_state)
    return state, _KINDS.index(announcement.kind)


def _alarm(name: str, stack: Stack) -> MetricAlarm | CompositeAlarm:
    alarms: tuple[MetricAlarm | CompositeAlarm, ...] = (*stack.alarms, *stack.composite_alarms)
    found = (alarm for alarm in alarms if alarm.alarm_name == name)
    return next(found, MetricAlarm(alarm_name=name, statistic="Sum"))


def _group_id(ids: Sequence[str]) -> str:
    text = "\n".join(sorted(ids))
    return "group-" + sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _others(ranked: Sequence[Announcement]) -> list[str]:
    """A line for each announcement that is not told in full."""
    others = ranked[_MOST_TOLD:]
    lines = [headline([one]) for one in others[:_MOST_NAMED]]
    if len(others) > _MOST_NAMED:
        lines.append(f"and {len(others) - _MOST_NAMED:,} more")
    return lines


def _text(subject: str, facts: Sequence[Facts], others: Sequence[str]) -> str:
    parts = [plain_text(one) for one in facts]
    if others:
        parts.append("\n".join(["Also:", *(f"- {line}" for line in others)]) + "\n")
    if len(parts) == 1:
        return parts[0]
    return f"{subject}\n\n" + f"\n{_RULE}\n".join(parts)

"""What there is to say about an announcement, in words, before it becomes text or HTML.

Every string in :class:`Facts` is harmless on a terminal: one line, no control characters. Markup in
it still needs to be escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.folding import folded
from trailwarden.monitor.outcome import Event, EventNameCount, Transition
from trailwarden.monitor.samples import chosen
from trailwarden.notify.console import alarm_url, event_url
from trailwarden.notify.headline import word
from trailwarden.text import plural, visible

Tone = Literal["bad", "good", "doubtful"]

_MOST_LINES = 10
_MOST_NAMES = 40
_MOST_EVENTS = 10
_KINDS = {
    "late-match": "These events came too late to change what was decided: the state is as it was.",
    "amendment": "An update of an alarm in ALARM: nobody was told of this yet.",
    "repeat": "The alarm is still in this state. This was told before.",
    "test": "This is a test: nothing happened.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event; ``url`` leads to it in the console, or is empty."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows`` are pairs of a label and lines. ``events`` may be fewer than ``event_count``.

    ``tone`` says whether it is good news, for colours and the like.
    """

    title: str
    tone: Tone
    remark: str
    description: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    events: tuple[Line, ...]
    event_count: int
    alarm_url: str


def facts_of(
    announcement: Announcement,
    alarm: MetricAlarm | CompositeAlarm,
    *,
    region: str,
    account: str,
) -> Facts:
    """The facts of one announcement; ``region`` and ``account`` are those of the alarm."""
    told = announcement.transition
    rows = {
        "Who": _who(announcement),
        "What": _what(told),
        "From": _bounded(_origin(event) for event in told.events),
        "Where": _bounded(_place(event) for event in told.events),
        "When": _when(told),
        "How often": _often(announcement),
        "Why": [visible(told.reason, 1100)] if told.reason else [],
        "State": [_state(announcement)],
        "Filters": [visible(name, 100) for name in announcement.filters[:_MOST_LINES]],
        "Alarm in": [f"account {visible(account, 40)}, {visible(region, 40)}"],
    }
    return Facts(
        title=f"{word(announcement)} {visible(announcement.alarm, 255)}",
        tone=_tone(announcement),
        remark=_KINDS.get(announcement.kind, ""),
        description=visible(alarm.alarm_description or "", 1100),
        rows=tuple((label, tuple(lines)) for label, lines in rows.items() if lines),
        events=tuple(map(_line, chosen(told.events, _MOST_EVENTS, _strangers(announcement)))),
        event_count=told.event_count,
        alarm_url=alarm_url(announcement.alarm, region),
    )


def _tone(announcement: Announcement) -> Tone:
    """Events that came late are no good news where the alarm is OK."""
    state = announcement.transition.to_state
    if state == "ALARM":
        return "bad"
    return "good" if state == "OK" and announcement.kind != "late-match" else "doubtful"


def _strangers(announcement: Announcement) -> set[str]:
    known = {one.principal for one in announcement.before}
    return {one.principal for one in announcement.transition.principals} - known


def _who(announcement: Announcement) -> list[str]:
    before = {one.principal: one.count for one in announcement.before}
    told = folded(announcement.transition.principals)
    lines = []
    for one in told[:_MOST_LINES]:
        earlier = sum(before.get(member, 0) for member in one.members)
        history = f"{earlier:,} before" if earlier else "never seen before"
        sessions = f", {one.sessions:,} sessions" if one.sessions > 1 else ""
        lines.append(f"{_named(one.name)}{sessions}: {plural(one.count, 'event')}, {history}")
    return lines + _left_out(len(told) - _MOST_LINES)


def _what(told: Transition) -> list[str]:
    """Every event name with its count, as far as there is room; what succeeded first."""
    sources: dict[str, str] = {}
    errors: dict[str, dict[str, None]] = {}
    for event in told.events:
        sources.setdefault(event.event_name, event.event_source)
        if event.error_code:
            errors.setdefault(event.event_name, {})[event.error_code] = None
    counts = told.event_names or _counted(told.events)
    lines = []
    for one in counts[:_MOST_NAMES]:
        source = sources.get(one.event_name, "")
        why = ", ".join(visible(error, 130) for error in list(errors.get(one.event_name, ()))[:3])
        number = "" if one.refused == one.count else f"{one.refused:,} "
        lines.append(
            (visible(one.event_name, 130) or "an event without a name")
            + (f" ({visible(source, 130)})" if source else "")
            + (f" x{one.count}" if one.count > 1 else "")
            + (f", {number}refused" + (f": {why}" if why else "") if one.refused else "")
        )
    return lines + _left_out(len(counts) - _MOST_NAMES)


def _counted(events: Iterable[Event]) -> tuple[EventNameCount, ...]:
    counts, refused = Counter[str](), Counter[str]()
    for event in events:
        counts[event.event_name] += 1
        refused[event.event_name] += bool(event.error_code)
    return tuple(EventNameCount(name, n, refused[name]) for name, n in counts.most_common())


def _origin(event: Event) -> str:
    agent = f", {visible(event.user_agent, 200)}" if event.user_agent else ""
    return (visible(event.source_ip, 100) or "an unknown address") + agent


def _place(event: Event) -> str:
    account = visible(event.account, 40) or "unknown"
    return f"account {account}, {visible(event.region, 40) or 'no region'}"


def _when(told: Transition) -> list[str]:
    if not told.events:
        return []
    times = [event.event_time for event in told.events]
    first, last = min(times), max(times)
    if told.event_count > len(told.events):
        return [f"{moment(first)} to {moment(last)}, and more"]
    return [moment(first) if first == last else f"{moment(first)} to {moment(last)}"]


def _often(announcement: Announcement) -> list[str]:
    count = announcement.transition.event_count
    if not count:
        return []
    before = sum(one.count for one in announcement.before)
    return [f"{plural(count, 'event')} this time, {before:,} before by the same principals"]


def _state(announcement: Announcement) -> str:
    told = announcement.transition
    if announcement.kind == "late-match" or told.from_state == told.to_state:
        return f"{told.to_state}, at {moment(told.time)}"
    return f"{told.from_state} to {told.to_state}, at {moment(told.time)}"


def _line(event: Event) -> Line:
    parts = (
        moment(event.event_time),
        visible(event.event_name, 130),
        f"by {_named(event.principal)}",
        f"from {visible(event.source_ip, 100)}" if event.source_ip else "",
        f"({visible(event.error_code, 130)})" if event.error_code else "",
    )
    return Line(" ".join(filter(None, parts)), event_url(event.event_id, event.region))


def _named(principal: str) -> str:
    return visible(principal, 200) or "somebody unknown"


def _bounded(lines: Iterable[str]) -> list[str]:
    """Each line once with how often it came, the most frequent first."""
    counts = Counter(lines).most_common()
    shown = [f"{line} x{count}" if count > 1 else line for line, count in counts[:_MOST_LINES]]
    return shown + _left_out(len(counts) - _MOST_LINES)


def _left_out(count: int) -> list[str]:
    return [f"and {count:,} more"] if count > 0 else []


def moment(time: datetime) -> str:
    """``2024-03-04 08:00:01 UTC``."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

"""The incidents of each alarm: when, who, what, from where, and why the alarm fired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from trailwarden.monitor.outcome import (
    AlarmOutcome,
    Event,
    EventNameCount,
    Outcome,
    Transition,
)
from trailwarden.report.findings import Incident, incidents_of
from trailwarden.report.terminal.page import ELSEWHERE, Page, Part
from trailwarden.report.wording import condition, duration, names, repeated, who
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

BUDGET = 40  # incidents of all alarms
MOST_INCIDENTS = 5  # of one alarm
MOST_ALARMS = 30
MOST_EVENT_NAMES = 6
MOST_PRINCIPALS = 3
REASON_LIMIT = 400


def timeline_section(page: Page, outcome: Outcome) -> None:
    """One part per alarm that fired, in the stack's order."""
    fired = [alarm for alarm in outcome.alarms if alarm.fired]
    if not fired:
        return
    page.title("Incidents")
    most = max(1, min(MOST_INCIDENTS, BUDGET // len(fired)))
    for alarm in fired[:MOST_ALARMS]:
        _alarm(page, alarm, most)
    if len(fired) > MOST_ALARMS:
        page.blank()
        left = plural(len(fired) - MOST_ALARMS, "more alarm")
        page.line((f"{left} fired: {ELSEWHERE}", "dim"), indent=2)


def _alarm(page: Page, alarm: AlarmOutcome, most: int) -> None:
    page.blank()
    page.item(
        ("●", "red") if alarm.state == "ALARM" else "○",
        (visible(alarm.name, 120), "bold"),
        (f"  {condition(alarm.alarm)}", "dim"),
    )
    selection = select(list(incidents_of(alarm)), most)
    for incident in selection.before:
        _incident(page, incident)
    if selection.left_out:
        noun = "more incident" if selection.before else "earlier incident"
        text = f"{plural(selection.left_out, noun)}: {ELSEWHERE}"
        page.line((f"… {text}", "dim"), indent=4)
    for incident in selection.after:
        _incident(page, incident)


@dataclass(frozen=True, slots=True)
class Selection:
    """The incidents to show, with a gap of ``left_out`` between the two parts."""

    before: Sequence[Incident]
    left_out: int
    after: Sequence[Incident]


def select(incidents: Sequence[Incident], most: int) -> Selection:
    """All incidents, or the first and the newest of them: how it began, and where it stands."""
    if len(incidents) <= most:
        return Selection(incidents, 0, ())
    first = incidents[: 1 if most > 1 else 0]
    return Selection(first, len(incidents) - most, incidents[len(first) - most :])


def _incident(page: Page, incident: Incident) -> None:
    change = incident.change
    page.line(
        (format_instant(change.time), "bold"),
        "  ",
        *_who(incident),
        *_where(change.events),
        (_how_long(incident), "dim"),
        indent=4,
    )
    if change.events:
        page.line(*_what(change), indent=6)
    page.line((visible(change.reason, REASON_LIMIT), "dim"), indent=6)


def _who(incident: Incident) -> list[Part]:
    change = incident.change
    if not change.event_count:
        return ["no event behind it"]
    ranking = change.principals
    shown = [
        who(one.principal) + (repeated(one.count) if len(ranking) > 1 else "")
        for one in ranking[:MOST_PRINCIPALS]
    ]
    left = len(ranking) - MOST_PRINCIPALS
    text = ", ".join(shown) + (f" and {plural(left, 'other')}" if left > 0 else "")
    counted = plural(change.event_count, "event") + _apart(incident)
    return [counted, " by " if text else "", (text, "bold magenta")]


def _apart(incident: Incident) -> str:
    """What fired the alarm and what came until its end, where that is not the same."""
    change = incident.change
    if not change.more_count:
        return ""
    until = f"until {incident.end_state}" if incident.end else "since"
    return f" ({change.fired_count:,} to fire it, {change.more_count:,} more {until})"


def _where(events: Sequence[Event]) -> list[Part]:
    places = list(dict.fromkeys(event.source_ip for event in events if event.source_ip))
    return [" from ", (names(places, 2, 60), "cyan")] if places else []


def _how_long(incident: Incident) -> str:
    if incident.end is None:
        return ", still in ALARM at the end"
    return f", for {duration((incident.end - incident.change.time).total_seconds())}"


def _what(change: Transition) -> list[Part]:
    errors: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for event in change.events:
        if event.error_code:
            errors[event.event_name][event.error_code] = None
    parts: list[Part] = []
    for one in change.event_names[:MOST_EVENT_NAMES]:
        parts.append(", " if parts else "")
        parts.append(visible(one.event_name, 60) or "(no eventName)")
        parts.append(repeated(one.count))
        if one.refused:
            parts.append((_refused(one, list(errors[one.event_name])), "yellow"))
    if len(change.event_names) > MOST_EVENT_NAMES:
        parts.append(f" and {plural(len(change.event_names) - MOST_EVENT_NAMES, 'other')}")
    return parts


def _refused(one: EventNameCount, errors: Sequence[str]) -> str:
    why = names(errors, 2, 60)
    if one.refused == one.count:
        return f" ({why or 'refused'})"
    return f" ({one.refused:,} refused{f': {why}' if why else ''})"

"""Facts as plain text."""

from __future__ import annotations

from trailwarden.notify.facts import Facts

_WIDTH = 11


def plain_text(facts: Facts) -> str:
    """Lines that end with a newline; long ones are not folded."""
    lines = [facts.title, *filter(None, (facts.remark, facts.description)), ""]
    for label, (first, *others) in facts.rows:
        lines.append(f"{label + ':':<{_WIDTH}}{first}")
        lines += [" " * _WIDTH + other for other in others]
    if facts.events:
        lines += ["", f"Events ({len(facts.events)} of {facts.event_count:,}):"]
    for event in facts.events:
        lines.append(f"- {event.text}")
        lines += [f"  {event.url}"] if event.url else []
    if facts.alarm_url:
        lines += ["", f"Alarm: {facts.alarm_url}"]
    return "\n".join(lines) + "\n"

"""Facts as HTML for mail programs: tables and inline styles, nothing to load, all escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from trailwarden.notify.facts import Facts, Line

_COLOURS = {"bad": "#b3261e", "good": "#1e7b34", "doubtful": "#a15c00"}
_FONT = "font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5;color:#202124"
_LABEL = "padding:2px 16px 2px 0;color:#5f6368;vertical-align:top;white-space:nowrap"
_VALUE = "padding:2px 0;vertical-align:top;word-break:break-word;overflow-wrap:anywhere"


def page(subject: str, sections: Sequence[str]) -> str:
    """A whole document with ``sections`` of markup below one another."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>"
        f'<body style="margin:0;padding:16px;background:#ffffff;{_FONT}">{"".join(sections)}'
        "</body></html>\n"
    )


def section(facts: Facts) -> str:
    """The markup of one announcement."""
    rows = "".join(_row(label, lines) for label, lines in facts.rows)
    colour = _COLOURS[facts.tone]
    return (
        f'<div style="margin:0 0 24px;padding:0 0 0 14px;border-left:6px solid {colour}">'
        f'<h1 style="margin:0 0 6px;font-size:18px;color:{colour}">{escape(facts.title)}</h1>'
        f"{paragraph(facts.remark)}{paragraph(facts.description)}"
        f'<table role="presentation" style="border-collapse:collapse;{_FONT}">{rows}</table>'
        f"{_events(facts)}{_link(facts.alarm_url, 'The alarm in the AWS console')}</div>"
    )


def paragraph(text: str) -> str:
    """A paragraph; nothing for an empty text."""
    return f'<p style="margin:0 0 8px">{escape(text)}</p>' if text else ""


def _row(label: str, lines: Sequence[str]) -> str:
    value = "<br>".join(map(escape, lines))
    return f'<tr><td style="{_LABEL}">{escape(label)}</td><td style="{_VALUE}">{value}</td></tr>'


def _events(facts: Facts) -> str:
    if not facts.events:
        return ""
    items = "".join(f'<li style="{_VALUE}">{_event(event)}</li>' for event in facts.events)
    return (
        f'<p style="margin:12px 0 4px">Events ({len(facts.events)} of {facts.event_count:,}):</p>'
        f'<ul style="margin:0 0 8px;padding:0 0 0 18px">{items}</ul>'
    )


def _event(event: Line) -> str:
    return f"{escape(event.text)} {_link(event.url, 'show')}".rstrip()


def _link(url: str, text: str) -> str:
    if not url:
        return ""
    return f'<a href="{escape(url)}" style="color:#1a56b0">{escape(text)}</a>'

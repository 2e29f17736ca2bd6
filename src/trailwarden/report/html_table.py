"""The table of all alarms for readers without the page's script, which builds richer sections."""

from __future__ import annotations

from collections import Counter

from trailwarden.monitor.outcome import AlarmOutcome, Outcome
from trailwarden.report.findings import incidents_of, matches_of
from trailwarden.report.html_markup import columns, minute, text

_COLUMNS = ("Alarm", "State", "Fired", "Matches", "First incident", "Last incident", "Foremost")
_STATES = {"OK": "OK", "ALARM": "ALARM", "INSUFFICIENT_DATA": "Insufficient data"}


def alarm_table(outcome: Outcome) -> str:
    """One row per alarm, those that fired first."""
    if not outcome.alarms:
        return ""
    ordered = sorted(outcome.alarms, key=lambda alarm: not alarm.fired)
    rows = "\n".join(_row(alarm, outcome) for alarm in ordered)
    return (
        f'<h2>Alarms</h2>\n<table class="summary">\n<thead><tr>{columns(_COLUMNS)}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _row(alarm: AlarmOutcome, outcome: Outcome) -> str:
    changes = [incident.change for incident in incidents_of(alarm)]
    first, last = (minute(changes[0].time), minute(changes[-1].time)) if changes else ("", "")
    counts = Counter[str]()
    for change in changes:
        for one in change.principals:
            counts[one.principal] += one.count
    foremost = counts.most_common(1)
    cells = (
        ("", f'<span class="state {alarm.state}">{_STATES[alarm.state]}</span>'),
        ("number", f"{alarm.fired:,}"),
        ("number", f"{matches_of(alarm, outcome.filters):,}"),
        ("", first),
        ("", last),
        ("", text(foremost[0][0]) if foremost else ""),
    )
    row = "".join(
        f'<td class="{style}" data-label="{label}">{content}</td>' if content else "<td></td>"
        for label, (style, content) in zip(_COLUMNS[1:], cells, strict=True)
    )
    return f'<tr><th scope="row">{text(alarm.name)}</th>{row}</tr>'

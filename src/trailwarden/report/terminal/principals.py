"""Who stands behind the incidents of several alarms."""

from __future__ import annotations

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.findings import named, principals_across
from trailwarden.report.short_names import short_names
from trailwarden.report.terminal.page import (
    ELSEWHERE,
    Page,
    columns,
    minute,
    styled,
    widths_of,
)
from trailwarden.report.wording import fitting, who
from trailwarden.text import plural

MOST_ROWS = 10
WIDE = 110  # columns
NAME_LIMIT, ALARM_LIMIT = 50, 30


def principals_section(page: Page, outcome: Outcome) -> None:
    """The principals behind incidents, those behind the most alarms first."""
    spans = principals_across(outcome.alarms)
    if not spans:
        return
    page.title("Principals", "behind incidents, those behind the most alarms first")
    short = short_names((alarm.name for alarm in outcome.alarms), ALARM_LIMIT)
    titles = ["PRINCIPAL", "INCIDENTS", *(["FIRST (UTC)"] if page.width >= WIDE else [])]
    rows = [
        [who(span.principal, NAME_LIMIT), f"{span.incidents:,}", minute(span.first)][: len(titles)]
        for span in spans[:MOST_ROWS]
    ]
    room = max(10, page.room_beside(widths_of(titles, rows)))
    table = columns(*titles, "ALARMS", right=("INCIDENTS",))
    for row, span in zip(rows, spans, strict=False):
        alarms = fitting([short[name] for name in span.alarms], room)
        table.add_row(styled(row[0], "bold magenta"), *row[1:], alarms)
    page.table(table)
    left = named(spans[MOST_ROWS:])
    if left:
        page.line((f"{plural(left, 'more principal')}: {ELSEWHERE}", "dim"), indent=2)

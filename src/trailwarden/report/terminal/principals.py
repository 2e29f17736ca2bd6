"""Who stands behind the incidents of several alarms."""

from __future__ import annotations

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.findings import principals_across
from trailwarden.report.terminal.page import ELSEWHERE, Page, columns, minute, styled
from trailwarden.report.wording import names, who
from trailwarden.text import plural, visible

MOST_ROWS = 10
WIDE = 110  # columns
NAME_LIMIT = 50


def principals_section(page: Page, outcome: Outcome) -> None:
    """The principals behind incidents, those behind the most alarms first."""
    spans = principals_across(outcome.alarms)
    if not spans:
        return
    page.title("Principals", "behind incidents, those behind the most alarms first")
    titles = ["PRINCIPAL", "INCIDENTS", *(["FIRST (UTC)"] if page.width >= WIDE else [])]
    rows = [
        [who(span.principal, NAME_LIMIT), f"{span.incidents:,}", minute(span.first)][: len(titles)]
        for span in spans[:MOST_ROWS]
    ]
    taken = 2 + sum(
        2 + max(len(title), *(len(row[place]) for row in rows))
        for place, title in enumerate(titles)
    )
    table = columns(*titles, "ALARMS", right=("INCIDENTS",))
    for row, span in zip(rows, spans, strict=False):
        alarms = visible(names(span.alarms, len(span.alarms)), max(10, page.width - taken))
        table.add_row(styled(row[0], "bold magenta"), *row[1:], alarms)
    page.table(table)
    if len(spans) > MOST_ROWS:
        left = plural(len(spans) - MOST_ROWS, "more principal")
        page.line((f"{left}: {ELSEWHERE}", "dim"), indent=2)

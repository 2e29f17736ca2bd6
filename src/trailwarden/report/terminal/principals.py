"""Who stands behind the incidents of several alarms."""

from __future__ import annotations

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.findings import principals_across
from trailwarden.report.terminal.page import ELSEWHERE, Page, columns, styled
from trailwarden.report.wording import names, who
from trailwarden.text import plural
from trailwarden.times import format_instant

MOST_ROWS = 10
WIDE = 120  # columns


def principals_section(page: Page, outcome: Outcome) -> None:
    """The principals behind incidents, those behind the most alarms first."""
    spans = principals_across(outcome.alarms)
    if not spans:
        return
    page.title("Principals", "behind incidents, those behind the most alarms first")
    wide = page.width >= WIDE
    titles = ["PRINCIPAL", "INCIDENTS", "FIRST", *(["LAST"] if wide else []), "ALARMS"]
    table = columns(*titles, right=("INCIDENTS",))
    for span in spans[:MOST_ROWS]:
        cells = [
            styled(who(span.principal, 70), "bold magenta"),
            styled(f"{span.incidents:,}"),
            styled(format_instant(span.first)),
        ]
        if wide:
            cells.append(styled(format_instant(span.last)))
        table.add_row(*cells, styled(names(span.alarms, 3, 40)))
    page.table(table)
    if len(spans) > MOST_ROWS:
        left = plural(len(spans) - MOST_ROWS, "more principal")
        page.line((f"{left}: {ELSEWHERE}", "dim"), indent=2)

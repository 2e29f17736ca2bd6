"""Matches that no alarm told of."""

from __future__ import annotations

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.findings import SilentMatches, silent_matches
from trailwarden.report.terminal.page import ELSEWHERE, Page, columns, styled
from trailwarden.report.wording import names, whos
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

MOST_ROWS = 15
WIDE = 100  # columns


def matches_section(page: Page, outcome: Outcome) -> None:
    """Filters that matched while no alarm behind them fired, and why it did not."""
    found = silent_matches(outcome)
    if not found:
        return
    page.title("Matches without an alarm")
    wide = page.width >= WIDE
    titles = ["FILTER", "MATCHES", *(["LAST"] if wide else []), "PRINCIPALS", "WHY"]
    table = columns(*titles, right=("MATCHES",))
    for one in found[:MOST_ROWS]:
        last = one.filter.last
        table.add_row(
            styled(visible(one.filter.filter.filter_name, 60), "bold"),
            styled(f"{one.filter.matches:,}"),
            *([styled(format_instant(last) if last else "")] if wide else []),
            styled(whos([count.principal for count in one.filter.principals], 2)),
            styled(_why(one), "dim"),
        )
    page.table(table)
    if len(found) > MOST_ROWS:
        left = plural(len(found) - MOST_ROWS, "more filter")
        page.line((f"{left}: {ELSEWHERE}", "dim"), indent=2)


def _why(one: SilentMatches) -> str:
    if not one.alarms:
        return "no alarm watches its metric"
    return f"{names(one.alarms, 2, 60)} did not fire"

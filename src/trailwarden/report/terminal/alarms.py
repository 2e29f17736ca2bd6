"""Every alarm at a glance: those that fired in a table, the quiet ones in a line."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from trailwarden.alarms.model import CompositeAlarm
from trailwarden.monitor.outcome import AlarmOutcome, Outcome
from trailwarden.report.findings import incidents_of, matches_of
from trailwarden.report.short_names import short_names
from trailwarden.report.terminal.page import (
    ELSEWHERE,
    Page,
    columns,
    minute,
    styled,
    widths_of,
)
from trailwarden.report.wording import who
from trailwarden.text import some_of

MOST_ROWS = 50
MOST_NAMES = 20
_MORE = {"FIRST (UTC)": 96, "MATCHES": 110, "LAST (UTC)": 136}  # from so many columns on
_STYLES = {"ALARM": "bold red", "OK": "green", "INSUFFICIENT_DATA": "yellow"}
NAME_LIMIT = 44
WHO_LEAST = 24


def alarms_section(page: Page, outcome: Outcome) -> None:
    """The alarms that fired, in the stack's order, then the others."""
    fired = [alarm for alarm in outcome.alarms if alarm.fired]
    page.title("Alarms")
    short = short_names((alarm.name for alarm in outcome.alarms), NAME_LIMIT)
    if fired:
        page.table(_table(page, outcome, fired[:MOST_ROWS], short))
        if len(fired) > MOST_ROWS:
            page.line((f"{len(fired) - MOST_ROWS:,} more fired: {ELSEWHERE}", "dim"), indent=2)
    quiet = [alarm for alarm in outcome.alarms if not alarm.fired]
    if fired and quiet:
        page.blank()
    waiting = [alarm for alarm in quiet if _never_had_data(alarm)]
    calm = [short[alarm.name] for alarm in quiet if not _never_had_data(alarm)]
    if calm:
        _mention(page, f"{len(calm):,} never fired", calm)
    fed = [short[alarm.name] for alarm in waiting if _is_fed(alarm)]
    unfed = [short[alarm.name] for alarm in waiting if not _is_fed(alarm)]
    if fed:
        _mention(page, f"{len(fed):,} in INSUFFICIENT_DATA, never given data", fed)
    if unfed:
        why = "fed by no metric filter of the stack"
        _mention(page, f"{len(unfed):,} in INSUFFICIENT_DATA, {why}", unfed)
    if not outcome.alarms:
        page.line("The stack has no alarms.", indent=2)


def _never_had_data(alarm: AlarmOutcome) -> bool:
    return alarm.state == "INSUFFICIENT_DATA" and not alarm.transitions


def _is_fed(alarm: AlarmOutcome) -> bool:
    return bool(alarm.filters) or isinstance(alarm.alarm, CompositeAlarm)


def _mention(page: Page, what: str, alarms: list[str]) -> None:
    page.line((f"{what}: ", ""), (some_of(alarms, MOST_NAMES), "dim"), indent=2)


def _table(
    page: Page, outcome: Outcome, fired: list[AlarmOutcome], short: Mapping[str, str]
) -> Table:
    titles = ["ALARM", "FIRED", "AT END"]
    titles += [title for title, width in _MORE.items() if page.width >= width]
    rows = [_cells(alarm, outcome, short)[: len(titles)] for alarm in fired]
    table = columns(*titles, "WHO", right=("FIRED", "MATCHES"), whole=True)
    widths = widths_of(titles, rows)
    for column, width in zip(table.columns[:-1], widths, strict=True):
        column.min_width = width
    room = max(WHO_LEAST, page.room_beside(widths))
    for row, alarm in zip(rows, fired, strict=True):
        table.add_row(*row, _principals(alarm, room))
    return table


def _cells(alarm: AlarmOutcome, outcome: Outcome, short: Mapping[str, str]) -> list[Text]:
    incidents = [incident.change for incident in incidents_of(alarm)]
    is_composite = isinstance(alarm.alarm, CompositeAlarm)
    matches = "" if is_composite else f"{matches_of(alarm, outcome.filters):,}"
    return [
        styled(short[alarm.name], "bold"),
        styled(f"{alarm.fired:,}", "red"),
        styled(alarm.state, _STYLES[alarm.state]),
        styled(minute(incidents[0].time)),
        styled(matches),
        styled(minute(incidents[-1].time)),
    ]


def _principals(alarm: AlarmOutcome, limit: int) -> Text:
    """The busiest principal, and how many others there are."""
    counts: dict[str, int] = {}
    for incident in incidents_of(alarm):
        for one in incident.change.principals:
            counts[one.principal] = max(counts.get(one.principal, 0), one.count)
    if not counts:
        return styled("")
    busiest = min(counts, key=lambda name: (-counts[name], name))
    others = f" +{len(counts) - 1:,}" if len(counts) > 1 else ""
    return styled(who(busiest, limit - len(others)) + others)

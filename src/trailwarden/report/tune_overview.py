"""All alarms that were tuned at a glance, the noisiest first, on a terminal."""

from __future__ import annotations

from trailwarden.report.terminal.page import Page, columns, styled, widths_of
from trailwarden.report.tune_words import alarm_time
from trailwarden.report.wording import number, shortened
from trailwarden.tuning.model import AlarmTuning, ThresholdAdvice, Tuning

_NAME, _SHORTEST = 40, 16
_WIDE = 96  # columns
_LONG = "IN ALARM"
_TITLES = ("ALARM", "INCIDENTS", _LONG, "MATCHES", "EXCLUSION 1", "THRESHOLD")


def overview(page: Page, tuning: Tuning) -> None:
    """A line for each alarm; nothing for a single one."""
    if len(tuning.alarms) < 2:
        return
    page.title("Alarms", "the noisiest first; the right columns say what would be left")
    ranked = sorted(tuning.alarms, key=lambda one: (-one.fired, -one.seconds, -one.matches))
    cells = [_cells(one) for one in ranked]
    shown = [
        place
        for place, title in enumerate(_TITLES)
        if (title != _LONG or page.width >= _WIDE) and any(row[place] for row in cells)
    ]
    titles = [_TITLES[place] for place in shown]
    rows = [[row[place] for place in shown] for row in cells]
    table = columns(*titles, right=titles[1:], whole=True)
    widths = widths_of(titles, rows)[1:]
    for column, width in zip(table.columns[1:], widths, strict=True):
        column.min_width = width
    room = max(_SHORTEST, page.room_beside(widths))
    for name, fired, *rest in rows:
        table.add_row(
            styled(shortened(name, min(_NAME, room)), "bold"), styled(fired, "red"), *rest
        )
    page.table(table)


def _cells(one: AlarmTuning) -> list[str]:
    advice = one.thresholds
    return [
        one.alarm.alarm_name,
        f"{one.fired:,}",
        alarm_time(one.seconds),
        f"{one.matches:,}",
        f"{one.exclusions[0].fired:,}" if one.exclusions else "",
        _threshold(advice),
    ]


def _threshold(advice: ThresholdAdvice) -> str:
    if advice.not_advised:
        return "not advised"
    found = [row for row in advice.rows if row.threshold == advice.weekly]
    return f"{found[0].fired:,} with {number(found[0].threshold)}" if found else ""

"""``--output csv``: one row for each event behind each incident (RFC 4180)."""

from __future__ import annotations

import csv
from typing import IO

from trailwarden.monitor.outcome import Event, Outcome
from trailwarden.monitor.outcome_json import event_instant, instant
from trailwarden.report.findings import Incident, incidents_of
from trailwarden.text import visible

CELL_LIMIT = 2000  # characters; spreadsheets end at 32,767
# What makes a spreadsheet read a cell as a formula. Some also know the full-width forms.
_FORMULA = tuple("=+-@\t\r＝＋－＠")  # noqa: RUF001

_INCIDENT = (
    "alarm",
    "incident",
    "incident_time",
    "incident_end",
    "end_state",
    "event_count",
    "fired_count",
    "more_count",
    "reason",
)
_EVENT = (
    "event_time",
    "principal",
    "principal_kind",
    "event_name",
    "event_source",
    "error_code",
    "source_ip",
    "user_agent",
    "account",
    "region",
    "read_only",
    "event_id",
    "file",
)
COLUMNS = _INCIDENT + _EVENT


def render_csv(outcome: Outcome, stream: IO[str]) -> None:
    """Write a header and the rows. An incident without events has one row all the same."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for alarm in outcome.alarms:
        for incident in incidents_of(alarm):
            head = _incident_cells(alarm.name, incident)
            rows = [_event_cells(event) for event in incident.change.events]
            for row in rows or [[""] * len(_EVENT)]:
                writer.writerow([*head, *row])


def cell(text: str) -> str:
    """``text`` as a spreadsheet may show it: no control characters, and never a formula."""
    shown = visible(text, CELL_LIMIT)
    if text.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA):
        return "'" + shown
    return shown


def _incident_cells(name: str, incident: Incident) -> list[str]:
    change = incident.change
    return [
        cell(name),
        str(incident.number),
        instant(change.time) or "",
        instant(incident.end) or "",
        incident.end_state,
        str(change.event_count),
        str(change.fired_count),
        str(change.more_count),
        cell(change.reason),
    ]


def _event_cells(event: Event) -> list[str]:
    return [
        event_instant(event) or "",
        cell(event.principal),
        cell(event.principal_kind),
        cell(event.event_name),
        cell(event.event_source),
        cell(event.error_code),
        cell(event.source_ip),
        cell(event.user_agent),
        cell(event.account),
        cell(event.region),
        "" if event.read_only is None else str(event.read_only).lower(),
        cell(event.event_id),
        cell(event.source),
    ]

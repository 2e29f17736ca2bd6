"""``--output matches``: every match, one a row (CSV) or a line (JSON), never a sample."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO

from trailwarden.json_text import encode
from trailwarden.monitor.matches import Match
from trailwarden.monitor.outcome_json import Value, instant
from trailwarden.report.csv_report import cell

SCHEMA = "trailwarden.match/1"
COLUMNS = (
    "time",
    "filter",
    "alarm",
    "principal",
    "principal_kind",
    "access_key",
    "mfa",
    "source_ip",
    "user_agent",
    "account",
    "region",
    "event_name",
    "event_source",
    "error_code",
    "error_message",
    "target",
    "read_only",
    "event_id",
    "file",
)


def render_matches_csv(matches: Iterable[Match], stream: IO[str]) -> None:
    """Write a header and a row for each match, as they come."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, matches))


def render_matches_jsonl(matches: Iterable[Match], stream: IO[str]) -> None:
    """Write an object a line for each match, as they come."""
    stream.writelines(encode(_value(match)) + "\n" for match in matches)


def _cells(match: Match) -> list[str]:
    record = match.record
    return [
        instant(record.time) or "",
        cell(match.filter),
        cell("; ".join(match.alarms)),
        cell(record.principal),
        cell(record.principal_kind),
        cell(record.access_key),
        _flag(record.with_mfa),
        cell(record.source_ip),
        cell(record.user_agent),
        cell(record.account),
        cell(record.region),
        cell(record.event_name),
        cell(record.event_source),
        cell(record.error_code),
        cell(record.error_message),
        cell("; ".join(record.targets)),
        _flag(record.read_only),
        cell(record.event_id),
        cell(record.file),
    ]


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _value(match: Match) -> Value:
    record = match.record
    return {
        "schema": SCHEMA,
        "time": instant(record.time),
        "filter": match.filter,
        "alarms": list(match.alarms),
        "principal": record.principal or None,
        "principal_kind": record.principal_kind or None,
        "access_key": record.access_key or None,
        "mfa": record.with_mfa,
        "source_ip": record.source_ip or None,
        "user_agent": record.user_agent or None,
        "account": record.account or None,
        "region": record.region or None,
        "event_name": record.event_name or None,
        "event_source": record.event_source or None,
        "error_code": record.error_code or None,
        "error_message": record.error_message or None,
        "targets": list(record.targets),
        "read_only": record.read_only,
        "event_id": record.event_id or None,
        "file": record.file,
    }

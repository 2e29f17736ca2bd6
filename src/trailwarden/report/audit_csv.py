"""``audit --output csv``: one row for each control of each version (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from trailwarden.audit.model import Audit, ControlAudit
from trailwarden.report.audit_view import SCANNERS, outcome_of, verdict_of
from trailwarden.report.csv_report import cell

_CONTROL = ("benchmark", "id", "key", "title", "level", "status", "detection")
_COUNTS = ("named_caught", "named", "forgotten_caught", "forgotten")
_LISTS = ("escapes", "also_matches", "filters", "alarms", "findings", "cures")
_SCANNERS = tuple(
    f"{name.replace('-', '_')}{part}" for name in SCANNERS for part in ("", "_reason", "_cure")
)
COLUMNS = _CONTROL + _COUNTS + _LISTS + _SCANNERS
_BETWEEN = "; "


def render_csv(audit: Audit, stream: IO[str]) -> None:
    """Write a header and the rows."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in audit.controls:
        writer.writerow([*_cells(one), *_verdicts(one)])


def _cells(one: ControlAudit) -> list[str]:
    counts = (one.named.caught, one.named.all, one.forgotten.caught, one.forgotten.all)
    lists = (
        [escape.name for escape in one.escapes],
        one.noise,
        one.filters,
        one.alarms,
        [finding.message for finding in one.findings],
        [finding.cure for finding in one.findings if finding.cure],
    )
    return [
        one.version,
        one.id,
        one.control.key,
        one.control.title,
        str(one.control.level(one.version)),
        one.status,
        one.detection,
        *map(str, counts),
        *(cell(_BETWEEN.join(texts)) for texts in lists),
    ]


def _verdicts(one: ControlAudit) -> Iterator[str]:
    for scanner in SCANNERS:
        verdict = verdict_of(one, scanner)
        yield outcome_of(verdict)
        yield cell(verdict.reason) if verdict else ""
        yield cell(verdict.cure) if verdict else ""

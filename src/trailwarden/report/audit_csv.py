"""``audit --output csv``: one row for each control of each version (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from trailwarden.audit.model import Audit, ControlAudit, Provenance
from trailwarden.report.audit_json import digest_of
from trailwarden.report.audit_view import SCANNERS, outcome_of, verdict_of, without_effect
from trailwarden.report.csv_report import cell
from trailwarden.times import format_instant

_CONTROL = (
    "benchmark", "id", "key", "title", "gloss", "level", "status", "detection", "beyond", "judged"
)  # fmt: skip
_COUNTS = ("named_caught", "named", "forgotten_caught", "forgotten")
_LISTS = ("escapes", "also_matches", "filters", "alarms", "findings", "cures")
_SCANNERS = tuple(
    f"{name.replace('-', '_')}{part}" for name in SCANNERS for part in ("", "_reason", "_cure")
)
_EXCEPTION = ("excepted_by", "excepted_until", "exception_reason")
_ORIGINS = (
    "audited", "account", "region", "inputs", "parameters", "versions", "result_sha256",
    "exceptions_without_effect",
)  # fmt: skip
COLUMNS = _CONTROL + _COUNTS + _LISTS + _SCANNERS + _EXCEPTION + _ORIGINS
_BETWEEN = "; "


def render_csv(audit: Audit, stream: IO[str]) -> None:
    """Write a header and the rows."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    origins = _origins(audit)  # the same in every row: a row may be all that is handed on
    for one in audit.controls:
        writer.writerow([*_cells(one), *_verdicts(one), *_exception(one), *origins])


def _exception(one: ControlAudit) -> list[str]:
    if one.exception is None:
        return ["", "", ""]
    accepted = one.exception
    return [cell(accepted.owner), accepted.expires.isoformat(), cell(accepted.reason)]


def _origins(audit: Audit) -> list[str]:
    made = audit.provenance or Provenance()
    lists = (
        [f"{one.name} sha256:{one.sha256}" for one in made.inputs],
        [f"{name}={value}" for name, value in made.parameters.items()],
        [f"{name} {value}" for name, value in made.versions.items()],
    )
    return [
        format_instant(audit.time.replace(microsecond=0)),
        cell(audit.account or ""),
        cell(audit.region or ""),
        *(cell(_BETWEEN.join(texts)) for texts in lists),
        digest_of(audit),
        cell(_BETWEEN.join(without_effect(audit))),
    ]


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
        one.title,
        one.control.gloss,
        str(one.control.level(one.version)),
        one.status,
        one.detection,
        one.beyond,
        one.judged,
        *map(str, counts),
        *(cell(_BETWEEN.join(texts)) for texts in lists),
    ]


def _verdicts(one: ControlAudit) -> Iterator[str]:
    for scanner in SCANNERS:
        verdict = verdict_of(one, scanner)
        yield outcome_of(verdict)
        yield cell(verdict.reason) if verdict else ""
        yield cell(verdict.cure) if verdict else ""

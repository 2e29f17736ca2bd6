"""``audit --output json``: one object, ASCII only, as docs/audit.md describes."""

from __future__ import annotations

from typing import IO

from trailwarden import __version__
from trailwarden.audit.model import Audit, ControlAudit
from trailwarden.json_text import write
from trailwarden.report.stack_json import plain
from trailwarden.times import format_instant

SCHEMA = "trailwarden.audit/1"


def render_json(audit: Audit, stream: IO[str]) -> None:
    """Write the object, and a newline."""
    report: dict[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "time": format_instant(audit.time.replace(microsecond=0)),
        "seconds": round(audit.seconds, 3),
        "stack": audit.stack,
        "source": audit.source,
        "account": audit.account,
        "region": audit.region,
        "benchmarks": list(audit.versions),
        "notes": list(audit.notes),
        "controls": map(_control, audit.controls),
    }
    write(stream, report)
    stream.write("\n")


def _control(one: ControlAudit) -> dict[str, object]:
    return {
        "benchmark": one.version,
        "id": one.id,
        "key": one.control.key,
        "title": one.control.title,
        "level": one.control.level(one.version),
        "status": one.status,
        "detection": one.detection,
        "named": plain(one.named),
        "forgotten": plain(one.forgotten),
        "findings": plain(one.findings),
        "escapes": plain(one.escapes),
        "example": plain(one.example),
        "also_matches": list(one.noise),
        "filters": list(one.filters),
        "alarms": list(one.alarms),
        "scanners": plain(one.verdicts),
    }

"""``audit --output json``: one object, ASCII only, as docs/audit.md describes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import IO

from trailwarden import __version__
from trailwarden.audit.model import Audit, ControlAudit, ExceptionUse, Provenance
from trailwarden.json_text import write
from trailwarden.report.stack_json import plain
from trailwarden.settings import ControlException
from trailwarden.stack.controls import Version
from trailwarden.times import format_instant

SCHEMA = "trailwarden.audit/2"


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
        "summary": [_summary(audit, version) for version in audit.versions],
        **provenance_of(audit),
        "exceptions": [exception_of(use) for use in audit.exceptions],
        "notes": list(audit.notes),
        "controls": map(_control, audit.controls),
    }
    write(stream, report)
    stream.write("\n")


def provenance_of(audit: Audit) -> dict[str, object]:
    """What the audit was made of, and the SHA-256 of what it found."""
    made = audit.provenance or Provenance()
    return {
        "inputs": [
            {"name": one.name, "sha256": one.sha256, "bytes": one.size} for one in made.inputs
        ],
        "parameters": dict(made.parameters),
        "regions": list(made.regions),
        "versions": dict(made.versions),
        "result_sha256": digest_of(audit),
    }


def digest_of(audit: Audit) -> str:
    """The SHA-256 of ``controls`` as ASCII JSON with sorted keys and without blanks.

    Two audits that found the same have the same, whenever they were made.
    """
    controls = [_control(one) for one in audit.controls]
    text = json.dumps(controls, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def exception_of(use: ExceptionUse) -> dict[str, object]:
    """An exception, and what became of it."""
    return {**_exception(use.exception), "state": use.state}


def _exception(one: ControlException) -> dict[str, object]:
    return {
        "control": one.control,
        "reason": one.reason,
        "owner": one.owner,
        "expires": one.expires.isoformat(),
    }


def _summary(audit: Audit, version: Version) -> dict[str, object]:
    found = [one for one in audit.controls if one.version == version]
    return {
        "benchmark": version,
        "controls": len(found),
        "status": dict(Counter(one.status for one in found)),
        "detection": dict(Counter(one.detection for one in found)),
        "beyond": dict(Counter(one.beyond for one in found)),
    }


def _control(one: ControlAudit) -> dict[str, object]:
    return {
        "benchmark": one.version,
        "id": one.id,
        "key": one.control.key,
        "title": one.title,
        "gloss": one.control.gloss,
        "level": one.control.level(one.version),
        "status": one.status,
        "detection": one.detection,
        "beyond": one.beyond,
        "judged": one.judged,
        "named": plain(one.named),
        "forgotten": plain(one.forgotten),
        "exception": _exception(one.exception) if one.exception else None,
        "findings": plain(one.findings),
        "escapes": plain(one.escapes),
        "example": plain(one.example),
        "also_matches": list(one.noise),
        "filters": list(one.filters),
        "alarms": list(one.alarms),
        "scanners": plain(one.verdicts),
    }

"""``audit --output ocsf``: Compliance Findings of the Open Cybersecurity Schema Framework 1.3.0.

An array of one object for each control of each version, as scanners write theirs. Times are
milliseconds since the epoch. What the schema has no place for is under ``unmapped``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from trailwarden import __version__
from trailwarden.audit.model import Audit, ControlAudit, Status
from trailwarden.json_text import write
from trailwarden.report.audit_json import exception_of, provenance_of
from trailwarden.report.stack_json import plain
from trailwarden.times import EPOCH

SCHEMA_VERSION = "1.3.0"  # the first with ``resources`` in this class
_CATEGORY, _CLASS, _CREATE, _NEW = 2, 2003, 1, 1
_AWS_ACCOUNT = 10  # account.type_id
_PASS, _WARNING, _FAIL = (1, "Pass"), (2, "Warning"), (3, "Fail")
# A warning is what the schema has for a check that could not be made, and for doubts.
_RESULTS = {"PASS": _PASS, "EXCEPTED": _WARNING, "UNKNOWN": _WARNING, "FAIL": _FAIL}
_SEVERITIES: dict[Status, tuple[int, str]] = {
    "PASS": (1, "Informational"),
    "EXCEPTED": (2, "Low"),
    "UNKNOWN": (2, "Low"),
    "FAIL": (4, "High"),
}


def render_ocsf(audit: Audit, stream: IO[str]) -> None:
    """Write the array, one finding a line, and a newline."""
    write(stream, (_finding(audit, one) for one in audit.controls))
    stream.write("\n")


def _finding(audit: Audit, one: ControlAudit) -> dict[str, object]:
    milliseconds = int((audit.time - EPOCH).total_seconds() * 1000)
    severity_id, severity = _SEVERITIES[one.status]
    messages = [finding.message for finding in one.findings] or ["nothing is wrong with it"]
    cures = list(dict.fromkeys(finding.cure for finding in one.findings if finding.cure))
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": milliseconds,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": _NEW,
        "status": "New",
        "message": messages[0],
        "metadata": _metadata(one),
        "cloud": _cloud(audit),
        "compliance": _compliance(one, messages),
        "finding_info": {
            "uid": f"trailwarden-{audit.account or audit.stack}-{one.version}-{one.control.key}",
            "title": f"{one.id} {one.title}",
            "desc": "; ".join(messages),
            "created_time": milliseconds,
            "types": ["Software and Configuration Checks"],
        },
        **({"remediation": {"desc": "; ".join(cures)}} if cures else {}),
        "resources": list(_resources(audit, one)),
        "unmapped": {
            "detection": one.detection,
            "beyond": one.beyond,
            "gloss": one.control.gloss,
            "escapes": plain(one.escapes),
            "also_matches": list(one.noise),
            "scanners": plain(one.verdicts),
            "judged": one.judged,
            "exception": plain(one.exception),
            "exceptions": [exception_of(use) for use in audit.exceptions],
            **provenance_of(audit),
        },
    }


def _metadata(one: ControlAudit) -> dict[str, object]:
    return {
        "version": SCHEMA_VERSION,
        "event_code": one.control.key,
        "profiles": ["cloud"],
        "product": {
            "uid": "trailwarden",
            "name": "Trailwarden",
            "vendor_name": "Trailwarden",
            "version": __version__,
        },
    }


def _cloud(audit: Audit) -> dict[str, object]:
    cloud: dict[str, object] = {"provider": "AWS"}
    if audit.account:
        cloud["account"] = {"uid": audit.account, "type": "AWS Account", "type_id": _AWS_ACCOUNT}
    if audit.region:
        cloud["region"] = audit.region
    return cloud


def _compliance(one: ControlAudit, messages: list[str]) -> dict[str, object]:
    status_id, status = _RESULTS[one.status]
    return {
        "standards": [f"CIS AWS Foundations Benchmark v{one.version}"],
        "control": one.id,
        "requirements": [one.title],
        "status_id": status_id,
        "status": status,
        "status_code": one.status,
        "status_detail": "; ".join(messages),
    }


def _resources(audit: Audit, one: ControlAudit) -> Iterator[dict[str, object]]:
    region = {"region": audit.region} if audit.region else {}
    found = [("AWS::Logs::MetricFilter", name) for name in one.filters]
    found += [("AWS::CloudWatch::Alarm", name) for name in one.alarms]
    for kind, name in found or [("AwsAccount", audit.account or audit.stack)]:
        yield {"uid": name, "name": name, "type": kind, **region}

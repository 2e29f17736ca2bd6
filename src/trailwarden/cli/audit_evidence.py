"""``audit --evidence FILE.zip``: what proves each control, so that others can check it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailwarden import __version__
from trailwarden.errors import UsageError
from trailwarden.report.audit_json import provenance_of
from trailwarden.text import visible
from trailwarden.times import format_instant

if TYPE_CHECKING:
    from trailwarden.audit.model import Audit, ControlAudit
    from trailwarden.audit.proof import Proof
    from trailwarden.monitor.outcome import Transition
    from trailwarden.scan.cases import Compose
    from trailwarden.stack import Stack

SCHEMA = "trailwarden.evidence/1"
_REPORTS = {
    "json": "audit.json",
    "html": "audit.html",
    "csv": "audit.csv",
    "ocsf": "audit.ocsf.json",
    "junit": "audit.junit.xml",
}
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - what a ZIP file can say at least, without a zone
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_Files = Iterator[tuple[str, bytes]]


def write_evidence(path: Path, stack: Stack, audit: Audit) -> None:
    """Write the ZIP file, whole or not at all, for its owner only.

    Raises UsageError where it cannot be written.
    """
    import tempfile

    content = _archive(stack, audit)
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".trailwarden-")
        temporary = Path(name)  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"cannot write the evidence to {visible(str(path), 300)}: {error.strerror or error}",
            cure="name a file where there is room and you may write: --evidence FILE.zip",
        ) from None


def _archive(stack: Stack, audit: Audit) -> bytes:
    files = [*_inputs(audit), _definitions(stack), *_reports(audit), *_controls(stack, audit)]
    manifest = {
        "schema": SCHEMA,
        "version": __version__,
        "time": format_instant(audit.time.replace(microsecond=0)),
        "stack": audit.stack,
        "source": audit.source,
        "account": audit.account,
        "region": audit.region,
        "benchmarks": list(audit.versions),
        **provenance_of(audit),
        "files": [
            {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in files
        ],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [("manifest.json", _json(manifest)), *files]:
            entry = zipfile.ZipInfo(name, _EARLIEST.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode("ascii")


def _inputs(audit: Audit) -> _Files:
    if audit.provenance is None:
        return
    for number, one in enumerate(audit.provenance.inputs, 1):
        name = _ODD.sub("-", one.name.replace("\\", "/").rpartition("/")[2])[-100:]
        yield f"inputs/{number:02}-{name}", one.content


def _definitions(stack: Stack) -> tuple[str, bytes]:
    """What was read of the templates or of the account: the latter has no file."""
    from trailwarden.report.stack_report import render_stack
    from trailwarden.report.stack_view import view_of

    stream = io.StringIO(newline="")
    render_stack(view_of(stack), "json", stream)
    return "inputs/stack.json", stream.getvalue().encode()


def _reports(audit: Audit) -> _Files:
    from trailwarden.report.audit_report import render_audit

    for form, name in _REPORTS.items():
        stream = io.StringIO(newline="")
        render_audit(audit, form, stream)
        yield f"reports/{name}", stream.getvalue().encode()


def _controls(stack: Stack, audit: Audit) -> _Files:
    from trailwarden.audit.proof import Prover
    from trailwarden.cli.test_notices import composing

    prover, compose = Prover(stack), composing(stack)
    for one in audit.controls:
        folder = f"controls/{one.version}/{one.id}-{one.control.key}"
        proofs = prover.of(one.control, one.version)
        lines = (json.dumps(proof.witness.record, separators=(",", ":")) for proof in proofs)
        yield f"{folder}/events.jsonl", "".join(f"{line}\n" for line in lines).encode("ascii")
        yield f"{folder}/proof.json", _json(_proof(one, stack, proofs, compose))


def _proof(
    one: ControlAudit, stack: Stack, proofs: Sequence[Proof], compose: Compose
) -> dict[str, object]:
    return {
        "benchmark": one.version,
        "id": one.id,
        "key": one.control.key,
        "title": one.title,
        "status": one.status,
        "judged": one.judged,
        "beyond": one.beyond,
        "events": [_event(one, stack, proof, compose) for proof in proofs],
    }


def _event(one: ControlAudit, stack: Stack, proof: Proof, compose: Compose) -> dict[str, object]:
    escape = next((each for each in one.escapes if each.name == proof.witness.name), None)
    patterns = {each.filter_name: each.filter_pattern for each in stack.metric_filters}
    return {
        "event": proof.witness.name,
        "is_named": proof.witness.is_named,
        "event_id": proof.witness.record.get("eventID"),
        "escapes": escape.code if escape else None,
        "filters": [{"name": name, "pattern": patterns[name]} for name in proof.filters],
        "copies": proof.copies,
        "periods": proof.periods,
        "transitions": [_transition(alarm, change) for alarm, change in proof.transitions],
        "messages": list(_messages(proof, compose)),
    }


def _transition(alarm: str, change: Transition) -> dict[str, object]:
    return {
        "alarm": alarm,
        "time": format_instant(change.time),
        "from": change.from_state,
        "to": change.to_state,
        "reason": change.reason,
    }


def _messages(proof: Proof, compose: Compose) -> Iterator[Mapping[str, Any]]:
    """To each topic that an alarm tells; none where it has no topic."""
    for announcement in proof.announcements:
        for topic in dict.fromkeys(announcement.topics):
            content = compose(announcement, topic)
            if content is not None:
                yield {
                    "topic": topic,
                    "subject": content.subject,
                    "body": json.loads(content.body),
                    "text": content.text,
                }

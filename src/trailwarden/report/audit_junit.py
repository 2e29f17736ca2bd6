"""``audit --output junit``: a suite for each version, a test for each control."""

from __future__ import annotations

from typing import IO

from trailwarden.audit.model import Audit, ControlAudit
from trailwarden.report.audit_view import short_form
from trailwarden.report.junit import Suite, Test, render_suites


def render_junit(audit: Audit, stream: IO[str]) -> None:
    """A control that is weak or fails is a failed test; one that is not known is skipped."""
    suites = [
        Suite(
            f"CIS AWS Foundations {version}",
            [_test(audit, one) for one in audit.controls if one.version == version],
        )
        for version in audit.versions
    ]
    render_suites(suites, stream, name="trailwarden audit")


def _test(audit: Audit, one: ControlAudit) -> Test:
    told = [finding for finding in one.findings if finding.severity != "note"]
    place = next((finding.location for finding in told if finding.location), None)
    is_failed = one.status in ("WEAK", "FAIL")
    return Test(
        name=f"{one.id} {one.control.title}",
        classname=f"{audit.stack}.cis-{one.version}",
        failure=_failure(one) if is_failed else "",
        message=told[0].message if is_failed else "",
        kind=one.status if is_failed else "",
        skipped="; ".join(finding.message for finding in told) if not is_failed else "",
        file=place.source if place else "",
        line=place.line if place else None,
    )


def _failure(one: ControlAudit) -> str:
    lines = []
    for finding in one.findings:
        if finding.severity != "note":
            where = f" (at {finding.location})" if finding.location else ""
            cure = f"\n  cure: {finding.cure}" if finding.cure else ""
            lines.append(f"{finding.severity}: {finding.message}{where}{cure}")
    if one.example is not None:
        lines.append(f"escapes, for example: {short_form(one.example)}")
    return "\n".join(lines)

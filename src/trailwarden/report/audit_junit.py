"""``audit --output junit``: a suite for each version, a test for each control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from trailwarden.audit.model import Audit, ControlAudit, Finding
from trailwarden.report.audit_json import digest_of
from trailwarden.report.audit_view import origins, short_form, without_effect
from trailwarden.report.junit import Suite, Test, render_suites
from trailwarden.times import format_instant


def render_junit(audit: Audit, stream: IO[str]) -> None:
    """A control that fails is a failed test; one that is not known or excepted is skipped.

    What lies beyond the benchmark is told in the output of a test, and fails none.
    """
    suites = [
        Suite(
            f"CIS AWS Foundations {version}",
            [_test(audit, one) for one in audit.controls if one.version == version],
            _properties(audit),
        )
        for version in audit.versions
    ]
    render_suites(suites, stream, name="trailwarden audit")


def _properties(audit: Audit) -> list[tuple[str, str]]:
    exceptions = [("Exception without effect", told) for told in without_effect(audit)]
    if audit.provenance is None:
        return exceptions
    return [
        ("Audited", format_instant(audit.time.replace(microsecond=0))),
        ("Account", audit.account or ""),
        ("Region", audit.region or ""),
        *origins(audit.provenance),
        ("Result", f"SHA-256 {digest_of(audit)}"),
        *exceptions,
    ]


def _test(audit: Audit, one: ControlAudit) -> Test:
    told = [finding for finding in one.findings if finding.severity in ("unknown", "fail")]
    place = next((finding.location for finding in told if finding.location), None)
    is_failed = one.status == "FAIL"
    return Test(
        name=f"{one.id} {one.title}",
        classname=f"{audit.stack}.cis-{one.version}",
        failure=_failure(one, told) if is_failed else "",
        message=told[0].message if is_failed else "",
        kind=one.status if is_failed else "",
        skipped="" if is_failed else _skipped(one, told),
        file=place.source if place else "",
        line=place.line if place else None,
        output=_listed([finding for finding in one.findings if finding.severity == "weak"]),
    )


def _skipped(one: ControlAudit, told: Sequence[Finding]) -> str:
    """Why there is no verdict; empty where there is one."""
    if one.exception:
        accepted = one.exception
        return f"excepted by {accepted.owner} until {accepted.expires}: {accepted.reason}"
    return "; ".join(finding.message for finding in told)


def _failure(one: ControlAudit, told: Sequence[Finding]) -> str:
    text = _listed(told)
    if one.example is not None:
        text += f"\nescapes, for example: {short_form(one.example)}"
    return text


def _listed(findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        where = f" (at {finding.location})" if finding.location else ""
        cure = f"\n  cure: {finding.cure}" if finding.cure else ""
        word = "beyond CIS" if finding.severity == "weak" else finding.severity
        lines.append(f"{word}: {finding.message}{where}{cure}")
    return "\n".join(lines)

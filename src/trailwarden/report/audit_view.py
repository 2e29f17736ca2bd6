"""What people want to read out of an audit, computed once for every report that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trailwarden.audit.excepting import known_names
from trailwarden.audit.model import (
    SEVERITIES,
    STATUSES,
    Audit,
    ControlAudit,
    ExceptionUse,
    Finding,
    Provenance,
    Status,
)
from trailwarden.audit.verdict import Scanner, Verdict
from trailwarden.settings.findings import did_you_mean
from trailwarden.text import some_of, visible

SCANNERS: Mapping[Scanner, str] = {
    "prowler": "Prowler",
    "powerpipe": "Powerpipe",
    "security-hub": "Security Hub",
}
_SEVERAL = 3  # controls that one finding has to be about, to be told once for all of them


@dataclass(slots=True)
class Evidence:
    """A control, in all the versions that were audited, and its findings, each once.

    ``ids`` are its numbers in those versions, ``findings`` have the versions that they are about.
    ``control`` is the audit in the version that it does worst in.
    """

    control: ControlAudit
    ids: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    findings: dict[Finding, list[str]] = field(default_factory=dict)

    def only(self, finding: Finding) -> str:
        """``CIS 1.2.0: `` where the finding is not about all of the versions, or nothing."""
        versions = self.findings[finding]
        return "" if len(versions) == len(self.versions) else f"CIS {', '.join(versions)}: "


@dataclass(slots=True)
class Common:
    """A finding about several controls. ``is_all`` says that it is about each of them."""

    finding: Finding
    ids: list[str]
    is_all: bool = False


def evidence_of(audit: Audit) -> tuple[list[Common], list[Evidence]]:
    """Findings that several controls share, and what each control has for itself."""
    keys: dict[Finding, dict[str, list[str]]] = {}
    for one in audit.controls:
        for finding in one.findings:
            ids = keys.setdefault(_plain(finding), {}).setdefault(one.control.key, [])
            ids.append(one.id)
    shared = {finding for finding, found in keys.items() if len(found) >= _SEVERAL}
    whole = len({one.control.key for one in audit.controls})
    common = [
        Common(
            _first(audit, finding),
            list(dict.fromkeys(id_ for ids in keys[finding].values() for id_ in ids)),
            len(keys[finding]) == whole,
        )
        for finding in keys
        if finding in shared
    ]
    common.sort(key=lambda one: -SEVERITIES.index(one.finding.severity))
    return common, _own(audit, shared)


def _own(audit: Audit, shared: set[Finding]) -> list[Evidence]:
    found: dict[str, Evidence] = {}
    for one in audit.controls:
        evidence = found.setdefault(one.control.key, Evidence(one))
        evidence.versions.append(one.version)
        if one.id not in evidence.ids:
            evidence.ids.append(one.id)
        for finding in one.findings:
            if _plain(finding) not in shared:
                evidence.findings.setdefault(finding, []).append(one.version)
        if STATUSES.index(one.status) > STATUSES.index(evidence.control.status):
            evidence.control = one
    return list(found.values())


def _plain(finding: Finding) -> Finding:
    """Without its place, which alarms that share a finding do not share."""
    return replace(finding, location=None)


def _first(audit: Audit, finding: Finding) -> Finding:
    return next(
        found for one in audit.controls for found in one.findings if _plain(found) == finding
    )


def status_counts(statuses: Iterable[Status]) -> str:
    """``2 FAIL, 5 WEAK``: the worst first."""
    counts = Counter(statuses)
    return ", ".join(f"{counts[name]} {name}" for name in reversed(STATUSES) if counts[name])


def tally(controls: Sequence[ControlAudit]) -> str:
    """``CIS 14 of 15; beyond CIS 3 of 15``, as far as filters and alarms go."""
    count, whole = Counter(one.detection for one in controls), len(controls)
    excepted = f", {count['EXCEPTED']} excepted" if count["EXCEPTED"] else ""
    return f"CIS {count['PASS']} of {whole}{excepted}; {beyond_tally(controls)}"


def beyond_tally(controls: Sequence[ControlAudit]) -> str:
    """``beyond CIS 3 of 15``."""
    count = sum(one.beyond == "PASS" for one in controls)
    return f"beyond CIS {count} of {len(controls)}"


def exception_told(use: ExceptionUse) -> str:
    """What became of an exception, in one harmless sentence."""
    one = use.exception
    name, owner = visible(one.control, 100), visible(one.owner, 100)
    what = f"the exception for {name} ({owner}: {visible(one.reason, 300)})"
    match use.state:
        case "holds":
            return f"{what} holds until {one.expires}"
        case "expired":
            return f"{what} expired on {one.expires}: the control is judged as it is"
        case "unused":
            return f"{what} is about no control of the versions that are audited"
        case _:
            hint = did_you_mean(one.control, known_names())
            return f"{what} is about no control of the benchmark: {visible(hint, 200)}"


def without_effect(audit: Audit) -> list[str]:
    """Sentences on the exceptions that do not count: expired, unknown or unused."""
    return [exception_told(use) for use in audit.exceptions if use.state != "holds"]


def origins(provenance: Provenance | None) -> Iterator[tuple[str, str]]:
    """What the audit was made of, as labels and harmless texts."""
    if provenance is None:
        return
    for one in provenance.inputs:
        yield "Input", f"{visible(one.name, 300)}, SHA-256 {one.sha256}"
    for name, value in provenance.parameters.items():
        yield "Parameter", visible(f"{name}={value}", 300)
    if provenance.regions:
        yield "Regions asked for", visible(", ".join(provenance.regions), 300)
    for name, value in provenance.versions.items():
        yield name, visible(value, 100)


def outcome_of(verdict: Verdict | None) -> str:
    """``PASS``, ``FAIL``; ``PASS?`` where a filter may pass and the stack does not hold the rest.

    ``?`` where not even filters are known; nothing where nothing is asked.
    """
    if verdict is None or not verdict.check:
        return ""
    if verdict.passes is None:
        return "PASS?" if verdict.filter_name else "?"
    return "PASS" if verdict.passes else "FAIL"


def verdict_of(control: ControlAudit, scanner: Scanner) -> Verdict | None:
    return next((one for one in control.verdicts if one.scanner == scanner), None)


def short_form(record: Mapping[str, Any]) -> str:
    """``GetApps of mobiletargeting.amazonaws.com by an IAMUser: UnauthorizedException``."""
    identity = record.get("userIdentity")
    kind = identity.get("type", "?") if isinstance(identity, Mapping) else "?"
    error = record.get("errorCode") or record.get("errorMessage")
    text = f"{record.get('eventName')} of {record.get('eventSource')}, by {kind}"
    return visible(f"{text}: {error}" if error else text, 160)


def benchmarks(audit: Audit) -> str:
    """``CIS AWS Foundations 1.2.0, 7.0.0``."""
    return f"CIS AWS Foundations {', '.join(audit.versions)}"


def listed(names: Sequence[str], most: int = 16) -> str:
    """Names, cut after so many of them, each of them harmless."""
    return some_of(names, most, lambda name: visible(name, 100))

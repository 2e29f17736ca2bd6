"""Findings of lint for people: ``file:line:col CODE message``, and the cure below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import IO

from trailwarden.errors import Location
from trailwarden.stack.lint import Finding
from trailwarden.stack.lint.fixing import FIXERS
from trailwarden.text import plural, visible

_BUILT_IN = "builtin:"


def render_text(
    findings: Sequence[Finding], stream: IO[str], *, fixed: Sequence[Finding] | None = None
) -> None:
    for finding in findings:
        stream.write(f"{line_of(finding)}\n")
        if finding.cure:
            stream.write(f"  cure: {visible(finding.cure)}\n")
    if fixed is None:
        mendable = sum(map(_may_be_mended, findings))
        hint = f"; --fix may mend {mendable:,}" if mendable else ""
        stream.write(f"{_summary(findings)}{hint}\n")
    else:
        stream.write(f"{fixing_summary(len(fixed), findings)}\n")


def _may_be_mended(finding: Finding) -> bool:
    """True for what stands in a template and has a safe fix; whether it is sure there, is open."""
    place = finding.location
    in_file = place.line is not None and not place.source.startswith(_BUILT_IN)
    return in_file and finding.code in FIXERS and FIXERS[finding.code].is_safe


def line_of(finding: Finding) -> str:
    """What is wrong and where, on one line."""
    place = place_of(finding.location)
    return f"{place} {finding.code} {finding.severity}: {visible(finding.message)}"


def place_of(location: Location) -> str:
    """Without the key, so that editors and terminals find the place."""
    return visible(str(Location(location.source, location.line, location.column)))


def fixing_summary(fixed: int, remaining: Sequence[Finding]) -> str:
    """``fixed 3, 2 remain: 1 error, 1 warning``."""
    if not remaining:
        return f"fixed {fixed:,}, nothing remains"
    verb = "remains" if len(remaining) == 1 else "remain"
    return f"fixed {fixed:,}, {len(remaining):,} {verb}: {_summary(remaining)}"


def _summary(findings: Sequence[Finding]) -> str:
    if not findings:
        return "nothing found"
    counts = Counter(finding.severity for finding in findings)
    shown = [
        plural(counts[severity], severity)
        for severity in ("error", "warning", "note")
        if severity in counts
    ]
    return ", ".join(shown)

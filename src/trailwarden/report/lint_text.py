"""Findings of lint for people: ``file:line:col CODE message``, and the cure below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import IO

from trailwarden.errors import Location
from trailwarden.report.lint_groups import Group, counts_of, groups_of
from trailwarden.stack.lint import RULES, Finding, LeftOut
from trailwarden.stack.lint.fixing import FIXERS
from trailwarden.stack.lint.pages import title_of
from trailwarden.text import plural, visible

_BUILT_IN = "builtin:"
_MOST_PLACES = 20  # of one group


def render_text(
    findings: Sequence[Finding],
    stream: IO[str],
    *,
    fixed: Sequence[Finding] | None = None,
    left_out: Sequence[LeftOut] = (),
) -> None:
    for group in groups_of(findings):
        _write_group(group, stream)
    stream.write(f"{_last_line(findings, fixed, left_out)}\n")


def render_concise(
    findings: Sequence[Finding],
    stream: IO[str],
    *,
    fixed: Sequence[Finding] | None = None,
    left_out: Sequence[LeftOut] = (),
) -> None:
    """A line for each finding, for programs that read lines."""
    for one in findings:
        stream.write(f"{place_of(one.location)}: {one.code} {visible(one.message)}\n")
    stream.write(f"{_last_line(findings, fixed, left_out)}\n")


def render_statistics(
    findings: Sequence[Finding],
    stream: IO[str],
    *,
    fixed: Sequence[Finding] | None = None,
    left_out: Sequence[LeftOut] = (),
) -> None:
    """A line for each rule that found something, in the place of what it found."""
    rows = counts_of(findings)
    width = max((len(f"{row.number:,}") for row in rows), default=0)
    mendable = {one.code for one in findings if _may_be_mended(one)}
    for row in rows:
        mark = "*" if row.code in mendable else " "
        title = title_of(RULES[row.code])
        stream.write(f"{row.number:>{width},} {row.code} [{mark}] {row.severity}: {title}\n")
    if mendable:
        stream.write("[*]: --fix may mend some or all of these\n")
    stream.write(f"{_last_line(findings, fixed, left_out)}\n")


def _write_group(group: Group, stream: IO[str]) -> None:
    first, *others = group.findings
    if not others:
        stream.write(f"{line_of(first)}\n")
    else:
        times = f"{len(group.findings):,} times"
        stream.write(f"{first.code} {first.severity}, {times}: {visible(group.message)}\n")
    if first.cure:
        stream.write(f"  cure: {visible(first.cure)}\n")
    if not others:
        return
    for one, names in list(zip(group.findings, group.names, strict=True))[:_MOST_PLACES]:
        shown = f" {visible(', '.join(names))}" if names else ""
        stream.write(f"  {place_of(one.location)}{shown}\n")
    more = len(group.findings) - _MOST_PLACES
    if more > 0:
        stream.write(f"  and {more:,} more; --output concise lists all\n")


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


def _last_line(
    findings: Sequence[Finding], fixed: Sequence[Finding] | None, left_out: Sequence[LeftOut]
) -> str:
    """``1 error, 2 notes (9 rules ignored by the file); --fix may mend 1``."""
    if fixed is not None:
        return f"{fixing_summary(len(fixed), findings)}{_ignored(left_out)}"
    mendable = sum(map(_may_be_mended, findings))
    hint = f"; --fix may mend {mendable:,}" if mendable else ""
    return f"{_summary(findings)}{_ignored(left_out)}{hint}"


def _ignored(left_out: Sequence[LeftOut]) -> str:
    """What the comments of templates leave out: nobody takes silence for a clean template then."""
    rules = {one.finding.code for one in left_out if one.by_file}
    files = {one.finding.location.source for one in left_out if one.by_file}
    whose = "the file" if len(files) == 1 else plural(len(files), "file")
    of_files = f" ({plural(len(rules), 'rule')} ignored by {whose})" if rules else ""
    others = sum(not one.by_file for one in left_out)
    where = "its line" if others == 1 else "their lines"
    of_lines = f"; {plural(others, 'finding')} ignored at {where}" if others else ""
    return of_files + of_lines


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

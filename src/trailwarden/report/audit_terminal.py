"""``audit --output terminal``: a table of controls, and the evidence for what is not whole."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from rich.text import Text

from trailwarden.audit.model import Audit, ControlAudit, Count, Finding
from trailwarden.errors import Location
from trailwarden.report.audit_json import digest_of
from trailwarden.report.audit_view import (
    SCANNERS,
    Common,
    Evidence,
    benchmarks,
    beyond_tally,
    evidence_of,
    exception_told,
    listed,
    origins,
    outcome_of,
    short_form,
    status_counts,
    tally,
    verdict_of,
)
from trailwarden.report.terminal.page import ELSEWHERE, Page, columns, styled, widths_of
from trailwarden.settings import ControlException
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

_STYLES = {
    "PASS": "green",
    "PASS?": "cyan",
    "UNKNOWN": "cyan",
    "EXCEPTED": "magenta",
    "WEAK": "yellow",
    "FAIL": "red",
    "?": "cyan",
}
_MARK = 8  # columns, as the longest severity and a blank
_WIDE, _NARROW = 100, 76  # columns
_NOTES = 20
_IDS = 24  # of controls in one line
_FEW = 3  # of controls in one cell


def render_terminal(audit: Audit, stream: IO[str]) -> None:
    """Write ``audit`` as text, coloured where ``stream`` is a terminal that wants colour."""
    page = Page(stream)
    _head(page, audit)
    for version in audit.versions:
        found = [one for one in audit.controls if one.version == version]
        page.title(
            f"CIS {version}",
            f"{status_counts(one.status for one in found)}; {beyond_tally(found)}",
        )
        _table(page, found)
    common, own = evidence_of(audit)
    if common:
        page.title("For several controls")
        for shared in common:
            _common(page, shared)
    for evidence in own:
        if any(finding.severity != "note" for finding in evidence.findings):
            _evidence(page, evidence)
    _notes(page, audit, own)
    _scanners(page, own)
    _origins(page, audit)
    page.close()


def _head(page: Page, audit: Audit) -> None:
    page.line(
        ("trailwarden", "bold"), f" · {visible(audit.stack, 60)} from {visible(audit.source, 120)}"
    )
    page.line(
        "as far as filters and alarms go: "
        f"{status_counts(one.detection for one in audit.controls)} ({tally(audit.controls)})",
        indent=2,
    )
    page.line(
        f"{plural(len(audit.controls), 'control')} of {benchmarks(audit)}, all the way to people: "
        f"{status_counts(one.status for one in audit.controls)}",
        indent=2,
    )


def _table(page: Page, found: list[ControlAudit]) -> None:
    # A narrow page has room for either; what scanners fail stands further down, too.
    has_counts = page.width >= _WIDE or page.width < _NARROW
    counted = ("NAMED", "FORGOTTEN") if has_counts else ()
    judged = ("CIS", "NAMED", "BEYOND", "FORGOTTEN") if has_counts else ("CIS", "BEYOND")
    scanners = SCANNERS if page.width >= _NARROW else {}
    titles = [name.upper() for name in scanners.values()]
    table = columns("ID", "CONTROL", *judged, *titles, right=counted)
    for column in (table.columns[0], *table.columns[2:]):
        column.no_wrap = True
    for one in found:
        named, forgotten = (
            ((_count(one.named),), (_count(one.forgotten),)) if has_counts else ((), ())
        )
        table.add_row(
            styled(one.id, "bold"),
            styled(one.title),
            _styled(one.status),
            *named,
            _styled(one.beyond),
            *forgotten,
            *(_styled(outcome_of(verdict_of(one, scanner))) for scanner in scanners),
        )
    page.table(table)


def _count(count: Count) -> Text:
    text = f"{count.caught}/{count.all}" if count.all else ""
    return styled(text, "" if count.caught == count.all else "yellow")


def _styled(word: str) -> Text:
    return styled(word, _STYLES.get(word, ""))


def _common(page: Page, shared: Common) -> None:
    ids = "all of them" if shared.is_all else listed(shared.ids, _IDS)
    _finding(page, shared.finding, (f"{ids}: ", "dim"))


def _evidence(page: Page, evidence: Evidence) -> None:
    control = evidence.control
    page.title(f"{listed(evidence.ids)}  {control.title}")
    if control.exception:
        page.item((f"{'ACCEPTED':{_MARK}}", "magenta"), _accepted(control.exception))
    for finding in evidence.findings:
        if finding.severity != "note":
            _finding(page, finding, (evidence.only(finding), "dim"))
    if control.example is not None:
        page.item((f"{'escapes':{_MARK}}", "dim"), short_form(control.example))


def _accepted(one: ControlException) -> str:
    return (
        f" by {visible(one.owner, 100)} until {one.expires}: {visible(one.reason, 300)} "
        "(not judged by what stands below)"
    )


def _finding(page: Page, finding: Finding, *before: tuple[str, str]) -> None:
    word = finding.severity.upper()
    parts: list[str | tuple[str, str]] = [*before, finding.message]
    if finding.cure:
        parts.append((f"\ncure: {finding.cure}", "dim"))
    if finding.location is not None:
        parts.append((f"\nat {visible(_place(finding.location), 200)}", "dim"))
    page.item((f"{word:{_MARK}}", _STYLES.get(word, "")), *parts)


def _place(location: Location) -> str:
    """A line is enough: the key beside it makes two of one."""
    return str(location if location.line is None else replace(location, key=None))


def _notes(page: Page, audit: Audit, own: list[Evidence]) -> None:
    notes = [
        (evidence, finding)
        for evidence in own
        for finding in evidence.findings
        if finding.severity == "note"
    ]
    told = [use for use in audit.exceptions if use.state != "holds"]
    if notes or audit.notes or told:
        page.title("Notes")
    for evidence, finding in notes:
        page.item((f"{evidence.ids[-1]:{_MARK}}", "bold"), finding.message)
    for use in told[:_NOTES]:
        word = "expired" if use.state == "expired" else "unused"
        page.item((f"{word:{_MARK}}", "yellow"), exception_told(use))
    for note in audit.notes[:_NOTES]:
        page.item((f"{'stack':{_MARK}}", "bold"), note)
    if len(audit.notes) > _NOTES:
        page.line((f"{len(audit.notes) - _NOTES:,} more: {ELSEWHERE}", "dim"), indent=2)


def _origins(page: Page, audit: Audit) -> None:
    """What the audit was made of, for who has to show it."""
    if audit.provenance is None:
        return
    page.title("Made of", f"audited {format_instant(audit.time.replace(microsecond=0))}")
    facts = [
        ("Account", visible(audit.account or "not known", 100)),
        ("Region", visible(audit.region or "not known", 100)),
        *origins(audit.provenance),
        ("Result", f"SHA-256 {digest_of(audit)}"),
    ]
    for label, text in facts:
        page.item((f"{label}: ", "dim"), text)


def _which(found: list[Evidence]) -> str:
    """The controls that have the same fault; the table further up says which, if they are many."""
    ids = [number for evidence in found for number in evidence.ids]
    return listed(ids) if len(found) == 1 or len(ids) <= _FEW else plural(len(found), "control")


def _scanners(page: Page, own: list[Evidence]) -> None:
    """Why scanners will fail controls, a line for each reason; cures are for longer reports."""
    failed: dict[tuple[str, str], list[Evidence]] = {}
    for evidence in own:
        for verdict in evidence.control.verdicts:
            if verdict.passes is False:
                reason = SCANNERS[verdict.scanner], verdict.reason
                failed.setdefault(reason, []).append(evidence)
    if not failed:
        return
    rows = [(_which(found), *reason) for reason, found in failed.items()]
    page.title("What scanners will fail", "predicted; cures: --output json or --output html")
    titles = ("ID", "SCANNER", "WHY")
    table = columns(*titles)
    for column, width in zip(table.columns, widths_of(titles[:2], rows), strict=False):
        column.min_width = width
    for number, scanner, why in rows:
        table.add_row(styled(number, "bold"), styled(scanner), styled(visible(why, 300), "dim"))
    page.table(table)

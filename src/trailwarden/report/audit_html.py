"""``audit --output html``: one page without a script, that needs no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO

from trailwarden.audit.model import Audit, ControlAudit, Count, Finding
from trailwarden.audit.verdict import Verdict
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
from trailwarden.report.html_markup import aside, columns, headline, minute, panel, path, text
from trailwarden.report.html_page import write_plain_page
from trailwarden.report.stack_json import plain
from trailwarden.text import plural

_MESSAGE = 2_000  # characters
_NOTES = 1_000
_STATES = {
    "PASS": "Pass",
    "PASS?": "Pass?",
    "UNKNOWN": "Unknown",
    "EXCEPTED": "Excepted",
    "WEAK": "Weak",
    "FAIL": "Fail",
    "?": "Unknown",
}
_COLUMNS = ("Control", "", "CIS", "Named", "Beyond CIS", "Forgotten", *SCANNERS.values())


def render_html(audit: Audit, stream: IO[str]) -> None:
    """Write the page."""
    common, own = evidence_of(audit)
    tables = (_controls(audit, version) for version in audit.versions)
    write_plain_page(
        stream,
        kind="audit",
        title=f"Audit of {text(audit.stack, 80)}",
        head=_head(audit),
        body="".join((*tables, _common(common), *map(_evidence, own), _notes(audit), _made(audit))),
        remark=" What scanners say is predicted.",
    )


def _head(audit: Audit) -> str:
    facts = (
        ("Source", path(audit.source)),
        ("Account", text(audit.account or "")),
        ("Region", text(audit.region or "")),
        ("Audited (UTC)", minute(audit.time)),
        ("Result, SHA-256", text(digest_of(audit)) if audit.provenance else ""),
    )
    counts = status_counts(one.status for one in audit.controls)
    alone = status_counts(one.detection for one in audit.controls)
    lead = (
        f"As far as filters and alarms go: {alone} ({tally(audit.controls)}). "
        f"{plural(len(audit.controls), 'control')} of {benchmarks(audit)}, all the way to people: "
        f"{counts}."
    )
    return headline(text(audit.stack, 80), lead, facts)


# --- the controls ----------------------------------------------------------------------------
def _controls(audit: Audit, version: str) -> str:
    found = [one for one in audit.controls if one.version == version]
    rows = "\n".join(map(_row, found))
    remark = f"{status_counts(one.status for one in found)}; {beyond_tally(found)}"
    return panel(
        f"cis-{version.replace('.', '-')}",
        f"CIS {version}",
        remark,
        f'<table class="controls">\n<thead><tr>{columns(_COLUMNS)}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>",
    )


def _row(one: ControlAudit) -> str:
    cells = [
        f'<td class="title">{text(one.title)}</td>',
        _cell("CIS", _state(one.status)),
        _cell("Named", _count(one.named)),
        _cell("Beyond CIS", _state(one.beyond)),
        _cell("Forgotten", _count(one.forgotten)),
    ]
    cells += [
        _cell(name, _state(outcome_of(verdict_of(one, scanner))))
        for scanner, name in SCANNERS.items()
    ]
    link = f'<a href="#{one.control.key}">{one.id}</a>'
    return f'<tr><th scope="row">{link}</th>{"".join(cells)}</tr>'


def _cell(label: str, content: str) -> str:
    return f'<td data-label="{label}">{content}</td>' if content else "<td></td>"


def _state(word: str) -> str:
    if not word:
        return ""
    style = "UNKNOWN" if word.endswith("?") else word
    return f'<span class="state {style}">{_STATES[word]}</span>'


def _count(count: Count) -> str:
    return f"{count.caught} of {count.all}" if count.all else ""


# --- the evidence ----------------------------------------------------------------------------
def _common(common: Iterable[Common]) -> str:
    items = "\n".join(
        _finding(one.finding, "" if one.is_all else f"{listed(one.ids, 40)}: ") for one in common
    )
    if not items:
        return ""
    return panel("common", "For several controls", "", f'<ul class="findings">{items}</ul>')


def _notes(audit: Audit) -> str:
    """What was left out of the stack."""
    told = [exception_told(use) for use in audit.exceptions if use.state != "holds"]
    told += audit.notes[:_NOTES]
    items = "\n".join(f"<p>{text(note, _MESSAGE)}</p>" for note in told)
    more = len(audit.notes) - _NOTES
    rest = f"<p>{aside(f'and {more:,} more')}</p>" if more > 0 else ""
    return panel("notes", "Notes on the stack", "", items + rest) if items else ""


def _made(audit: Audit) -> str:
    """What the audit was made of."""
    rows = "\n".join(
        f'<tr><th scope="row">{text(label)}</th><td>{text(value, _MESSAGE)}</td></tr>'
        for label, value in origins(audit.provenance)
    )
    return panel("made-of", "Made of", "", f"<table><tbody>{rows}</tbody></table>") if rows else ""


def _finding(finding: Finding, before: str = "") -> str:
    state = "PASS" if finding.severity == "note" else finding.severity.upper()
    word = "Note" if finding.severity == "note" else _STATES[state]
    cure = f'<p class="cure">{text(finding.cure, _MESSAGE)}</p>' if finding.cure else ""
    place = (
        f'<p class="cure"><code>{path(str(finding.location))}</code></p>'
        if finding.location
        else ""
    )
    return (
        f'<li><span class="state {state}">{word}</span><div>'
        f"<p>{before}{text(finding.message, _MESSAGE)}</p>{cure}{place}</div></li>"
    )


def _evidence(evidence: Evidence) -> str:
    one = evidence.control
    return panel(
        one.control.key,
        f"{listed(evidence.ids)} {text(one.title)}",
        _state(one.status),
        "".join(_parts(evidence)),
    )


def _parts(evidence: Evidence) -> Iterator[str]:
    one = evidence.control
    yield f"<p>{aside(text(one.control.gloss))}</p>"
    if one.exception:
        accepted = one.exception
        told = f"Accepted by {accepted.owner} until {accepted.expires}: {accepted.reason}"
        yield f"<p>{text(told, _MESSAGE)}</p>"
    items = "\n".join(_finding(one, evidence.only(one)) for one in evidence.findings)
    if items:
        yield f'<ul class="findings">{items}</ul>'
    if one.escapes:
        number = plural(len(one.escapes), "event escapes", "events escape")
        yield f"<h4>{number}</h4><p>{text(listed([e.name for e in one.escapes], 60), _MESSAGE)}</p>"
    if one.example is not None:
        record = json.dumps(plain(one.example), indent=1)
        shown = "\n".join(text(line) for line in record.splitlines())
        yield (
            f'<details class="example"><summary>{text(short_form(one.example))}</summary>'
            f'<pre class="json">{shown}</pre></details>'
        )
    if one.filters or one.alarms:
        yield f"<h4>Filters and alarms</h4><p>{_names(one)}</p>"
    yield _verdicts(one)


def _names(one: ControlAudit) -> str:
    """Each name once: a filter and its alarm often share it."""
    return text(listed(list(dict.fromkeys((*one.filters, *one.alarms)))), _MESSAGE)


def _verdicts(one: ControlAudit) -> str:
    rows = "\n".join(_verdict(verdict) for verdict in one.verdicts if verdict.check)
    if not rows:
        return ""
    names = ("Scanner", "Would say", "Why", "Check")
    return (
        f'<h4>Scanners</h4><table class="verdicts"><thead><tr>{columns(names)}</tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _verdict(verdict: Verdict) -> str:
    cure = f'<span class="cure">{text(verdict.cure, _MESSAGE)}</span>' if verdict.cure else ""
    return (
        f'<tr><th scope="row">{SCANNERS[verdict.scanner]}</th>'
        f"{_cell('Would say', _state(outcome_of(verdict)))}"
        f'<td class="why" data-label="Why">{text(verdict.reason, _MESSAGE)}{cure}</td>'
        f"{_cell('Check', aside(text(verdict.check)))}</tr>"
    )

"""Findings about single events, put together to findings about a control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from trailwarden.audit.chains import Chain
from trailwarden.audit.model import Finding, Severity
from trailwarden.errors import Location
from trailwarden.stack.controls import Witness
from trailwarden.stack.lint.places import quoted
from trailwarden.text import some_of

_SHOWN = 12  # names in one message
_LACKING = frozenset({"no-filter", "another-alarm", "matches-everything"})
_BY_EVENT = _LACKING | {"no-global-events", "not-recorded"}
_BEYOND: Mapping[Severity, Severity] = {
    "note": "note",
    "unknown": "note",
    "weak": "weak",
    "fail": "weak",
}
_CIS = "the built-in stack cis"


def summed(judged: Iterable[tuple[Witness, Chain]], filters: Sequence[str]) -> Iterator[Finding]:
    """Each finding once, those about events that the benchmark names first.

    ``filters`` are names of the control's filters. An event that the benchmark forgot makes a
    control weak at worst: not even an auditor asks for it.
    """
    groups: dict[tuple[Finding, bool], list[str]] = {}
    places: dict[Finding, Location | None] = {}
    whole = Counter[bool]()
    for witness, chain in judged:
        whole[witness.is_named] += 1
        for finding in chain.findings:
            same = replace(finding, location=None)  # alarms of one way say one thing
            places.setdefault(same, finding.location)
            groups.setdefault((same, witness.is_named), []).append(witness.name)
    for (finding, is_named), names in groups.items():
        if not is_named and _is_idle(finding, groups, filters):
            continue
        shown = replace(finding, location=places[finding])
        if finding.code in _BY_EVENT or len(names) < whole[is_named]:
            shown = _with_events(shown, names, whole[is_named], is_named)
        if finding.code in _LACKING:
            shown = replace(shown, cure=_cure(filters))
        yield replace(shown, severity=_severity(finding, is_named=is_named))


def _severity(finding: Finding, *, is_named: bool) -> Severity:
    """What an event of the benchmark lacks counts against it; what it forgot lies beyond it."""
    if not is_named:
        return _BEYOND[finding.severity]
    # The benchmark asks for an alarm of the control's own.
    return "fail" if finding.code == "another-alarm" else finding.severity


def _is_idle(
    finding: Finding, groups: Collection[tuple[Finding, bool]], filters: Sequence[str]
) -> bool:
    """True where what is said of the named events says it of the forgotten ones as well."""
    if finding.code in _LACKING and not filters:
        return True
    return finding.code not in _BY_EVENT and (finding, True) in groups


def _with_events(finding: Finding, names: Sequence[str], whole: int, is_named: bool) -> Finding:
    """The finding, and which events it is about; what is not known is not known of all of them."""
    if finding.severity in ("unknown", "note"):
        return finding
    is_unseen = finding.code == "no-filter"
    number = f"{len(names)} of {whole} events"
    if len(names) == whole:
        number = f"any of the {whole} events" if is_unseen else f"all {whole} events"
    number = "the only event" if whole == 1 else number
    who = (
        f"{number} that the benchmark {'names' if is_named else 'forgot'}: {some_of(names, _SHOWN)}"
    )
    join = " " if is_unseen else "; so it is with "
    return replace(finding, message=f"{finding.message}{join}{who}")


def _cure(filters: Sequence[str]) -> str:
    if not filters:
        return f"take the filter and the alarm of {_CIS}"
    return f"add them to the pattern of {quoted(filters[0])}; {_CIS} has one with all of them"

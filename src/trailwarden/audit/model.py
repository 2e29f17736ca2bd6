"""What an audit found, as frozen data that every report is made of.

Messages are harmless on a terminal; names are exactly as the stack has them, and not escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from trailwarden.audit.verdict import Verdict
from trailwarden.errors import Location
from trailwarden.stack.controls import Control, Version

Status = Literal["PASS", "UNKNOWN", "WEAK", "FAIL"]
STATUSES: tuple[Status, ...] = ("PASS", "UNKNOWN", "WEAK", "FAIL")  # the best first
Severity = Literal["note", "unknown", "weak", "fail"]
SEVERITIES: tuple[Severity, ...] = ("note", "unknown", "weak", "fail")  # of the same order
Part = Literal["events", "noise", "alarm", "way", "trail"]
# What a stack says of detection. The rest, the way to people and the trail, is often elsewhere.
DETECTION: tuple[Part, ...] = ("events", "noise", "alarm")


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps a control from being whole, or a note. ``part`` says where in the chain it is.

    ``severity`` is the status that the finding alone gives to its control. ``code`` is stable.
    """

    code: str
    part: Part
    severity: Severity
    message: str
    cure: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Escape:
    """An event that nobody is told of. ``code`` is that of the finding that says why."""

    name: str
    is_named: bool
    code: str


@dataclass(frozen=True, slots=True)
class Count:
    """So many of all the witnesses of a kind reach the end of what the stack itself holds."""

    caught: int
    all: int


@dataclass(frozen=True, slots=True)
class ControlAudit:
    """One control of one version, judged.

    ``named`` counts the events that the version names, ``forgotten`` those that it forgot; an event
    counts as caught if nothing known keeps it from people. ``example`` is a whole record of an
    escaping event, None where none escapes. ``noise`` are ordinary events that the filters match as
    well. ``filters`` and ``alarms`` are names of those concerned.
    """

    control: Control
    version: Version
    findings: tuple[Finding, ...]
    named: Count
    forgotten: Count
    escapes: tuple[Escape, ...] = ()
    example: Mapping[str, Any] | None = None
    noise: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def id(self) -> str:
        """Its number in the version, such as ``4.5``."""
        return self.control.id(self.version) or ""

    @property
    def status(self) -> Status:
        return status_of(self.findings)

    @property
    def detection(self) -> Status:
        """The status as far as filters and alarms go: without the way to people and the trail."""
        return status_of(tuple(one for one in self.findings if one.part in DETECTION))


@dataclass(frozen=True, slots=True)
class Audit:
    """``controls`` are in the order of versions, then of numbers.

    ``stack`` and ``source`` say what was audited; ``account`` and ``region`` are None where the
    stack does not know them. ``notes`` say what was left out of it. ``time`` (UTC) is when;
    ``seconds`` the wall time that it took.
    """

    stack: str
    source: str
    account: str | None
    region: str | None
    versions: tuple[Version, ...]
    controls: tuple[ControlAudit, ...]
    time: datetime
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def status_of(findings: tuple[Finding, ...]) -> Status:
    """The worst that any of the findings brings."""
    worst = max((SEVERITIES.index(one.severity) for one in findings), default=0)
    return STATUSES[worst]

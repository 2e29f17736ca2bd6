"""What an audit found, as frozen data that every report is made of.

Messages are harmless on a terminal; names are exactly as the stack has them, and not escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trailwarden.audit.verdict import Verdict
from trailwarden.errors import Location
from trailwarden.settings import ControlException
from trailwarden.stack.controls import Control, Version

Status = Literal["PASS", "EXCEPTED", "UNKNOWN", "FAIL"]
STATUSES: tuple[Status, ...] = ("PASS", "EXCEPTED", "UNKNOWN", "FAIL")  # the best first
Beyond = Literal["PASS", "WEAK"]
Severity = Literal["note", "weak", "unknown", "fail"]
SEVERITIES: tuple[Severity, ...] = ("note", "weak", "unknown", "fail")  # the best first
Part = Literal["events", "noise", "alarm", "way", "trail"]
# What a stack says of detection. The rest, the way to people and the trail, is often elsewhere.
DETECTION: tuple[Part, ...] = ("events", "noise", "alarm")


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps a control from being whole, or a note. ``part`` says where in the chain it is.

    ``fail`` and ``unknown`` are the status that the finding alone gives to its control; ``weak``
    is about what lies beyond the benchmark, which no auditor asks for. ``code`` is stable.
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
    well. ``filters`` and ``alarms`` are names of those concerned. ``exception`` is who accepts that
    it is not whole, until when; the control is then not judged by others.
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
    exception: ControlException | None = None

    @property
    def title(self) -> str:
        """The benchmark's title of the control in this version."""
        return self.control.title(self.version)

    @property
    def id(self) -> str:
        """Its number in the version, such as ``4.5``."""
        return self.control.id(self.version) or ""

    @property
    def status(self) -> Status:
        """The verdict of the benchmark: by the events that the version names, to those told."""
        return "EXCEPTED" if self.exception else self.judged

    @property
    def judged(self) -> Status:
        """The status as if there were no exception."""
        return status_of(self.findings)

    @property
    def detection(self) -> Status:
        """The status as far as filters and alarms go: without the way to people and the trail."""
        if self.exception:
            return "EXCEPTED"
        return status_of(tuple(one for one in self.findings if one.part in DETECTION))

    @property
    def beyond(self) -> Beyond:
        """PASS where the events that the benchmark forgot are seen as well, noise is not, and the
        alarm misses no burst. A control without any filter has nothing beyond it.
        """
        is_weak = any(one.severity == "weak" for one in self.findings)
        is_blind = self.forgotten.caught < self.forgotten.all or not self.filters
        return "WEAK" if is_weak or is_blind else "PASS"


ExceptionState = Literal["holds", "unused", "expired", "unknown"]


@dataclass(frozen=True, slots=True)
class ExceptionUse:
    """What became of an exception. It is ``unused`` where no audited version has its control under
    that name, and ``unknown`` where no version has.
    """

    exception: ControlException
    state: ExceptionState


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that the audit was made of: its name, its SHA-256 in hexadecimal, its bytes."""

    name: str
    sha256: str
    content: bytes = field(repr=False, default=b"")

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an audit was made of, so that it can be made again.

    ``versions`` are those of Trailwarden and of the data it judges by, by what they are of.
    """

    inputs: tuple[InputFile, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audit:
    """``controls`` are in the order of versions, then of numbers.

    ``stack`` and ``source`` say what was audited; ``account`` and ``region`` are None where the
    stack does not know them. ``notes`` say what was left out of it. ``time`` (UTC) is when;
    ``seconds`` the wall time that it took. ``provenance`` says what the audit was made of.
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
    exceptions: tuple[ExceptionUse, ...] = ()
    provenance: Provenance | None = None


def status_of(findings: tuple[Finding, ...]) -> Status:
    """The worst that any of the findings brings, those beyond the benchmark apart."""
    severities = {one.severity for one in findings}
    if "fail" in severities:
        return "FAIL"
    return "UNKNOWN" if "unknown" in severities else "PASS"

"""A file of tests as frozen data, and what its run came to. All times are UTC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trailwarden.alarms import State
from trailwarden.errors import Location
from trailwarden.monitor.announcement import Announcement
from trailwarden.patterns.model import Selector
from trailwarden.stack.model import Stack
from trailwarden.stack.nodes import Node


@dataclass(frozen=True, slots=True)
class MatchesExpected:
    """The filter matches exactly ``count`` records."""

    filter: str
    count: int
    location: Location


@dataclass(frozen=True, slots=True)
class AlarmExpected:
    """What an alarm did up to ``at``, or in the whole test where that is None.

    ``state`` is the one it is in then, ``fired`` counts its changes into ALARM, ``principals`` are
    all of those behind them. None is not asked for.
    """

    alarm: str
    location: Location
    at: datetime | None = None
    state: State | None = None
    fired: int | None = None
    principals: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NoticeExpected:
    """A notification that is sent up to ``at``, or in the whole test where that is None.

    ``alarm``, ``topic`` (its name, its resource or its ARN) and ``state`` choose among all that are
    sent; None chooses any. ``subject`` is a whole subject, ``contains`` are parts of the text,
    ``json`` gives values of the message's JSON by their selector. One such notification must be
    sent, or exactly ``count`` of them.
    """

    location: Location
    at: datetime | None = None
    alarm: str | None = None
    topic: str | None = None
    state: State | None = None
    subject: str | None = None
    contains: tuple[str, ...] = ()
    json: tuple[tuple[Selector, Node], ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A notification's content: subject and ``text`` for people, ``body`` (JSON) for programs."""

    subject: str
    text: str
    body: str


Compose = Callable[[Announcement, str], Composed | None]
"""The content of an announcement for a topic (an ARN); None for an action that is no topic."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``records`` are JSON texts (UTF-8), in the order of the file."""

    name: str
    location: Location
    records: tuple[bytes, ...]
    matches: tuple[MatchesExpected, ...]
    alarms: tuple[AlarmExpected, ...]
    notices: tuple[NoticeExpected, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The tests of one file, and the stack that they are about."""

    source: str
    stack: Stack
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that did not hold.

    ``details`` are lines that say more: an alarm's transitions, the records behind a filter's
    matches. Its texts come from logs and definitions: escape on output.
    """

    subject: str
    expected: str
    came: str
    location: Location
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A test's run. It passed if there are no ``mismatches``. ``seconds`` is the wall time."""

    source: str
    name: str
    location: Location
    mismatches: tuple[Mismatch, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.mismatches

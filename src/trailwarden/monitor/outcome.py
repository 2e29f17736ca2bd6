"""What a run of a stack over records found, as plain data that every report is made of.

All times are UTC. Strings come from logs and are as hostile as their authors: escape on output.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm, State
from trailwarden.problems import Problem
from trailwarden.stack.model import MetricFilter, Stack


@dataclass(frozen=True, slots=True)
class Event:
    """A record behind a match, bounded in size. Absent fields are empty strings.

    ``raw`` is the record's JSON text, cut after some kilobytes (then ``raw_cut`` is true).
    """

    event_id: str
    event_time: datetime
    event_name: str
    event_source: str
    account: str
    region: str
    principal: str
    principal_kind: str
    source_ip: str
    user_agent: str
    error_code: str
    read_only: bool | None
    source: str
    raw: str
    raw_cut: bool = False


@dataclass(frozen=True, slots=True)
class PrincipalCount:
    principal: str
    count: int


@dataclass(frozen=True, slots=True)
class EventNameCount:
    """How often an event name occurs. ``refused`` is how many of these carry an errorCode."""

    event_name: str
    count: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Datapoint:
    """A metric's value for the period that starts at ``time`` (rule M-5)."""

    time: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of an alarm's state at ``time``: the end of the minute that decided it (W-3).

    ``reason_data`` is the state reason data (a JSON text). A change into ALARM is an incident: it
    holds the matches that fired it and those until the stretch in ALARM ends. ``event_count`` and
    ``principals`` speak of all of them, ``fired_count`` of those that fired it. ``principals`` are
    sorted: those who had not matched the alarm's filters before first (``newcomers`` names them),
    then those of whom something succeeded. ``event_names`` are all names, those that succeeded
    first. ``events`` are samples, the earliest first: at least one for each principal (a role
    counts as one) and each event name, as far as their number allows.
    """

    time: datetime
    from_state: State
    to_state: State
    reason: str
    reason_data: str
    datapoints: tuple[Datapoint, ...] = ()
    events: tuple[Event, ...] = ()
    event_count: int = 0
    principals: tuple[PrincipalCount, ...] = ()
    initial: bool = False  # the move out of INSUFFICIENT_DATA at the start of the run (W-2a)
    fired_count: int = 0
    event_names: tuple[EventNameCount, ...] = ()
    newcomers: tuple[str, ...] = ()
    since: datetime | None = None  # the beginning of what fired it

    @property
    def more_count(self) -> int:
        """The matches between the change into ALARM and the end of that stretch."""
        return self.event_count - self.fired_count


@dataclass(frozen=True, slots=True)
class AlarmOutcome:
    """One alarm's run. ``fired`` counts the changes into ALARM.

    ``series`` is the metric for drawing: non-overlapping buckets of ``series_period`` seconds that
    hold data, oldest first. Where that is longer than the alarm's period, each shows the datapoint
    nearest to breaching.
    """

    alarm: MetricAlarm | CompositeAlarm
    state: State
    fired: int
    transitions: tuple[Transition, ...]
    filters: tuple[str, ...]  # names of the metric filters behind the alarm's metric
    series: tuple[Datapoint, ...] = ()
    series_period: int = 60

    @property
    def name(self) -> str:
        return self.alarm.alarm_name


@dataclass(frozen=True, slots=True)
class FilterOutcome:
    """One metric filter's run. ``principals`` are sorted by count, then by name."""

    filter: MetricFilter
    matches: int
    first: datetime | None
    last: datetime | None
    principals: tuple[PrincipalCount, ...]
    principals_cut: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without any record, longer than an hour (rule W-5)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class InputSummary:
    """What was read. ``bytes`` are stored (compressed) bytes, ``bytes_read`` uncompressed ones."""

    sources: tuple[str, ...]
    files: int
    events: int
    duplicates: int
    bytes: int
    bytes_read: int
    first_event: datetime | None
    last_event: datetime | None
    silent_minutes: int
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    skipped: Mapping[str, int]  # files left out for what they are, by kind: digest, other, …


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one run. ``clock`` is ``event`` or ``delivery``; ``seconds`` the wall time."""

    stack: Stack
    clock: str
    input: InputSummary
    filters: tuple[FilterOutcome, ...]
    alarms: tuple[AlarmOutcome, ...]  # metric alarms, then composite alarms, in the stack's order
    since: datetime | None = None
    until: datetime | None = None
    seconds: float = 0.0

    def to_json(self) -> str:
        """The object that ``--output json`` prints (docs/output.md), as ASCII text."""
        # These know this module, and few runs need them.
        from trailwarden.json_text import text_of  # noqa: PLC0415
        from trailwarden.monitor.outcome_json import outcome_value  # noqa: PLC0415

        return text_of(outcome_value(self))

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict of lists, dicts, strings, numbers, booleans and None."""
        value: dict[str, Any] = json.loads(self.to_json())
        return value

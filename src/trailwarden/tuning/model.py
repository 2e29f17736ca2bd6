"""What tuning found, as plain data that every report is made of.

All times are UTC. Strings come from logs and are as hostile as their authors: escape on output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trailwarden.alarms.model import MetricAlarm
from trailwarden.monitor.outcome import InputSummary
from trailwarden.stack.model import Stack
from trailwarden.tuning.target import Target


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the matches have ``name``; it is empty where the field is absent."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """How often the alarm fires on this archive with ``threshold`` and all else as it is.

    ``seconds`` is how long it is in ALARM: an alarm that never leaves ALARM fires once.
    """

    threshold: float
    fired: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ThresholdAdvice:
    """Thresholds and what they bring, the present one first; ``remark`` says why there are none.

    ``weekly`` is the smallest threshold with at most one incident a week; None where none was
    found, the present one does, or ``not_advised`` says of what one event is an incident: then no
    threshold is proposed.
    """

    rows: tuple[Threshold, ...]
    weekly: float | None
    lost: tuple[str, ...]  # events of the benchmark that fire alone now and would not with weekly
    remark: str = ""
    not_advised: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """When matches came: their first and last, on how many days, and mostly at which hours.

    ``hours`` are (from, to before) of the day, UTC, possibly over midnight; None for any hour.
    """

    first: datetime
    last: datetime
    days: int
    hours: tuple[int, int] | None
    regular: bool


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A pattern for ``filter`` without ``target``'s ``events`` (empty: all), and what it does.

    ``silenced`` are the matches it takes away on this archive, ``failures`` those among them that
    were refused or failed. ``fired`` is how often the alarm fires with it, ``removed`` how much
    less, and ``seconds`` how long it is in ALARM with it. ``lost`` are the events of the benchmark
    that the filter sees of this target now and would no longer see; ``seen`` is how many it sees
    now.
    """

    filter: str
    target: Target
    events: tuple[str, ...]
    pattern: str
    silenced: int
    failures: int
    fired: int
    removed: int
    seconds: float
    whos: tuple[Share, ...]
    calls: tuple[Share, ...]
    habit: Habit
    lost: tuple[str, ...]
    seen: int
    new_filter: bool  # the present text is one that scanners ask for: keep it, add another filter

    @property
    def score(self) -> float:
        """Noise removed per event lost."""
        return max(0, self.removed) / max(1, len(self.lost))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is proposed for one that makes much of the noise."""

    name: str
    filter: str
    matches: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmTuning:
    """One alarm. ``shares`` are by principal, event, source, service, agent and error.

    It fired ``fired`` times and was in ALARM for ``seconds``.
    """

    alarm: MetricAlarm
    filters: tuple[str, ...]
    controls: tuple[str, ...]  # titles of the benchmark's controls that its filters serve
    fired: int
    seconds: float
    matches: int
    shares: Mapping[str, tuple[Share, ...]]
    thresholds: ThresholdAdvice
    exclusions: tuple[Exclusion, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Tuning:
    """The result of one run. ``days`` is from the first record to the last one."""

    stack: Stack
    clock: str
    input: InputSummary
    days: float
    alarms: tuple[AlarmTuning, ...]
    quiet: tuple[str, ...]  # alarms that were not looked at: they never fired, or are too many
    since: datetime | None = None
    until: datetime | None = None
    seconds: float = 0.0
    left_out: int = 0  # alarms that fired and were not looked at

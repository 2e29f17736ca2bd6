"""What people want to read out of an outcome, computed once for every report that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trailwarden.alarms.model import MetricAlarm, State
from trailwarden.monitor.outcome import AlarmOutcome, FilterOutcome, Outcome, Transition
from trailwarden.monitor.tally import OTHERS
from trailwarden.problems import Problem


@dataclass(frozen=True, slots=True)
class Incident:
    """A change into ALARM. ``number`` counts from 1 within the alarm.

    ``end`` is when the alarm left ALARM for ``end_state``; None, and ALARM, where it never did.
    """

    number: int
    change: Transition
    end: datetime | None
    end_state: State


def incidents_of(alarm: AlarmOutcome) -> Iterator[Incident]:
    """The incidents of one alarm, the earliest first."""
    number = 0
    for position, change in enumerate(alarm.transitions):
        if change.to_state != "ALARM":
            continue
        number += 1
        after = alarm.transitions[position + 1 : position + 2]
        if after:
            yield Incident(number, change, after[0].time, after[0].to_state)
        else:
            yield Incident(number, change, None, "ALARM")


@dataclass(slots=True)
class PrincipalSpan:
    """A principal behind incidents: of which alarms, how many, from when to when."""

    principal: str
    first: datetime
    last: datetime
    alarms: list[str] = field(default_factory=list)
    incidents: int = 0


def principals_across(alarms: Iterable[AlarmOutcome]) -> list[PrincipalSpan]:
    """Who stands behind incidents, those behind the most alarms first.

    Composite alarms are left out: they repeat what their children tell.
    """
    spans: dict[str, PrincipalSpan] = {}
    for alarm in alarms:
        if not isinstance(alarm.alarm, MetricAlarm):
            continue
        for incident in incidents_of(alarm):
            time = incident.change.time
            for count in incident.change.principals:
                span = spans.setdefault(count.principal, PrincipalSpan(count.principal, time, time))
                span.first, span.last = min(span.first, time), max(span.last, time)
                span.incidents += 1
                if span.alarms[-1:] != [alarm.name]:
                    span.alarms.append(alarm.name)
    return sorted(spans.values(), key=lambda s: (-len(s.alarms), -s.incidents, s.principal))


def named(spans: Iterable[PrincipalSpan]) -> int:
    """How many principals these are, without the rest that was counted as one."""
    return sum(span.principal != OTHERS for span in spans)


@dataclass(slots=True)
class ProblemGroup:
    """The problems of one code with one cure. ``count`` is how many inputs they stand for."""

    code: str
    cure: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(problem.count for problem in self.problems)


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Problems by code and cure, the most frequent first."""
    groups: dict[tuple[str, str], ProblemGroup] = {}
    for problem in problems:
        key = (problem.code, problem.cure)
        groups.setdefault(key, ProblemGroup(*key)).problems.append(problem)
    return sorted(groups.values(), key=lambda group: (-group.count, group.code, group.cure))


@dataclass(frozen=True, slots=True)
class SilentMatches:
    """A filter that matched although no alarm behind it fired. ``alarms`` watch its metric."""

    filter: FilterOutcome
    alarms: tuple[str, ...]


def silent_matches(outcome: Outcome) -> list[SilentMatches]:
    """Filters with matches and no incident, in the stack's order."""
    found = []
    for one in outcome.filters:
        name = one.filter.filter_name
        watching = [alarm for alarm in outcome.alarms if name in alarm.filters]
        if one.matches and not any(alarm.fired for alarm in watching):
            found.append(SilentMatches(one, tuple(alarm.name for alarm in watching)))
    return found


def matches_of(alarm: AlarmOutcome, filters: Sequence[FilterOutcome]) -> int:
    """All matches of the filters behind the alarm's metric."""
    return sum(one.matches for one in filters if one.filter.filter_name in alarm.filters)

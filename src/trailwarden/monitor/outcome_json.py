"""An outcome as the objects of the JSON reports. Their fields are described in docs/output.md.

Lists that may be long are iterators, so that they are written piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from trailwarden import __version__
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import Location
from trailwarden.json_text import finite, parsed
from trailwarden.monitor.outcome import (
    AlarmOutcome,
    Event,
    FilterOutcome,
    InputSummary,
    Outcome,
    PrincipalCount,
    Transition,
)
from trailwarden.problems import Problem
from trailwarden.stack.model import Note, NotRun, Stack
from trailwarden.times import EPOCH, format_instant

Value = dict[str, object]
SCHEMA = "trailwarden.scan/1"


def outcome_value(outcome: Outcome) -> Value:
    """The whole run."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "clock": outcome.clock,
        "since": instant(outcome.since),
        "until": instant(outcome.until),
        "seconds": outcome.seconds,
        "stack": stack_value(outcome.stack),
        "input": input_value(outcome.input),
        "filters": map(filter_value, outcome.filters),
        "alarms": map(alarm_value, outcome.alarms),
    }


def instant(time: datetime | None) -> str | None:
    """ISO 8601 with Z."""
    return None if time is None else format_instant(time)


def stack_value(stack: Stack) -> Value:
    """What was run, and what of the source was not."""
    return {
        "name": stack.name,
        "source": stack.source,
        "region": stack.region,
        "account": stack.account,
        "metric_filters": len(stack.metric_filters),
        "alarms": len(stack.alarms),
        "composite_alarms": len(stack.composite_alarms),
        "not_run": map(_not_run, stack.not_run),
        "notes": map(_note, stack.notes),
    }


def _not_run(one: NotRun) -> Value:
    return {
        "name": one.name,
        "type": one.type,
        "reason": one.reason,
        "location": _location(one.location),
    }


def _note(note: Note) -> Value:
    return {"code": note.code, "message": note.message, "location": _location(note.location)}


def _location(location: Location | None) -> Value | None:
    if location is None:
        return None
    return {
        "source": location.source,
        "line": location.line,
        "column": location.column,
        "key": location.key,
    }


def input_value(read: InputSummary) -> Value:
    """What was read, and what could not be."""
    return {
        "sources": list(read.sources),
        "files": read.files,
        "events": read.events,
        "duplicates": read.duplicates,
        "bytes": read.bytes,
        "bytes_read": read.bytes_read,
        "first_event": instant(read.first_event),
        "last_event": instant(read.last_event),
        "silent_minutes": read.silent_minutes,
        "gaps": [{"start": instant(gap.start), "end": instant(gap.end)} for gap in read.gaps],
        "skipped": dict(read.skipped),
        "problems": map(_problem, read.problems),
    }


def _problem(problem: Problem) -> Value:
    return {
        "source": problem.source,
        "code": problem.code,
        "message": problem.message,
        "cure": problem.cure,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "count": problem.count,
    }


def filter_value(outcome: FilterOutcome) -> Value:
    """One metric filter's run."""
    return {
        "name": outcome.filter.filter_name,
        "pattern": outcome.filter.filter_pattern,
        "log_group": outcome.filter.log_group_name,
        "matches": outcome.matches,
        "first": instant(outcome.first),
        "last": instant(outcome.last),
        "principals": _principals(outcome.principals),
        "principals_cut": outcome.principals_cut,
    }


def _principals(counts: Iterable[PrincipalCount]) -> list[Value]:
    return [{"principal": one.principal, "count": one.count} for one in counts]


def alarm_value(outcome: AlarmOutcome) -> Value:
    """One alarm's run."""
    alarm = outcome.alarm
    return {
        "name": outcome.name,
        "description": alarm.alarm_description,
        **(_metric_alarm(alarm) if isinstance(alarm, MetricAlarm) else _composite_alarm(alarm)),
        "filters": list(outcome.filters),
        "state": outcome.state,
        "fired": outcome.fired,
        "transitions": map(transition_value, outcome.transitions),
    }


def _metric_alarm(alarm: MetricAlarm) -> Value:
    return {
        "metric": {
            "namespace": alarm.namespace,
            "name": alarm.metric_name,
            "dimensions": dict(alarm.dimensions),
            "statistic": alarm.extended_statistic or alarm.statistic,
            "unit": alarm.unit,
            "period": alarm.period,
        },
        "condition": {
            "comparison_operator": alarm.comparison_operator,
            "threshold": finite(alarm.threshold),
            "evaluation_periods": alarm.evaluation_periods,
            "datapoints_to_alarm": alarm.datapoints_to_alarm,
            "treat_missing_data": alarm.treat_missing_data,
        },
        "rule": None,
    }


def _composite_alarm(alarm: CompositeAlarm) -> Value:
    return {"metric": None, "condition": None, "rule": alarm.alarm_rule}


def transition_value(transition: Transition) -> Value:
    """One change of an alarm's state, with what was behind it."""
    return {
        "time": instant(transition.time),
        "from": transition.from_state,
        "to": transition.to_state,
        "initial": transition.initial,
        "reason": transition.reason,
        "reason_data": parsed(transition.reason_data),
        "datapoints": [
            {"time": instant(point.time), "value": finite(point.value)}
            for point in transition.datapoints
        ],
        "event_count": transition.event_count,
        "fired_count": transition.fired_count,
        "more_count": transition.more_count,
        "principals": _with_newcomers(transition),
        "event_names": [
            {"name": one.event_name, "count": one.count, "refused": one.refused}
            for one in transition.event_names
        ],
        "events": [event_value(event) for event in transition.events],
    }


def _with_newcomers(transition: Transition) -> list[Value]:
    newcomers = frozenset(transition.newcomers)
    return [
        {"principal": one.principal, "count": one.count, "new": one.principal in newcomers}
        for one in transition.principals
    ]


def event_instant(event: Event) -> str | None:
    """None for a record without a usable eventTime, which stands at the epoch."""
    return None if event.event_time == EPOCH else instant(event.event_time)


def event_value(event: Event) -> Value:
    """One record behind a transition."""
    return {
        "event_id": event.event_id or None,
        "time": event_instant(event),
        "name": event.event_name or None,
        "source": event.event_source or None,
        "account": event.account or None,
        "region": event.region or None,
        "principal": event.principal or None,
        "principal_kind": event.principal_kind or None,
        "source_ip": event.source_ip or None,
        "user_agent": event.user_agent or None,
        "error_code": event.error_code or None,
        "read_only": event.read_only,
        "file": event.source,
        "raw": event.raw if event.raw_cut else parsed(event.raw),
        "raw_cut": event.raw_cut,
    }

"""The data inside the page: an outcome as plain values, bounded in size.

Times are seconds since the epoch. Principals, events and filters are written once and named by
their positions. The fields are those that ``html_assets/store.js`` hands out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from trailwarden.alarms.model import MetricAlarm, State
from trailwarden.json_text import finite
from trailwarden.monitor.outcome import (
    AlarmOutcome,
    Event,
    FilterOutcome,
    Outcome,
    PrincipalCount,
    Transition,
)
from trailwarden.report.html_limits import Limits, coarse, limits_for, thinned
from trailwarden.report.short_names import short_names
from trailwarden.report.wording import condition
from trailwarden.times import epoch_seconds

Value = dict[str, object]

NAME_LIMIT = 300  # characters, as the fields of an event
SHORT_LIMIT = 32  # of an alarm's name in the timeline
TEXT_LIMIT = 4000
_CODES: dict[State, int] = {"OK": 0, "ALARM": 1, "INSUFFICIENT_DATA": 2}


def page_data(outcome: Outcome) -> Value:
    """Everything that the page's script shows."""
    return _Writer(outcome).value()


class _Writer:
    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._limits: Limits = limits_for(outcome)
        self._principals: dict[str, int] = {}
        self._events: dict[Event, int] = {}
        self._short = short_names((one.name for one in outcome.alarms), SHORT_LIMIT)

    def value(self) -> Value:
        outcome = self._outcome
        start, end = _span(outcome)
        filters = [self._filter(one) for one in outcome.filters]
        fired_first = sorted(outcome.alarms, key=lambda alarm: not alarm.fired)
        alarms = [self._alarm(one, end) for one in fired_first]
        events = [self._event(one) for one in self._events]
        gaps = sorted(outcome.input.gaps, key=lambda gap: gap.start - gap.end)
        return {
            "from": start,
            "to": end,
            "gaps": [
                [epoch_seconds(gap.start), epoch_seconds(gap.end)]
                for gap in sorted(gaps[: self._limits.gaps], key=lambda gap: gap.start)
            ],
            "filters": filters,
            "alarms": alarms,
            "events": events,
            "principals": list(self._principals),
        }

    def _filter(self, one: FilterOutcome) -> Value:
        return {
            "name": one.filter.filter_name[:NAME_LIMIT],
            "pattern": one.filter.filter_pattern[:TEXT_LIMIT],
            "matches": one.matches,
            "first": _seconds(one.first),
            "last": _seconds(one.last),
            **self._counts(one.principals, self._limits.principals_of_filter),
        }

    def _counts(self, principals: Sequence[PrincipalCount], most: int) -> Value:
        kept = principals[:most]
        return {
            "principals": [[self._principal(one.principal), one.count] for one in kept],
            "more": len(principals) - len(kept),
        }

    def _principal(self, name: str) -> int:
        return self._principals.setdefault(name[:NAME_LIMIT], len(self._principals))

    def _alarm(self, one: AlarmOutcome, end: int) -> Value:
        transitions = one.transitions
        changes = [(epoch_seconds(t.time), _CODES[t.to_state]) for t in transitions]
        drawn = coarse(changes, self._limits.changes, _CODES["ALARM"])
        ends: list[int | None] = [epoch_seconds(t.time) for t in transitions[1:]]
        ends.append(None)
        first = transitions[0].from_state if transitions else one.state
        return {
            "name": one.name[:NAME_LIMIT],
            "short": self._short[one.name],
            "description": (one.alarm.alarm_description or "")[:TEXT_LIMIT],
            "definition": condition(one.alarm, TEXT_LIMIT),
            "isComposite": not isinstance(one.alarm, MetricAlarm),
            "state": one.state,
            "fired": one.fired,
            "changes": len(transitions),
            "filters": [
                position
                for position, other in enumerate(self._outcome.filters)
                if other.filter.filter_name in one.filters
            ],
            "first": _CODES[first],
            "states": [number for change in drawn for number in change],
            **self._metric(one),
            "transitions": [
                self._transition(transition, until)
                for transition, until in zip(
                    transitions[: self._limits.transitions], ends, strict=False
                )
            ],
        }

    def _metric(self, one: AlarmOutcome) -> Value:
        alarm = one.alarm
        if not isinstance(alarm, MetricAlarm):
            return {"series": []}
        low = alarm.comparison_operator.startswith("Less")
        points = [
            (epoch_seconds(point.time), point.value)
            for point in one.series
            if finite(point.value) is not None
        ]
        series, period = thinned(
            points, one.series_period, self._limits.points, min if low else max
        )
        return {
            "series": series,
            "period": period,
            "thinned": ("lowest" if low else "highest") if period > one.series_period else "",
            "threshold": finite(alarm.threshold) or 0.0,
            "comparison": alarm.comparison_operator,
        }

    def _transition(self, one: Transition, until: int | None) -> Value:
        return {
            "time": epoch_seconds(one.time),
            "until": until,
            "to": one.to_state,
            "initial": one.initial,
            "reason": one.reason[:TEXT_LIMIT],
            "count": one.event_count,
            "fired": one.fired_count,
            "names": [
                [name.event_name[:NAME_LIMIT], name.count, name.refused]
                for name in one.event_names[: self._limits.event_names]
            ],
            "moreNames": max(0, len(one.event_names) - self._limits.event_names),
            **self._counts(one.principals, self._limits.principals_of_transition),
            "events": [self._number(event) for event in self._limits.events_of(one)],
        }

    def _number(self, event: Event) -> int:
        self._principal(event.principal)
        return self._events.setdefault(event, len(self._events))

    def _event(self, one: Event) -> Value:
        keeps_raw = len(one.raw) <= self._limits.raw
        return {
            "id": one.event_id[:NAME_LIMIT],
            "time": epoch_seconds(one.event_time),
            "name": one.event_name[:NAME_LIMIT],
            "service": one.event_source[:NAME_LIMIT],
            "account": one.account[:NAME_LIMIT],
            "region": one.region[:NAME_LIMIT],
            "principal": self._principal(one.principal),
            "kind": one.principal_kind[:NAME_LIMIT],
            "ip": one.source_ip[:NAME_LIMIT],
            "agent": one.user_agent[:NAME_LIMIT],
            "error": one.error_code[:NAME_LIMIT],
            "file": one.source[:TEXT_LIMIT],
            "raw": one.raw if keeps_raw else "",
            "cut": one.raw_cut and keeps_raw,
        }


def _seconds(time: datetime | None) -> int | None:
    return None if time is None else epoch_seconds(time)


def _span(outcome: Outcome) -> tuple[int, int]:
    """From the first to the last thing that happened, to whole minutes."""
    times = list(_bounds(outcome))
    if not times:
        return 0, 0
    return epoch_seconds(min(times)) // 60 * 60, -(-epoch_seconds(max(times)) // 60) * 60


def _bounds(outcome: Outcome) -> Iterable[datetime]:
    for time in (outcome.input.first_event, outcome.input.last_event):
        if time is not None:
            yield time
    for alarm in outcome.alarms:
        if alarm.transitions:
            yield alarm.transitions[0].time
            yield alarm.transitions[-1].time

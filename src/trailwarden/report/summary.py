"""An outcome in a few lines: who did what from where, what worked, what was refused, when.

All texts are harmless and on one line each, whatever the logs hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from trailwarden.alarms.model import MetricAlarm
from trailwarden.monitor.outcome import AlarmOutcome, Event, Outcome
from trailwarden.monitor.tally import OTHERS
from trailwarden.report.findings import incidents_of, principals_across
from trailwarden.report.wording import duration, fitting, names, repeated, shortened, who
from trailwarden.text import plural
from trailwarden.times import EPOCH, format_instant

_ROOM = 100  # characters of a list
_NAME, _WHO = 40, 56  # characters of a name
_MOST_PLACES = 2
# What blinds the watch or hands out keys comes first, then what removes, what changes, what reads.
_VERBS = (
    (
        *("DeleteTrail", "StopLogging", "UpdateTrail", "PutEventSelectors", "DeleteFlowLogs"),
        *("LeaveOrganization", "StopConfigurationRecorder", "DeleteConfigurationRecorder"),
        *("DeleteDetector", "DeleteMetricFilter", "DeleteAlarms", "DisableAlarmActions"),
        *("DeleteLogGroup", "ScheduleKeyDeletion", "CreateAccessKey", "CreateLoginProfile"),
    ),
    ("Delete", "Stop", "Disable", "Deactivate", "Terminate", "Leave", "Schedule", "Remove"),
    ("Put", "Update", "Modify", "Detach", "Revoke", "Attach", "Add", "Authorize", "Create"),
    ("Get", "List", "Describe", "Head", "Lookup", "BatchGet", "Search"),
)
_NOTHING = 9.0
_BETWEEN = 2.5  # the place of all other verbs


class Line(NamedTuple):
    """A line of the summary, and the word that it begins with."""

    label: str
    text: str


def summary_lines(outcome: Outcome) -> list[Line]:
    """At most six lines; none where no record was read."""
    if not outcome.input.events:
        return []
    ranking = _Ranking(outcome)
    if not ranking.matches:
        return [Line("matches", "no record matched any metric filter")]
    events = list(dict.fromkeys(_events(outcome.alarms)))
    lines = [*ranking.lines(events), *_what(outcome.alarms), *_when(outcome, events)]
    return [line for line in lines if line.text]


class _Ranking:
    """Who is behind the matches: those behind incidents of the most alarms first."""

    def __init__(self, outcome: Outcome) -> None:
        self.matches = sum(one.matches for one in outcome.filters)
        self._counts = Counter[str]()
        for one in outcome.filters:
            for counted in one.principals:
                self._counts[counted.principal] += counted.count
        del self._counts[OTHERS]  # nobody in particular
        self._alarms = {
            span.principal: len(span.alarms)
            for span in principals_across(outcome.alarms)
            if span.principal != OTHERS
        }
        for name, count in _behind(outcome.alarms).items():
            self._counts[name] = self._counts[name] or count  # a role, say, of several sessions

    def lines(self, events: Sequence[Event]) -> Iterator[Line]:
        """Who foremost, and who else."""
        gravest: dict[str, float] = {}  # what each of them did
        for event in events:
            if not event.error_code:
                weight = min(_weight(event.event_name), gravest.get(event.principal, _NOTHING))
                gravest[event.principal] = weight

        def order(name: str) -> tuple[int, float, int, str]:
            alarms = self._alarms.get(name, 0)
            return -alarms, gravest.get(name, _NOTHING), -self._counts[name], name

        ranked = sorted(self._alarms or self._counts, key=order)
        if not ranked:
            return
        first, *others = ranked
        share = f"{self._counts[first]:,} of {plural(self.matches, 'match', 'matches')}"
        if self._counts[first] == self.matches:
            share = plural(self.matches, "match", "matches")
        alarms = self._alarms.get(first, 0)
        behind = f", incidents of {plural(alarms, 'alarm')}" if alarms else ""
        yield Line("who", f"{who(first, _WHO)}{_places(first, events)}: {share}{behind}")
        told = [f"{who(name, _WHO)}{repeated(self._counts[name])}" for name in others]
        yield Line("also", fitting(told, _ROOM))


def _behind(alarms: Iterable[AlarmOutcome]) -> Counter[str]:
    """How many matches behind incidents are whose: of several alarms the largest number."""
    most = Counter[str]()
    for alarm in _metric_alarms(alarms):
        own = Counter[str]()
        for incident in incidents_of(alarm):
            own.update({one.principal: one.count for one in incident.change.principals})
        most |= own
    return most


def _places(principal: str, events: Iterable[Event]) -> str:
    found = Counter(one.source_ip for one in events if one.principal == principal and one.source_ip)
    return f" from {names([place for place, _ in found.most_common()], _MOST_PLACES, 40)}" * bool(
        found
    )


def _what(alarms: Iterable[AlarmOutcome]) -> Iterator[Line]:
    """What succeeded and what was refused in incidents.

    A record behind two alarms is one record: of an event name the largest number of one alarm
    counts.
    """
    worked, refused = Counter[str](), Counter[str]()
    for alarm in _metric_alarms(alarms):
        own_worked, own_refused = Counter[str](), Counter[str]()
        for incident in incidents_of(alarm):
            for one in incident.change.event_names:
                own_refused[one.event_name] += one.refused
                own_worked[one.event_name] += one.count - one.refused
        worked |= own_worked
        refused |= own_refused
    yield Line("worked", _listed(worked))
    yield Line("refused", _listed(refused))


def _listed(counts: Counter[str]) -> str:
    ordered = sorted(counts, key=lambda name: (_weight(name), -counts[name], name))
    shown = [
        f"{shortened(name, _NAME) or '(no eventName)'}{repeated(counts[name])}" for name in ordered
    ]
    return fitting(shown, _ROOM)


def _weight(name: str) -> float:
    return next((at for at, verbs in enumerate(_VERBS) if name.startswith(verbs)), _BETWEEN)


def _when(outcome: Outcome, events: Sequence[Event]) -> Iterator[Line]:
    """The first and the last match, with what it was where that is known."""
    firsts = [one.first for one in outcome.filters if one.first]
    lasts = [one.last for one in outcome.filters if one.last]
    if not firsts or not lasts:
        return
    first, last = min(firsts), max(lasts)
    length = (last - first).total_seconds()
    text = _moment(first, events)
    if length:
        text = f"first {text}; last {_moment(last, events)} ({duration(length)})"
    yield Line("when", text)


def _moment(time: datetime, events: Iterable[Event]) -> str:
    """A time, and the event of that very time."""
    found = next((one for one in events if one.event_time == time != EPOCH), None)
    name = shortened(found.event_name, _NAME) if found else ""
    return f"{format_instant(time)} {name}".rstrip()


def _metric_alarms(alarms: Iterable[AlarmOutcome]) -> Iterator[AlarmOutcome]:
    """Composite alarms repeat what their children tell."""
    return (alarm for alarm in alarms if isinstance(alarm.alarm, MetricAlarm))


def _events(alarms: Iterable[AlarmOutcome]) -> Iterator[Event]:
    for alarm in _metric_alarms(alarms):
        for incident in incidents_of(alarm):
            yield from incident.change.events

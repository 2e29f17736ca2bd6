"""From what the second pass counted to proposals, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from trailwarden.alarms import MetricAlarm
from trailwarden.monitor.outcome import AlarmOutcome
from trailwarden.stack.model import MetricFilter
from trailwarden.tuning.candidates import AlarmCandidates, Candidate
from trailwarden.tuning.counting import Counts
from trailwarden.tuning.incidents import incident_of
from trailwarden.tuning.losses import is_scanners_text, loss, served_by
from trailwarden.tuning.model import AlarmTuning, Exclusion, Threshold, ThresholdAdvice
from trailwarden.tuning.noise import DIMENSIONS, FilterNoise, Noise
from trailwarden.tuning.thresholds import fires_alone
from trailwarden.tuning.trial import Trial

_MUCH_SHORTER = 0.9  # of the time in ALARM


class Proposer:
    """Turns the outcome of ``trial`` into advice.

    ``noise`` is the first pass, ``end`` the time of the last record.
    """

    def __init__(
        self,
        filters: Sequence[MetricFilter],
        noise: Noise,
        trial: Trial,
        outcomes: Sequence[AlarmOutcome],
        end: datetime | None,
    ) -> None:
        self._filters = filters
        self._noise = noise
        self._trial = trial
        self._fired: Mapping[str, int] = {one.name: one.fired for one in outcomes}
        self._seconds = {one.name: _seconds_in_alarm(one, end) for one in outcomes}

    def tuning(self, one: AlarmCandidates) -> AlarmTuning:
        """The advice for one alarm."""
        numbers = list(dict.fromkeys(feed.filter for feed in one.feeds))
        noises = [self._noise.filters.get(number, FilterNoise()) for number in numbers]
        served = [served_by(self._filters[number].pattern) for number in numbers]
        titles = dict.fromkeys(control.subject for each in served for control in each.controls)
        exclusions = [self._exclusion(one.alarm, candidate) for candidate in one.candidates]
        return AlarmTuning(
            alarm=one.alarm,
            filters=tuple(self._filters[number].filter_name for number in numbers),
            controls=tuple(titles),
            fired=self._fired[one.alarm.alarm_name],
            seconds=self._seconds[one.alarm.alarm_name],
            matches=sum(noise.matches for noise in noises),
            shares={name: _summed(noises, name).shares() for name in DIMENSIONS},
            thresholds=self._thresholds(one),
            exclusions=_best(exclusions),
            refusals=one.refusals,
        )

    def _thresholds(self, one: AlarmCandidates) -> ThresholdAdvice:
        plan = one.plan
        names = [
            (threshold, self._trial.threshold_name(one.alarm.alarm_name, threshold))
            for threshold in plan.thresholds
        ]
        rows = tuple(
            Threshold(threshold, self._fired[name], self._seconds[name])
            for threshold, name in names
        )
        patterns = [self._filters[feed.filter].pattern for feed in one.feeds]
        incident = next(filter(None, map(incident_of, patterns)), "")
        if incident:
            return ThresholdAdvice(rows, None, (), plan.remark, incident)
        return ThresholdAdvice(rows, plan.weekly, self._lost(one), plan.remark)

    def _lost(self, one: AlarmCandidates) -> tuple[str, ...]:
        """The events of the benchmark that fire alone now, and would not with the new threshold."""
        present, weekly = one.alarm.threshold, one.plan.weekly
        if present is None or weekly is None:
            return ()
        lost: dict[str, None] = {}
        for feed in one.feeds:
            if fires_alone(one.alarm, feed, present) and not fires_alone(one.alarm, feed, weekly):
                events = served_by(self._filters[feed.filter].pattern).events
                lost.update(dict.fromkeys(events))
        return tuple(lost)

    def _exclusion(self, alarm: MetricAlarm, candidate: Candidate) -> Exclusion | None:
        name = self._trial.name_of(alarm.alarm_name, candidate)
        silenced = self._trial.silenced(name)
        fired = self._fired[name]
        removed = self._fired[alarm.alarm_name] - fired
        is_shorter = self._seconds[name] < self._seconds[alarm.alarm_name] * _MUCH_SHORTER
        if not silenced.matches or (removed <= 0 and not is_shorter):
            return None
        old = self._filters[candidate.filter]
        cost = loss(old.pattern, candidate.pattern, candidate.target)
        return Exclusion(
            filter=old.filter_name,
            target=candidate.target,
            events=candidate.events,
            pattern=candidate.pattern.text,
            silenced=silenced.matches,
            failures=silenced.failures,
            fired=fired,
            removed=removed,
            seconds=self._seconds[name],
            whos=silenced.whos.shares(),
            calls=silenced.events.shares(),
            habit=silenced.times.habit(),
            lost=cost.lost,
            seen=len(cost.seen),
            new_filter=is_scanners_text(old.pattern),
        )


def _summed(noises: Iterable[FilterNoise], name: str) -> Counts:
    total = Counts()
    for noise in noises:
        total.update(noise.counts[name])
    return total


def _seconds_in_alarm(outcome: AlarmOutcome, end: datetime | None) -> float:
    """How long an alarm was in ALARM; ``end`` ends what lasts."""
    total, since = 0.0, None
    for change in outcome.transitions:
        if since is not None:
            total += (change.time - since).total_seconds()
        since = change.time if change.to_state == "ALARM" else None
    if since is not None and end is not None:
        total += max(0.0, (end - since).total_seconds())
    return total


def _best(exclusions: Iterable[Exclusion | None]) -> tuple[Exclusion, ...]:
    """Those that quiet something, by noise removed per event lost; none that another one beats."""
    found = [one for one in exclusions if one is not None]
    kept = [one for one in found if not any(_beats(other, one) for other in found)]
    return tuple(
        sorted(
            kept,
            key=lambda one: (
                -one.score,
                not one.habit.regular,
                one.seconds,
                -one.silenced,
                one.pattern,
            ),
        )
    )


def _beats(one: Exclusion, other: Exclusion) -> bool:
    """True where ``one`` costs less than ``other`` and silences the same of the same target."""
    return (
        one.target == other.target
        and one.filter == other.filter
        and one.silenced == other.silenced
        and bool(one.events)
        and (not other.events or len(one.lost) < len(other.lost))
        and one.fired <= other.fired
    )

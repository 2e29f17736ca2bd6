"""All alarms of a stack, evaluated together: metric alarms first, then what is made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from trailwarden.alarms import (
    CompositeAlarm,
    CompositeRun,
    MetricAlarm,
    State,
    alarm_arn,
    evaluation_order,
    range_minutes,
)
from trailwarden.monitor.composites import Composites
from trailwarden.monitor.incidents import Culprits, Part
from trailwarden.monitor.metrics import Feed, Metrics
from trailwarden.monitor.outcome import AlarmOutcome, Transition
from trailwarden.monitor.pending import Pending, Series
from trailwarden.monitor.track import Step, Track, with_stretch
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds, from_epoch

_UNKNOWN_ACCOUNT = "${AWS::AccountId}"


class Tracks:
    """Evaluates the alarms of ``stack``. Minutes are counted since the epoch."""

    def __init__(self, stack: Stack, culprits: Culprits) -> None:
        self._stack = stack
        self._culprits = culprits
        metrics = Metrics(stack.metric_filters)
        self._feeds = {alarm.alarm_name: metrics.feeds(alarm) for alarm in stack.alarms}
        self._tracks: dict[str, Track] = {}
        self._limits: dict[str, int] = {}
        runs = [
            CompositeRun(alarm, self._arn)
            for alarm in evaluation_order(stack.composite_alarms, self._feeds)
        ]
        self._states: dict[str, State] = dict.fromkeys(
            [*self._feeds, *(run.alarm.alarm_name for run in runs)], "INSUFFICIENT_DATA"
        )
        self._children = {run.alarm.alarm_name: tuple(run.rule.children()) for run in runs}
        self._composites = Composites(runs, self._states, culprits)
        self._begin: datetime | None = None  # the first evaluation, while it is still to come
        self._steps: defaultdict[str, list[Step]] = defaultdict(list)
        self._evaluated = 0  # every minute before this one
        # Series whose samples the records themselves determine, as far as an alarm reads them.
        self.own_series: frozenset[Series] = frozenset(
            (feed.filter, feed.dimensions)
            for feeds in self._feeds.values()
            for feed in feeds
            if feed.value is None
        )

    def _arn(self, name: str) -> str:
        stack = self._stack
        return alarm_arn(stack.region or "us-east-1", stack.account or _UNKNOWN_ACCOUNT, name)

    # --- in time -------------------------------------------------------------------------
    def start(self, minute: int) -> None:
        """The run begins at ``minute``: the first evaluation takes place at its end."""
        for alarm in self._stack.alarms:
            self._tracks[alarm.alarm_name] = self._track(alarm, minute)
        self._begin = from_epoch((minute + 1) * 60)

    def resume(self, minute: int, states: Mapping[str, State]) -> None:
        """An earlier run evaluated every minute before ``minute`` and left ``states``.

        An alarm that it did not know begins anew.
        """
        for alarm in self._stack.alarms:
            name = alarm.alarm_name
            self._tracks[name] = self._track(alarm, minute, states.get(name))
        self._composites.resume(states)
        self._states.update((name, states[name]) for name in self._states if name in states)

    def _track(self, alarm: MetricAlarm, minute: int, state: State | None = None) -> Track:
        return Track(alarm, self._feeds[alarm.alarm_name], self._culprits, minute, state)

    def preview(self, name: str, pending: Pending, first: int, until: int) -> list[Transition]:
        """What can be foreseen of metric alarm ``name`` before ``until``. Changes nothing.

        Without a run yet, one that begins at the minute ``first``.
        """
        track = self._tracks.get(name)
        if track is None:
            alarm = next(a for a in self._stack.alarms if a.alarm_name == name)
            track = self._track(alarm, first)
        return track.preview(pending, until)

    @property
    def states(self) -> Mapping[str, State]:
        """The present state of every alarm."""
        return self._states

    @property
    def feeds(self) -> Mapping[str, tuple[Feed, ...]]:
        """What feeds each metric alarm."""
        return self._feeds

    def feed(self, pending: Pending, day: int) -> None:
        """Take in what was published on ``day`` (since the epoch)."""
        for track in self._tracks.values():
            track.feed(pending, day)

    def end_after(self, minute: int) -> int:
        """The last record is in ``minute``: each alarm's run ends with its range (rule W-2).

        Returns the minute before which all of them have ended.
        """
        self._limits = {a.alarm_name: minute + 1 + range_minutes(a) for a in self._stack.alarms}
        return max(self._limits.values(), default=minute + 1)

    def advance(self, until: int) -> list[tuple[str, Transition]]:
        """Evaluate every minute before ``until`` that is not evaluated yet.

        Returns (alarm name, transition) in order of time; of one instant, metric alarms come before
        the composite alarms that depend on them (rule C-30).
        """
        self._evaluated = max(self._evaluated, until)
        steps = [
            step
            for name, track in self._tracks.items()
            for step in track.advance(min(until, self._limits.get(name, until)))
        ]
        found: list[tuple[str, Transition]] = []
        for step in self._with_composites(steps, until):
            self._steps[step.name].append(step)
            found.append((step.name, step.transition))
        return found

    def _with_composites(self, steps: Iterable[Step], until: int) -> Iterable[Step]:
        by_time: defaultdict[datetime, list[Step]] = defaultdict(list)
        for step in steps:
            by_time[step.change.time].append(step)
        begin = self._begin
        if begin is not None and begin <= from_epoch(until * 60):
            by_time[begin] = by_time.get(begin, [])
            self._begin = None
        for time in sorted(by_time):
            yield from by_time[time]
            yield from self._composites.evaluate(time, by_time[time], first=time == begin)

    # --- out -----------------------------------------------------------------------------
    def leaves(self, name: str) -> tuple[str, ...]:
        """The metric alarms that alarm ``name`` depends on, itself where it is one."""
        if name in self._feeds:
            return (name,)
        children = self._children.get(name, ())
        return tuple(dict.fromkeys(leaf for child in children for leaf in self.leaves(child)))

    def filters_of(self, name: str) -> tuple[str, ...]:
        """Names of the metric filters behind alarm ``name``; a composite has those of its parts."""
        filters = self._stack.metric_filters
        feeds = (feed for leaf in self.leaves(name) for feed in self._feeds[leaf])
        return tuple(dict.fromkeys(filters[feed.filter].filter_name for feed in feeds))

    def _transitions(self, name: str) -> Iterable[Transition]:
        """The changes of alarm ``name``, each into ALARM with all that lies behind its stretch."""
        steps = self._steps[name]
        for step, end in zip(steps, self._ends(name), strict=True):
            if step.change.to_state != "ALARM":
                yield step.transition
                continue
            parts = self._stretch(name, step, end)
            yield with_stretch(step.transition, self._culprits.behind(parts, with_history=True))

    def _ends(self, name: str) -> list[int]:
        """The minute before which the state of each step ended."""
        times = [epoch_seconds(step.change.time) // 60 for step in self._steps[name][1:]]
        return [*times, self._evaluated] if self._steps[name] else []

    def _stretch(self, name: str, step: Step, end: int) -> list[Part]:
        """What fired ``step``, and what its filters matched from then until ``end`` (a minute)."""
        parts = [*step.parts]
        if name in self._feeds:
            return parts + [(series, (until, end)) for series, (_, until) in step.parts]
        start = epoch_seconds(step.change.time) // 60
        for leaf in self.leaves(name):
            for other, over in zip(self._steps[leaf], self._ends(leaf), strict=True):
                begin = epoch_seconds(other.change.time) // 60
                if other.change.to_state == "ALARM" and begin < end and over > start:
                    parts += self._stretch(leaf, other, min(over, end))
        return parts

    def outcomes(self) -> tuple[AlarmOutcome, ...]:
        """One per alarm: metric alarms, then composite ones, in the stack's order."""
        alarms: list[MetricAlarm | CompositeAlarm] = [*self._stack.alarms]
        alarms += self._stack.composite_alarms
        return tuple(self._outcome(alarm) for alarm in alarms)

    def _outcome(self, alarm: MetricAlarm | CompositeAlarm) -> AlarmOutcome:
        name = alarm.alarm_name
        transitions = tuple(self._transitions(name))
        track = self._tracks.get(name)
        series, period = track.chart.drawn() if track else ((), 60)
        return AlarmOutcome(
            alarm=alarm,
            state=self._states[name],
            fired=sum(transition.to_state == "ALARM" for transition in transitions),
            transitions=transitions,
            filters=self.filters_of(name),
            series=series,
            series_period=period,
        )

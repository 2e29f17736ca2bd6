"""One metric alarm of a stack: the samples it is fed, its run, and what lay behind its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trailwarden.alarms import AlarmRun, MetricAlarm, State, StateChange
from trailwarden.monitor.chart import Chart
from trailwarden.monitor.incidents import Behind, Culprits, Part
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.minutes import MINUTES_PER_DAY
from trailwarden.monitor.outcome import Datapoint, Transition
from trailwarden.monitor.pending import Pending
from trailwarden.times import epoch_seconds, from_epoch

_INITIAL: State = "INSUFFICIENT_DATA"


def transition_of(change: StateChange, behind: Behind, parts: Sequence[Part]) -> Transition:
    """A change of state as reports show it, with what it was made for behind it."""
    since = min((start for _, (start, _) in parts), default=None)
    return Transition(
        time=change.time,
        from_state=change.from_state,
        to_state=change.to_state,
        reason=change.reason,
        reason_data=change.reason_data,
        datapoints=tuple(Datapoint(p.start, p.value) for p in reversed(change.points)),
        events=behind.events,
        event_count=behind.count,
        principals=behind.principals,
        initial=change.initial,
        fired_count=behind.count,
        event_names=behind.event_names,
        newcomers=behind.newcomers,
        since=None if since is None else from_epoch(since * 60),
    )


def with_stretch(transition: Transition, behind: Behind) -> Transition:
    """A change into ALARM with all ``behind`` it until the end of its stretch."""
    return replace(
        transition,
        events=behind.events,
        event_count=behind.count,
        principals=behind.principals,
        event_names=behind.event_names,
        newcomers=behind.newcomers,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state; ``parts`` are the samples behind an ALARM."""

    name: str
    change: StateChange
    transition: Transition
    parts: tuple[Part, ...]


class Track:
    """Runs one metric alarm, fed by ``feeds``, from the minute ``start`` (since the epoch).

    ``state`` is the one that an earlier run left it in, None where there was none.
    """

    def __init__(
        self,
        alarm: MetricAlarm,
        feeds: Sequence[Feed],
        culprits: Culprits,
        start: int,
        state: State | None = None,
    ) -> None:
        self.chart = Chart(alarm)
        self._name = alarm.alarm_name
        self._feeds = feeds
        self._culprits = culprits
        self._run = AlarmRun(alarm, start, state or _INITIAL, resumed=state is not None)

    @property
    def state(self) -> State:
        return self._run.state

    def feed(self, pending: Pending, day: int) -> None:
        """Take in what the filters published on ``day`` (since the epoch)."""
        for feed in self._feeds:
            for minute, samples in pending.samples(feed, day):
                self._run.add(minute, samples)
                self.chart.add(minute, samples)
        self.chart.close((day + 1) * MINUTES_PER_DAY)

    def advance(self, until: int) -> list[Step]:
        """Evaluate every minute before ``until`` (since the epoch) not evaluated yet."""
        steps = [self._step(change) for change in self._run.advance(until)]
        self._run.forget()
        return steps

    def preview(self, pending: Pending, until: int) -> list[Transition]:
        """What can be foreseen before ``until`` once ``pending`` is fed. Changes nothing."""
        run = self._run.foresight()
        for day in pending.days():
            for feed in self._feeds:
                for minute, samples in pending.samples(feed, day):
                    run.add(minute, samples)
        return [self._step(change).transition for change in run.advance(until)]

    def _step(self, change: StateChange) -> Step:
        parts = self._parts(change) if change.to_state == "ALARM" else ()
        transition = transition_of(change, self._culprits.behind(parts), parts)
        return Step(self._name, change, transition, parts)

    def _parts(self, change: StateChange) -> tuple[Part, ...]:
        start = epoch_seconds(change.window_start) // 60
        end = -(-epoch_seconds(change.window_end) // 60)
        return tuple(((feed.filter, feed.dimensions), (start, end)) for feed in self._feeds)

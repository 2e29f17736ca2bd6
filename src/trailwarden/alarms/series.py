"""An alarm over a metric, in time: samples and the clock go in, changes of state come out."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import datetime

from trailwarden.alarms.changes import Point, StateChange
from trailwarden.alarms.datapoints import StatisticSet
from trailwarden.alarms.evaluation import BREACHING, BREACHING_LOW, MISSING, Decision
from trailwarden.alarms.model import MetricAlarm, State
from trailwarden.alarms.reasons import MOST_MISSING, state_reason, state_reason_data
from trailwarden.alarms.runs import Runs
from trailwarden.alarms.samples import Samples
from trailwarden.alarms.statistics import OfValues, statistic_of
from trailwarden.alarms.windows import evaluation_range, rounded_up, step_seconds, windows_of
from trailwarden.times import from_epoch

_CHUNK = 65_536  # positions looked at together


class SeriesEvaluator:
    """Evaluates one metric alarm step by step; a step is ``step_seconds`` long (60 or 10).

    Steps are counted since the epoch. ``start`` is the first step of the run: the first evaluation
    takes place at its end; ``resumed`` says that an earlier run has evaluated others before it.
    Samples may be added at any time and for any step; an evaluation sees those that were added
    before it (rules W-10 to W-12). Work is done only where samples are. Raises ValueError for an
    alarm whose statistic, threshold or time zone cannot be used.
    """

    def __init__(
        self,
        alarm: MetricAlarm,
        start: int,
        state: State = "INSUFFICIENT_DATA",
        *,
        resumed: bool = False,
    ) -> None:
        self.alarm = alarm
        self.state: State = state
        self.step_seconds = step_seconds(alarm)
        self._decision = Decision.of(alarm)
        self._judge = self._decision.state
        self._statistic = statistic_of(alarm)
        self._windows = windows_of(alarm, start)
        self._back = (evaluation_range(alarm) - 1) * self._windows.width
        self._samples = Samples(self._windows.position_of)
        self._is_first = not resumed
        self._await(start + 1)
        self._runs = Runs(alarm, self._samples, self._windows.width, self._oldest)

    def foresight(self) -> SeriesEvaluator:
        """A second evaluator in the same state, which begins ALARM only where it is certain.

        See :meth:`~trailwarden.alarms.evaluation.Decision.foreseen`. It is to be dropped before the
        first one goes on.
        """
        made = copy(self)
        made._judge = self._decision.foreseen
        made._samples = self._samples.copy()
        made._runs = Runs(self.alarm, made._samples, self._windows.width, self._oldest)
        return made

    @property
    def needs_values(self) -> bool:
        """True where the alarm's statistic needs sets that keep their values."""
        return isinstance(self._statistic, OfValues)

    def add(self, step: int, samples: StatisticSet) -> None:
        """Add samples of ``step``; do not change the set afterwards.

        Samples too old for any evaluation to come are dropped.
        """
        if not samples.sample_count:
            return
        position = self._windows.position_of(step)
        if position > self._oldest - self._windows.width:
            self._samples.add(step, samples)
            self._runs.rewind(position)

    def advance(self, until: int) -> list[StateChange]:
        """Evaluate every step before ``until`` that is not evaluated yet; changes come in order."""
        changes = []
        for instant, spelled in self._datapoints(until):
            state = self._judge(spelled, self.state)
            if state != self.state:
                changes.append(self._change(instant, spelled, state))
                self.state = state
            self._is_first = False
        self._await(max(self._next, until + 1))
        return changes

    def forget(self) -> None:
        """Drop what no evaluation to come can see."""
        self._runs.forget(self._oldest)

    # --- where something can change ------------------------------------------------------
    def _await(self, instant: int) -> None:
        """The next evaluation is the first at or after ``instant``."""
        self._next = rounded_up(instant, self._windows.stride)
        # The oldest position that it looks at.
        self._oldest = self._windows.position_at(self._next) - self._back

    def _datapoints(self, until: int) -> Iterator[tuple[int, bytes]]:
        """The evaluations whose datapoints may differ from the one before: instant, datapoints."""
        windows = self._windows
        last = until // windows.stride * windows.stride
        if last < self._next:
            return
        first, end = windows.position_at(self._next), windows.position_at(last)
        self._runs.sweep(end)
        yield self._next, self._spelled(self._back, self._runs.spell(first - self._back, first))
        for start in range(first + 1, end + 1, _CHUNK):
            # Up to the newest position that the chunk's last evaluation sees.
            stop = windows.position_at(windows.instant_of(min(start + _CHUNK - 1, end)))
            oldest = start - self._back
            instants = self._instants(start, stop)
            if not instants:
                continue
            spelled = self._runs.spell(oldest, stop)
            for instant in instants:
                yield instant, self._spelled(windows.position_at(instant) - oldest, spelled)

    def _instants(self, start: int, stop: int) -> list[int]:
        """Evaluations at positions from ``start`` to ``stop`` that see something new."""
        width, windows = self._windows.width, self._windows
        positions: set[int] = set()
        for change in self._runs.changes(start - self._back, stop):
            # The change moves from bucket to bucket, one width at a time.
            entered = change if change >= start else start + (change - start) % width
            positions.update(range(entered, min(stop, change + self._back) + 1, width))
        return sorted({windows.instant_of(position) for position in positions})

    def _spelled(self, place: int, spelled: bytes) -> bytes:
        """The datapoints of the evaluation at ``place``, oldest first."""
        return spelled[place - self._back : place + 1 : self._windows.width]

    # --- what is behind a change ---------------------------------------------------------
    def _change(self, instant: int, spelled: bytes, state: State) -> StateChange:
        newest = self._windows.position_at(instant)
        points, missing = self._points(newest, spelled)
        time = self._time(instant)
        behind = [p for p in points if p.breaching or state != "ALARM"] or points
        start, end = self._windows.bucket(newest - self._back)[0], self._windows.bucket(newest)[1]
        return StateChange(
            time=time,
            from_state=self.state,
            to_state=state,
            reason=state_reason(self.alarm, state, points),
            reason_data=state_reason_data(self.alarm, state, points, missing, time),
            window_start=behind[-1].start if behind else self._time(start),
            window_end=behind[0].end if behind else self._time(end),
            points=tuple(points),
            initial=self._is_first and self.state == "INSUFFICIENT_DATA" and state != "ALARM",
        )

    def _points(self, newest: int, spelled: bytes) -> tuple[list[Point], list[datetime]]:
        """The real points used, and the starts of the newest empty buckets; the newest first."""
        real: list[Point] = []
        missing: list[datetime] = []
        for back, kind in enumerate(reversed(spelled)):
            position = newest - back * self._windows.width
            if kind != MISSING[0] and len(real) < self.alarm.evaluation_periods:
                real.append(self._point(position, kind))
            elif kind == MISSING[0] and len(missing) < MOST_MISSING:
                missing.append(self._time(self._windows.bucket(position)[0]))
        return real, missing

    def _point(self, position: int, kind: int) -> Point:
        start, end = self._windows.bucket(position)
        samples = self._samples.between(start, end)
        value = self._statistic.of(samples)
        assert value is not None  # noqa: S101 - the datapoint was spelled as a real one
        return Point(
            start=self._time(start),
            end=self._time(end),
            value=value,
            sample_count=samples.sample_count,
            breaching=kind in BREACHING + BREACHING_LOW,
        )

    def _time(self, instant: int) -> datetime:
        return from_epoch(instant * self.step_seconds)


class AlarmRun:
    """Evaluates one metric alarm minute by minute, over a metric that metric filters publish.

    Minutes are counted since the epoch; see :class:`SeriesEvaluator` for the rest. An alarm with a
    period below a minute finds a minute's samples in the part of it that starts the minute, since
    that is their timestamp (rule D-6).
    """

    def __init__(
        self,
        alarm: MetricAlarm,
        start: int,
        state: State = "INSUFFICIENT_DATA",
        *,
        resumed: bool = False,
    ) -> None:
        self._steps = 60 // step_seconds(alarm)
        self._series = SeriesEvaluator(alarm, start * self._steps, state, resumed=resumed)

    def foresight(self) -> AlarmRun:
        """A second run in the same state; see :meth:`SeriesEvaluator.foresight`."""
        made = copy(self)
        made._series = self._series.foresight()
        return made

    @property
    def alarm(self) -> MetricAlarm:
        return self._series.alarm

    @property
    def state(self) -> State:
        return self._series.state

    @property
    def needs_values(self) -> bool:
        """True where the alarm's statistic needs sets that keep their values."""
        return self._series.needs_values

    def add(self, minute: int, samples: StatisticSet) -> None:
        """Add samples of ``minute``; do not change the set afterwards."""
        self._series.add(minute * self._steps, samples)

    def advance(self, until: int) -> list[StateChange]:
        """Evaluate every minute before ``until`` that is not evaluated yet."""
        return self._series.advance(until * self._steps)

    def forget(self) -> None:
        """Drop what no evaluation to come can see."""
        self._series.forget()

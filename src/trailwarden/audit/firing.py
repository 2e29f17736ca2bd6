"""Whether alarms fire for an event: by running the engine on as many copies of it as it takes.

Around the event is an ordinary log: records that no filter matches, several in each period, since
those dilute an Average of a metric that has a default value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, isqrt
from typing import Literal

from trailwarden.alarms import MetricAlarm, range_minutes
from trailwarden.alarms.evaluation import needed_to_alarm
from trailwarden.audit.composites import Composites
from trailwarden.monitor import Monitor
from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.outcome import AlarmOutcome
from trailwarden.stack.model import Stack
from trailwarden.times import from_epoch

Kind = Literal["burst", "quiet", "spread", "always", "never"]

_START = 28_935_360  # minutes since the epoch: a Monday, at midnight
_MOST = 2**14  # events that are tried within a minute
_BACKGROUND = 20  # records at a time
_IN_PERIOD = 5  # times in each period
_LOGS: tuple[tuple[Kind, int], ...] = (("burst", _BACKGROUND), ("quiet", 1))


@dataclass(frozen=True, slots=True)
class Firing:
    """How an alarm answers to an event.

    It fires for a ``burst`` of ``events`` within a minute; or for that in a ``quiet`` log only; or
    only where there are ``events`` in each of several ``periods`` (``spread``); or it is in ALARM
    ``always``, without the event; or ``never``.
    """

    kind: Kind
    events: int = 0
    periods: int = 0


class Trials:
    """Runs the alarms of ``stack``. Equal trials are run once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.feeds = Monitor(stack).feeds
        self._above = Composites(stack)
        self._firings: dict[tuple[object, ...], Firing] = {}
        self._composites: dict[tuple[object, ...], frozenset[str]] = {}

    def firing(self, alarm: MetricAlarm, hit: Hit) -> Firing:
        """How ``alarm`` answers to the event of ``hit``, whose filters feed it."""
        feeds = self.feeds[alarm.alarm_name]
        numbers = {feed.filter for feed in feeds}
        filters = tuple(number for number in hit.filters if number in numbers)
        samples = tuple(sample for sample in hit.samples if sample.filter in numbers)
        added = tuple(_added(feed, filters) for feed in feeds)
        key = (_nameless(alarm), samples, added)
        if key not in self._firings:
            event = Hit(0, 0, filters, 0, samples)
            alone = replace(self._stack, alarms=(alarm,), composite_alarms=())
            is_diluted = any(default is not None for _, default in added)
            self._firings[key] = _firing(_Bench(alone, alarm, event, is_diluted=is_diluted))
        return self._firings[key]

    def composites(self, alarm: MetricAlarm, hit: Hit, firing: Firing) -> frozenset[str]:
        """Names of the composite alarms that fire with ``alarm``."""
        above = self._above.above(alarm.alarm_name)
        if not above or firing.kind in ("never", "always"):
            return frozenset()
        key = (alarm.alarm_name, hit.filters, hit.samples)
        if key not in self._composites:
            bench = _Bench(self._above.around(alarm.alarm_name), alarm, hit)
            background = 1 if firing.kind == "quiet" else _BACKGROUND
            fired = bench.fired(bench.minutes(firing.events, firing.periods or 1), background)
            self._composites[key] = above & fired
        return self._composites[key]


class _Bench:
    """The alarms of a small stack, one of them in question, and one event, ready to be run.

    Unless it ``is_diluted``, other records publish nothing, and few of them do as well as many.
    """

    def __init__(
        self, stack: Stack, alarm: MetricAlarm, hit: Hit, *, is_diluted: bool = True
    ) -> None:
        self.alarm = alarm
        self.is_diluted = is_diluted
        self._stack = stack
        self._hit = hit
        self._period = max(1, alarm.period // 60)
        self._range = max(range_minutes(one) for one in stack.alarms) + 2
        # Whole periods, so that what is spread falls into one period each.
        self._begin = _START + -(-self._range // self._period) * self._period

    @property
    def periods(self) -> int:
        """How many periods the alarm looks at."""
        return self.alarm.evaluation_periods

    def minutes(self, events: int, periods: int = 1) -> list[int]:
        """The minutes of so many events in each of so many periods."""
        return [self._begin + n * self._period for n in range(periods) for _ in range(events)]

    def fires_for(self, events: int, background: int) -> bool:
        """Whether so many events within a minute set the alarm off."""
        return self.alarm.alarm_name in self.fired(self.minutes(events), background)

    def fires_spread(self, events: int, periods: int) -> bool:
        """Whether so many events in each of so many periods do."""
        return self.alarm.alarm_name in self.fired(self.minutes(events, periods), _BACKGROUND)

    def fired(self, minutes: Sequence[int], background: int) -> set[str]:
        """Names of the alarms that change into ALARM from the first event on."""
        begin = from_epoch(self._begin * 60)
        return {
            outcome.name
            for outcome in self._outcomes(minutes, background)
            if any(t.to_state == "ALARM" and t.time > begin for t in outcome.transitions)
        }

    def is_always_on(self) -> bool:
        """True for a lone alarm that is in ALARM, or gets there, without the event."""
        (outcome,) = self._outcomes((), _BACKGROUND)
        return any(t.to_state == "ALARM" for t in outcome.transitions)

    def _outcomes(self, minutes: Sequence[int], background: int) -> tuple[AlarmOutcome, ...]:
        monitor = Monitor(self._stack)
        monitor.observe(self._digest(minutes, background))
        monitor.finish()
        return monitor.alarm_outcomes()

    def _digest(self, minutes: Sequence[int], background: int) -> Digest:
        end = max(minutes, default=self._begin) + self._range
        step = max(1, self._period // _IN_PERIOD)
        is_busy = background > 1 and self.is_diluted
        every = range(_START, end, step) if is_busy else (_START, end)
        counts = Counter(dict.fromkeys(every, background))
        counts.update(minutes)
        hits = [
            Hit(number, minute * 60, self._hit.filters, 0, self._hit.samples)
            for number, minute in enumerate(minutes)
        ]
        return Digest(
            source="audit",
            counts=sorted(counts.items()),
            hits=hits,
            principals=["witness"],
            first=_START * 60,
            last=end * 60,
        )


def _nameless(alarm: MetricAlarm) -> MetricAlarm:
    """The alarm without what does not matter to when it fires: most stacks have many alike."""
    return replace(
        alarm,
        alarm_name="",
        namespace=None,
        metric_name=None,
        alarm_description=None,
        alarm_actions=(),
        ok_actions=(),
        insufficient_data_actions=(),
    )


def _added(feed: Feed, matched: Collection[int]) -> tuple[float | None, float | None]:
    """What the event adds through a filter, if that matches, and what any other record adds."""
    return feed.value if feed.filter in matched else None, feed.default


def _firing(bench: _Bench) -> Firing:
    if bench.is_always_on():
        return Firing("always")
    alarm = bench.alarm
    likely = ceil(min(alarm.threshold or 0, _MOST))
    for kind, background in _LOGS if bench.is_diluted else _LOGS[:1]:
        least = partial(bench.fires_for, background=background)
        if count := _least(least, _MOST, likely):
            return Firing(kind, count)
    likely = needed_to_alarm(alarm)
    for events in (1, max(1, _MOST // bench.periods)):
        periods = _least(partial(bench.fires_spread, events), bench.periods, likely)
        if periods:
            return Firing("spread", events, periods)
    return Firing("never")


def _least(holds: Callable[[int], bool], most: int, likely: int) -> int:
    """The least number up to ``most`` that ``holds``, 0 if none does.

    Once it holds it goes on holding: an alarm that a few events set off, more do as well.
    """
    if holds(1):
        return 1
    if 1 < likely <= most:
        if holds(likely):
            if not holds(likely - 1):
                return likely
        elif likely == most:
            return 0
    if not holds(most):
        return 0
    low, high = 1, most
    while high - low > 1:
        middle = max(low + 1, min(high - 1, isqrt(low * high)))  # small numbers are likelier
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high

"""The chain from an event to people: trail, log group, filter, metric, alarm, topic, subscriber."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trailwarden.alarms import MetricAlarm
from trailwarden.audit.answers import answer_of
from trailwarden.audit.feeding import Feeds
from trailwarden.audit.firing import Trials
from trailwarden.audit.model import Finding
from trailwarden.audit.scope import Scope
from trailwarden.audit.way import Ways, worst
from trailwarden.monitor.digest import Hit
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.model import MetricFilter, Stack


@dataclass(frozen=True, slots=True)
class Chain:
    """``findings`` are what is wrong with it, or not known; ``length`` says how far it gets."""

    findings: tuple[Finding, ...]
    length: int

    @property
    def is_broken(self) -> bool:
        return any(one.severity == "fail" for one in self.findings)


NO_FILTER = Chain((Finding("no-filter", "events", "fail", "no filter matches"),), 0)


def rank(chain: Chain) -> tuple[int, int]:
    """The best chain has the least: nothing wrong, or nothing known to be; then the longest."""
    return worst(chain.findings), -chain.length


class Chains:
    """Follows events through ``stack``. ``scope`` says what may be defined elsewhere."""

    def __init__(self, stack: Stack, scope: Scope) -> None:
        self._stack = stack
        self._scope = scope
        self._trials = Trials(stack)
        self._feeds = Feeds(stack, scope)
        self._ways = Ways(stack, scope)
        self._composites = {one.alarm_name: one for one in stack.composite_alarms}
        self._readers: defaultdict[int, list[MetricAlarm]] = defaultdict(list)
        for alarm in stack.alarms:
            for number in dict.fromkeys(
                feed.filter for feed in self._trials.feeds[alarm.alarm_name]
            ):
                self._readers[number].append(alarm)

    def readers(self, number: int) -> list[MetricAlarm]:
        """The alarms on the metrics of a filter."""
        return self._readers[number]

    def best(self, record: Mapping[str, Any], hit: Hit, filters: Iterable[int]) -> Chain:
        """The chain with the least wrong, of those that begin at ``filters`` of the event's hit."""
        return min(self._all(record, hit, filters), key=rank, default=NO_FILTER)

    def _all(self, record: Mapping[str, Any], hit: Hit, filters: Iterable[int]) -> Iterator[Chain]:
        for number in filters:
            metric_filter = self._stack.metric_filters[number]
            fed = self._feeds.of(metric_filter.log_group_name, record)
            if not self._readers[number]:
                yield Chain((*fed, self._unread(metric_filter)), 1)
            for alarm in self._readers[number]:
                yield self._of_alarm(alarm, hit, fed)

    def _unread(self, metric_filter: MetricFilter) -> Finding:
        name = quoted(metric_filter.filter_name)
        place = place_of_filter(self._stack, metric_filter)
        if self._scope.has_unread_alarms:
            return Finding(
                "no-alarm",
                "alarm",
                "unknown",
                f"no alarm that can be run reads the metric of the filter {name}",
                "see the notes for alarms that are not run",
                place,
            )
        return Finding(
            "no-alarm",
            "alarm",
            "fail",
            f"no alarm reads the metric of the filter {name}",
            "add an alarm on the same namespace and metric name, with the same dimensions",
            place,
        )

    def _of_alarm(self, alarm: MetricAlarm, hit: Hit, fed: tuple[Finding, ...]) -> Chain:
        firing = self._trials.firing(alarm, hit)
        answer = answer_of(self._stack, alarm, firing)
        if firing.kind in ("never", "always"):
            return Chain((*fed, *answer), 2)
        ways = [self._ways.of(alarm)]
        ways += [
            self._ways.of(self._composites[name])
            for name in sorted(self._trials.composites(alarm, hit, firing))
        ]
        return Chain((*fed, *answer, *min(ways, key=worst)), 3)

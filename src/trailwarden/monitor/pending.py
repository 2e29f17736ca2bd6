"""Samples that records have published and alarms have not seen yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from trailwarden.alarms import Dimensions, StatisticSet, is_publishable
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.minutes import MINUTES_PER_DAY, MinuteCounts

Series = tuple[int, Dimensions]  # filter number, dimensions


_NONE = MinuteCounts()


class Pending:
    """Per minute: records, matches per filter, and the values that records decide themselves."""

    def __init__(self) -> None:
        self.records = MinuteCounts()
        self._matches: defaultdict[int, MinuteCounts] = defaultdict(MinuteCounts)  # per filter
        # day → series → minute → samples
        self._values: defaultdict[int, defaultdict[Series, dict[int, StatisticSet]]]
        self._values = defaultdict(lambda: defaultdict(dict))

    def match(self, filter_number: int, minute: int) -> None:
        self._matches[filter_number].add(minute)

    def value(self, series: Series, minute: int, value: float) -> None:
        if not is_publishable(value):  # rule M-8; whoever writes the log may write any number
            return
        values = self._values[minute // MINUTES_PER_DAY][series]
        if minute not in values:
            values[minute] = StatisticSet()
        values[minute].add(value)

    def days(self) -> list[int]:
        """Days (since the epoch) that hold records, in order."""
        return self.records.days()

    def samples(self, feed: Feed, day: int) -> Iterator[tuple[int, StatisticSet]]:
        """What ``feed`` publishes on ``day``: (minute, samples), in order (rules D-1 to D-7)."""
        matches = self._matches.get(feed.filter, _NONE)
        own = self._values[day].get((feed.filter, feed.dimensions), {})
        if feed.default is None:
            if feed.value is not None:
                for minute, count in matches.of_day(day):
                    yield minute, _repeated(feed.value, count)
            else:
                yield from sorted(own.items())
            return
        for minute, count in self.records.of_day(day):
            matched = matches[minute]
            samples = _repeated(feed.default, count - matched)
            if feed.value is not None:
                samples.merge(_repeated(feed.value, matched))
            elif minute in own:
                samples.merge(own[minute])
            if samples.sample_count:
                yield minute, samples

    def drop_day(self, day: int) -> None:
        """Forget a day that every alarm has seen."""
        self.records.drop_day(day)
        for matches in self._matches.values():
            matches.drop_day(day)
        self._values.pop(day, None)


def _repeated(value: float, count: int) -> StatisticSet:
    samples = StatisticSet()
    if count > 0 and is_publishable(value):
        samples.add(value, count)
    return samples

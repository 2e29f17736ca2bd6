"""An alarm's metric for drawing: few enough points for a page, whatever the archive's span."""

from __future__ import annotations

from trailwarden.alarms import MetricAlarm, StatisticSet, statistic_of
from trailwarden.monitor.outcome import Datapoint
from trailwarden.times import from_epoch

MAX_POINTS = 1500


class Chart:
    """Datapoints of ``alarm`` in buckets that do not overlap, aligned to the epoch.

    When there are too many, neighbours are drawn as one: the one nearest to breaching, so that a
    point beyond the threshold never disappears.
    """

    def __init__(self, alarm: MetricAlarm) -> None:
        self._statistic = statistic_of(alarm)
        self._period = max(60, alarm.period)
        self._worse = min if alarm.comparison_operator.startswith("Less") else max
        self._open: dict[int, StatisticSet] = {}
        self._points: dict[int, float] = {}
        self._factor = 1

    def add(self, minute: int, samples: StatisticSet) -> None:
        """Add samples of ``minute`` (since the epoch)."""
        bucket = minute * 60 // self._period
        if bucket not in self._open:
            self._open[bucket] = StatisticSet()
        self._open[bucket].merge(samples)

    def close(self, minute: int) -> None:
        """Samples before ``minute`` are complete. Later additions make a bucket no less bad."""
        for bucket in [b for b in self._open if (b + 1) * self._period <= minute * 60]:
            self._draw(bucket, self._open.pop(bucket))

    def _draw(self, bucket: int, samples: StatisticSet) -> None:
        value = self._statistic.of(samples)
        if value is None:
            return
        self._keep(bucket // self._factor, value)
        while len(self._points) > MAX_POINTS:
            self._factor *= 2
            points, self._points = self._points, {}
            for place, point in points.items():
                self._keep(place // 2, point)

    def _keep(self, place: int, value: float) -> None:
        self._points[place] = self._worse(value, self._points.get(place, value))

    def drawn(self) -> tuple[tuple[Datapoint, ...], int]:
        """The datapoints, the oldest first, and the seconds that each of them stands for."""
        for bucket in sorted(self._open):
            self._draw(bucket, self._open.pop(bucket))
        width = self._period * self._factor
        points = sorted(self._points.items())
        return tuple(Datapoint(from_epoch(place * width), value) for place, value in points), width

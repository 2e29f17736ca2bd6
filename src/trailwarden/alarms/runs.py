"""What the datapoints of an alarm are (breaching, not, missing), in runs instead of one by one.

The datapoint at position ``u`` changes only where a sample enters its bucket (at the sample's own
position) and where it leaves (``width`` later). Sweeping over these events gives runs of positions
whose datapoints are alike. Silence costs nothing, and steady stretches little.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from trailwarden.alarms.buckets import Bucket
from trailwarden.alarms.evaluation import Decision
from trailwarden.alarms.model import MetricAlarm
from trailwarden.alarms.samples import Samples
from trailwarden.alarms.statistics import statistic_of
from trailwarden.alarms.sweep import Sweep


class Runs:
    """Runs of like datapoints, at the positions from ``first`` to as far as they were swept."""

    def __init__(self, alarm: MetricAlarm, samples: Samples, width: int, first: int) -> None:
        self._samples = samples
        self._width = width
        self._statistic = statistic_of(alarm)
        self._decision = Decision.of(alarm)
        self._minds_low = alarm.evaluate_low_sample_count_percentile == "ignore"
        self._base = first - 1  # nobody asks for this position and those before
        self._swept = self._base
        self._sweep: Sweep | None = None  # at _swept, unless it has to be begun anew
        # A run begins at starts[i] and its datapoints are spelled kinds[i].
        self._starts: list[int] = []
        self._kinds: list[bytes] = []

    # --- asking --------------------------------------------------------------------------
    def changes(self, low: int, high: int) -> Sequence[int]:
        """The positions from ``low`` to ``high`` whose datapoint differs from the one before."""
        starts = self._starts
        return starts[bisect_left(starts, low) : bisect_right(starts, high)]

    def spell(self, low: int, high: int) -> bytes:
        """One byte for each position from ``low`` to ``high``."""
        pieces = []
        place = bisect_right(self._starts, low) - 1
        while low <= high:
            following = self._starts[place + 1] if place + 1 < len(self._starts) else high + 1
            end = min(following, high + 1)
            pieces.append(self._kinds[place] * (end - low))
            low, place = end, place + 1
        return b"".join(pieces)

    # --- keeping up ----------------------------------------------------------------------
    def rewind(self, position: int) -> None:
        """Samples were added at ``position``: what was swept from there on is void."""
        if position <= self._swept:
            self._swept = max(self._base, position - 1)
            self._sweep = None
            end = bisect_right(self._starts, self._swept)
            del self._starts[end:], self._kinds[end:]

    def forget(self, first: int) -> None:
        """From now on nobody asks for positions before ``first``: their samples are dropped."""
        self._base = max(self._base, min(first - 1, self._swept))
        end = bisect_right(self._starts, self._base) - 1
        if end > 0:
            del self._starts[:end], self._kinds[:end]
        dropped = self._samples.drop_until(self._base - self._width)
        if self._sweep is not None:
            self._sweep.shift(dropped)

    def sweep(self, limit: int) -> None:
        """Go on to ``limit``."""
        if limit <= self._swept:
            return
        if self._sweep is None:
            self._sweep = Sweep(self._samples, self._width, self._statistic, self._swept)
            self._note(self._swept, self._sweep.bucket)
        for position in self._sweep.events(limit, skip=not self._minds_low):
            self._note(position, self._sweep.bucket)
        self._swept = limit

    def _note(self, position: int, bucket: Bucket) -> None:
        value = bucket.value()
        is_low = self._minds_low and self._statistic.lacks_samples(bucket.sample_count)
        kind = self._decision.spell(value, is_low)
        if not self._kinds or self._kinds[-1] != kind:
            self._starts.append(position)
            self._kinds.append(kind)

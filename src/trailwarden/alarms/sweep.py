"""Sliding a bucket along a metric, from one change of its content to the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from trailwarden.alarms.buckets import Bucket, bucket_for
from trailwarden.alarms.samples import Samples
from trailwarden.alarms.statistics import Statistic

_NEVER = 1 << 62
_WORTH_IT = 8


class Sweep:
    """A bucket of ``width`` positions, which now ends at ``position``.

    ``bucket`` holds the samples whose positions are in ``(position - width, position]``.
    """

    def __init__(self, samples: Samples, width: int, statistic: Statistic, position: int) -> None:
        self._positions, self._sets = samples.positions, samples.sets
        self._width = width
        self._statistic = statistic
        # Places in the samples: inside the bucket are those from _leaving to before _entering.
        self._entering = bisect_right(self._positions, position)
        self._leaving = bisect_right(self._positions, position - width)
        self._alike_from = self._leaving  # from there on all samples inside have one value
        for place in range(self._leaving, self._entering):
            self._look(place)
        self.bucket = self._filled()

    def events(self, limit: int, *, skip: bool) -> Iterator[int]:
        """Slide on to ``limit``, stopping at each position where samples enter or leave.

        With ``skip``, stretches are passed over in which the statistic cannot change.
        """
        looked_until = 0
        while True:
            if skip and self._entering >= looked_until and self._is_steady():
                looked_until = self._steady_until(limit)
                inside = self._entering - self._leaving
                if looked_until - self._entering > 2 * inside + _WORTH_IT:
                    self._jump(looked_until)
            position = self._next()
            if position > limit:
                return
            self._step(position)
            yield position

    def _next(self) -> int:
        positions, entering, leaving = self._positions, self._entering, self._leaving
        enters = positions[entering] if entering < len(positions) else _NEVER
        leaves = positions[leaving] + self._width if leaving < entering else _NEVER
        return min(enters, leaves)

    def _step(self, position: int) -> None:
        positions, sets = self._positions, self._sets
        while self._leaving < self._entering and (
            positions[self._leaving] + self._width == position
        ):
            self.bucket.leave(sets[self._leaving])
            self._leaving += 1
        while self._entering < len(positions) and positions[self._entering] == position:
            self.bucket.enter(sets[self._entering])
            self._look(self._entering)
            self._entering += 1

    # --- steady stretches ----------------------------------------------------------------
    def _look(self, place: int) -> None:
        samples = self._sets[place]
        if samples.minimum != samples.maximum:
            self._alike_from = place + 1
        elif place > self._alike_from and samples.minimum != self._sets[place - 1].minimum:
            self._alike_from = place

    def _is_steady(self) -> bool:
        """True where all samples inside have one value, and how many they are does not matter."""
        return self._alike_from <= self._leaving < self._entering and self._statistic.is_steady(
            self._sets[self._leaving].minimum
        )

    def _steady_until(self, limit: int) -> int:
        """The place up to which the sets bring nothing new and leave the bucket never empty."""
        sets, positions, width = self._sets, self._positions, self._width
        value, last = sets[self._leaving].minimum, positions[self._entering - 1]
        for place in range(self._entering, len(sets)):
            samples, position = sets[place], positions[place]
            if samples.minimum != value or samples.maximum != value:
                return place
            if position - last > width or position > limit:
                return place
            last = position
        return len(sets)

    def _jump(self, place: int) -> None:
        self._entering = place
        self._leaving = bisect_right(self._positions, self._positions[place - 1] - self._width)
        self.bucket = self._filled()

    def _filled(self) -> Bucket:
        bucket = bucket_for(self._statistic)
        for samples in self._sets[self._leaving : self._entering]:
            bucket.enter(samples)
        return bucket

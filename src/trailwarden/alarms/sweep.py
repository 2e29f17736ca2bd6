"""Sliding a bucket along a metric, from one change of its content to the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from trailwarden.alarms.buckets import Bucket, bucket_for
from trailwarden.alarms.samples import Samples
from trailwarden.alarms.statistics import Statistic

_NEVER = 1 << 62


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
        self._looked_until = 0
        self._bucket: Bucket | None = None

    @property
    def bucket(self) -> Bucket:
        """The bucket, filled when it is asked for."""
        if self._bucket is None:
            self._bucket = bucket_for(self._statistic)
            for samples in self._sets[self._leaving : self._entering]:
                self._bucket.enter(samples)
        return self._bucket

    def shift(self, dropped: int) -> None:
        """So many of the first sets were dropped; none of them is inside."""
        self._entering -= dropped
        self._leaving -= dropped
        self._alike_from -= dropped
        self._looked_until -= dropped

    def events(self, limit: int, *, skip: bool) -> Iterator[int]:
        """Slide on to ``limit``, stopping at each position where samples enter or leave.

        With ``skip``, stretches are passed over in which the statistic cannot change.
        """
        while True:
            if skip and self._entering >= self._looked_until and self._is_steady():
                self._skip(limit)
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
        positions, sets, bucket = self._positions, self._sets, self.bucket
        while self._leaving < self._entering and (
            positions[self._leaving] + self._width == position
        ):
            bucket.leave(sets[self._leaving])
            self._leaving += 1
        while self._entering < len(positions) and positions[self._entering] == position:
            bucket.enter(sets[self._entering])
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

    def _skip(self, limit: int) -> None:
        self._looked_until = self._steady_until(limit)
        inside = self._entering - self._leaving
        # Sliding a filled bucket on may be cheaper than to fill one again.
        if self._bucket is None or self._looked_until - self._entering > inside:
            if self._looked_until > self._entering:
                self._bucket = None
            self._entering = self._looked_until
            last = self._positions[self._entering - 1]
            self._leaving = bisect_right(self._positions, last - self._width)

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

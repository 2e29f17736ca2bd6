"""Samples of a metric, aggregated: mergeable in any order with identical results."""

from __future__ import annotations

from dataclasses import dataclass

_LARGEST_VALUE = 2.0**360  # rule M-8


def is_publishable(value: float) -> bool:
    """True for numbers that CloudWatch accepts as a sample (rule M-8): NaN is none."""
    return -_LARGEST_VALUE <= value <= _LARGEST_VALUE


@dataclass(slots=True)
class StatisticSet:
    """Samples of one metric in one stretch of time.

    The sum is kept exactly, as ``numerator / 2**scale``, so that the order of adding and merging
    never matters (rule T-9). ``values`` counts the samples per value; it is None where that is not
    known, and also where all samples are equal, since then it follows from the rest. Percentiles
    need the values; without them ``keeps_values=False`` saves memory.
    """

    keeps_values: bool = True
    sample_count: int = 0
    minimum: float = 0.0
    maximum: float = 0.0
    numerator: int = 0
    scale: int = 0
    values: dict[float, int] | None = None

    @classmethod
    def of(cls, sample_count: int, total: float, minimum: float, maximum: float) -> StatisticSet:
        """A statistic set as PutMetricData takes it (rule M-9). Raises ValueError.

        One sample is known from the sum, equal samples from the extremes (rule T-5); what else is
        said of such a set does not count.
        """
        is_possible = sample_count >= 1 and minimum <= maximum
        if not is_possible or not all(map(is_publishable, (total, minimum, maximum))):
            raise ValueError("a statistic set needs samples, finite values, and minimum <= maximum")
        made = cls()
        if sample_count > 1 and minimum == maximum:
            made.add(minimum, sample_count)
            return made
        made.add(total)
        made.sample_count = sample_count
        if sample_count > 1:
            made.minimum, made.maximum = minimum + 0.0, maximum + 0.0
        return made

    @property
    def sum(self) -> float:
        """The exact sum, rounded once."""
        return self.numerator / (1 << self.scale)

    def add(self, value: float, count: int = 1) -> None:
        """Add ``count`` samples of ``value``. Raises ValueError for what CloudWatch refuses."""
        if not is_publishable(value) or count < 0:
            raise ValueError(f"not a sample that CloudWatch accepts: {value!r} x {count}")
        if not count:
            return
        number = value + 0.0  # makes -0.0 an ordinary zero
        top, bottom = number.as_integer_ratio()
        self._take_values(count, number, number, None)
        self._take_sum(top * count, bottom.bit_length() - 1)

    def merge(self, other: StatisticSet) -> None:
        """Add the samples of ``other``, which stays as it is."""
        if other.sample_count:
            self._take_values(other.sample_count, other.minimum, other.maximum, other.values)
            self._take_sum(other.numerator, other.scale)

    def counts(self) -> dict[float, int] | None:
        """Samples per value, or None where that is not known. Do not change it."""
        if self.values is None and self.sample_count and self.minimum == self.maximum:
            return {self.minimum: self.sample_count}
        return self.values if self.sample_count else {}

    def _take_sum(self, numerator: int, scale: int) -> None:
        if scale > self.scale:
            self.numerator <<= scale - self.scale
            self.scale = scale
        self.numerator += numerator << (self.scale - scale)

    def _take_values(
        self, count: int, low: float, high: float, values: dict[float, int] | None
    ) -> None:
        if not self.sample_count:
            self.minimum, self.maximum = low, high
            self.values = dict(values) if values is not None and self.keeps_values else None
        elif not low == high == self.minimum == self.maximum:
            if self.keeps_values:
                self.values = self._with(count, low, high, values)
            self.minimum = min(self.minimum, low)
            self.maximum = max(self.maximum, high)
        self.sample_count += count

    def _with(
        self, count: int, low: float, high: float, values: dict[float, int] | None
    ) -> dict[float, int] | None:
        """The counts per value after taking in others; None where some are not known."""
        mine = self.counts()
        if mine is None or (values is None and low != high):
            return None
        for value, number in ({low: count} if values is None else values).items():
            mine[value] = mine.get(value, 0) + number
        return mine

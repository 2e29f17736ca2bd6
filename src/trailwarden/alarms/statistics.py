"""Statistics of a period's samples (rules T-1 to T-8, E-30)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

from trailwarden.alarms.datapoints import StatisticSet
from trailwarden.alarms.model import MetricAlarm

SIMPLE_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_NUMBER = r"\d{1,300}(?:\.\d{1,10})?"
_PERCENT = r"(?:100(?:\.0{1,10})?|\d{1,2}(?:\.\d{1,10})?)"
_SHORT = re.compile(rf"(p|tm|tc|ts|wm)({_PERCENT})", re.ASCII)
_PERCENT_RANGE = re.compile(rf"(TM|TC|TS|WM)\((?:({_PERCENT})%)?:(?:({_PERCENT})%)?\)", re.ASCII)
_VALUE_RANGE = re.compile(rf"(TM|TC|TS|WM|PR)\(({_NUMBER})?:({_NUMBER})?\)", re.ASCII)

_PLAIN_BITS = 20  # then a sum of 2**33 of them is exact

_Pair = tuple[float, int]  # value, how many samples have it


class Statistic:
    """Something computed from the samples of a period."""

    __slots__ = ()

    def of(self, samples: StatisticSet) -> float | None:
        """The statistic's value, None where it is not available."""
        raise NotImplementedError

    def is_steady(self, value: float) -> bool:
        """True where samples that all equal ``value`` give one result, however many they are."""
        raise NotImplementedError

    def lacks_samples(self, sample_count: int) -> bool:
        """True where so few samples say little about a percentile (rule E-30)."""
        del sample_count
        return False


@dataclass(frozen=True, slots=True)
class Simple(Statistic):
    """One of the five that every statistic set carries (rule T-1)."""

    name: str

    def of(self, samples: StatisticSet) -> float | None:
        if not samples.sample_count:
            return None
        if self.name == "Sum":
            return samples.sum
        if self.name == "Average":
            return samples.sum / samples.sample_count
        if self.name == "SampleCount":
            return float(samples.sample_count)
        return samples.minimum if self.name == "Minimum" else samples.maximum

    def is_steady(self, value: float) -> bool:
        if self.name == "Average":
            return _has_plain_mean(value)
        return self.name in ("Minimum", "Maximum") or (self.name == "Sum" and value == 0)


class OfValues(Statistic):
    """A statistic that needs the single values (rule T-5)."""

    __slots__ = ()

    def of(self, samples: StatisticSet) -> float | None:
        counts = samples.counts()
        return None if counts is None else self.of_counts(counts, samples.sample_count)

    def of_counts(self, counts: dict[float, int], total: int) -> float | None:
        """The value for ``total`` samples, counted per value."""
        pairs = sorted(counts.items())
        return self.of_sorted(pairs, total) if pairs and pairs[0][0] >= 0 else None

    def of_sorted(self, pairs: list[_Pair], total: int) -> float | None:
        raise NotImplementedError

    def is_steady(self, value: float) -> bool:
        del value
        return True


@dataclass(frozen=True, slots=True)
class Percentile(OfValues):
    """``pX`` by nearest rank, in exact arithmetic (rule T-6)."""

    percent: Fraction

    def of_sorted(self, pairs: list[_Pair], total: int) -> float | None:
        rank = max(1, ceil(self.percent * total / 100))
        return _drop(pairs, rank - 1)[0][0]

    def lacks_samples(self, sample_count: int) -> bool:
        part = self.percent / 100
        return sample_count * (1 - part if part >= Fraction(1, 2) else part) < 10


@dataclass(frozen=True, slots=True)
class PercentTrimmed(OfValues):
    """``TM``, ``TC``, ``TS`` and ``WM`` between percentages (rules T-4 and T-7)."""

    kind: str
    lower: Fraction
    upper: Fraction

    def of_sorted(self, pairs: list[_Pair], total: int) -> float | None:
        below = int(self.lower * total / 100)
        above = int((100 - self.upper) * total / 100)
        kept = _drop(_drop(pairs, below)[::-1], above)[::-1]
        if self.kind == "WM" and kept:
            kept = [(kept[0][0], below), *kept, (kept[-1][0], above)]
        return _of_kept(self.kind, kept)

    def is_steady(self, value: float) -> bool:
        return self.kind in ("TM", "WM") and _has_plain_mean(value)


@dataclass(frozen=True, slots=True)
class ValueTrimmed(OfValues):
    """``TM``, ``TC``, ``TS``, ``WM`` and ``PR`` between values: lower < x <= upper (rule T-3)."""

    kind: str
    lower: float | None
    upper: float | None

    def of_sorted(self, pairs: list[_Pair], total: int) -> float | None:
        if self.kind == "WM":
            return _of_kept("WM", [(self._clamped(value), count) for value, count in pairs])
        kept = [pair for pair in pairs if self._keeps(pair[0])]
        if self.kind == "PR":
            return 100 * sum(count for _, count in kept) / total
        return _of_kept(self.kind, kept)

    def _keeps(self, value: float) -> bool:
        return self._clamped(value) == value != self.lower

    def _clamped(self, value: float) -> float:
        if self.lower is not None and value < self.lower:
            return self.lower
        return self.upper if self.upper is not None and value > self.upper else value

    def is_steady(self, value: float) -> bool:
        if self.kind == "WM":
            return _has_plain_mean(self._clamped(value))
        return self.kind == "PR" or (self.kind == "TM" and _has_plain_mean(value))


def _drop(pairs: list[_Pair], number: int) -> list[_Pair]:
    """``pairs`` without the first ``number`` samples."""
    for position, (value, count) in enumerate(pairs):
        if number < count:
            return [(value, count - number), *pairs[position + 1 :]]
        number -= count
    return []


def _has_plain_mean(value: float) -> bool:
    """True where any number of such samples have exactly this mean, though sums are rounded."""
    return value.as_integer_ratio()[0].bit_length() <= _PLAIN_BITS


def _of_kept(kind: str, kept: Iterable[_Pair]) -> float | None:
    samples = StatisticSet(keeps_values=False)
    for value, count in kept:
        samples.add(value, count)
    if kind == "TC":
        return float(samples.sample_count)
    if kind == "TS":
        return samples.sum
    return samples.sum / samples.sample_count if samples.sample_count else None


@lru_cache(maxsize=1024)
def parse_statistic(text: str) -> Statistic:
    """Read ``Sum``, ``p99.9``, ``TM(10%:90%)``, ``IQM`` … (rule T-2). Raises ValueError."""
    if text in SIMPLE_STATISTICS:
        return Simple(text)
    if text == "IQM":
        return PercentTrimmed("TM", Fraction(25), Fraction(75))
    if found := _SHORT.fullmatch(text):
        percent = Fraction(found[2])
        if found[1] == "p":
            return Percentile(percent)
        return PercentTrimmed(found[1].upper(), Fraction(0), percent)
    if found := _PERCENT_RANGE.fullmatch(text):
        bounds = _bounds(found)
        return PercentTrimmed(found[1], Fraction(bounds[0] or 0), Fraction(bounds[1] or 100))
    if found := _VALUE_RANGE.fullmatch(text):
        lower, upper = _bounds(found)
        return ValueTrimmed(
            found[1],
            None if lower is None else float(lower),
            None if upper is None else float(upper),
        )
    raise ValueError(f"{text!r} is not a statistic")


def _bounds(found: re.Match[str]) -> tuple[str | None, str | None]:
    lower, upper = found[2], found[3]
    if lower is None and upper is None:
        raise ValueError(f"{found[0]!r} has neither a lower nor an upper bound")
    if lower is not None and upper is not None and Fraction(lower) >= Fraction(upper):
        raise ValueError(f"{found[0]!r} has a lower bound that is not below the upper one")
    return lower, upper


def statistic_of(alarm: MetricAlarm) -> Statistic:
    """The statistic that ``alarm`` compares with its threshold. Raises ValueError."""
    return parse_statistic(alarm.extended_statistic or alarm.statistic or "")

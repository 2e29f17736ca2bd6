"""Statistics of samples, and sets of them that merge in any order (rules M-9, T-1 to T-9)."""

from __future__ import annotations

import random
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alarms import naive
from trailwarden.alarms import Statistic, StatisticSet, is_publishable, parse_statistic

FLOATS = st.floats(-(2.0**360), 2.0**360)
SAMPLES = st.lists(st.tuples(FLOATS | st.sampled_from([0.0, 1.0, 0.1]), st.integers(1, 3)))
NAMES = [*naive.SIMPLE, *naive.OF_VALUES]


def _set(pairs: list[tuple[float, int]]) -> StatisticSet:
    made = StatisticSet()
    for value, count in pairs:
        made.add(value, count)
    return made


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50, deadline=None)
@given(values=st.lists(st.sampled_from([0.0, 0.1, 0.7, 1.0, 2.0, 5.5, 1e6]), max_size=30))
def test_statistics_equal_their_definition(name: str, values: list[float]) -> None:
    samples = _set([(value, 1) for value in values])
    assert parse_statistic(name).of(samples) == naive.statistic(name, values)


@settings(max_examples=150, deadline=None)
@given(SAMPLES, st.randoms(use_true_random=False), st.booleans())
def test_order_and_portions_do_not_matter(
    pairs: list[tuple[float, int]], rng: random.Random, keeps_values: bool
) -> None:
    shuffled = list(pairs)
    rng.shuffle(shuffled)
    parts = [_set([pair]) for pair in shuffled]
    while len(parts) > 1:
        other = parts.pop(rng.randrange(len(parts)))
        parts[rng.randrange(len(parts))].merge(other)
    merged = StatisticSet(keeps_values=keeps_values)
    for part in parts:
        merged.merge(part)
    whole = _set(pairs)
    for name in naive.SIMPLE:
        assert parse_statistic(name).of(merged) == parse_statistic(name).of(whole)
    if keeps_values:
        assert merged.counts() == whole.counts()


def test_merging_leaves_the_other_set_alone() -> None:
    one, other = _set([(1.0, 1)]), _set([(2.0, 1), (3.0, 1)])
    one.merge(other)
    one.add(4.0)
    assert other.counts() == {2.0: 1, 3.0: 1}
    assert one.counts() == {1.0: 1, 2.0: 1, 3.0: 1, 4.0: 1}


def test_sums_are_exact() -> None:
    """Rule T-9."""
    assert _set([(0.1, 10)]).sum == 1.0
    assert _set([(1e100, 1), (1.0, 1), (-1e100, 1)]).sum == 1.0


@pytest.mark.parametrize("value", [nan, inf, -inf, 2.0**361])
def test_what_is_no_sample(value: float) -> None:
    """Rule M-8."""
    assert not is_publishable(value)
    with pytest.raises(ValueError, match="not a sample"):
        StatisticSet().add(value)


def test_negative_zero_is_zero() -> None:
    assert str(_set([(-0.0, 1)]).minimum) == "0.0"


# --- statistic sets (rules M-9 and T-5) ------------------------------------------------------
def test_values_of_a_statistic_set_are_not_known() -> None:
    samples = StatisticSet.of(3, 11.0, 2.0, 5.0)
    assert samples.counts() is None
    samples.merge(_set([(1.0, 1)]))
    assert samples.counts() is None
    assert parse_statistic("Average").of(samples) == 3.0
    assert parse_statistic("Minimum").of(samples) == 1.0


def test_one_sample_and_equal_samples_are_known() -> None:
    assert StatisticSet.of(1, 7.0, 0.0, 9.0).counts() == {7.0: 1}
    assert StatisticSet.of(4, 20.0, 5.0, 5.0).counts() == {5.0: 4}


@pytest.mark.parametrize(
    "given", [(0, 1.0, 1.0, 1.0), (2, 3.0, 2.0, 1.0), (2, nan, 1.0, 2.0), (2, 3.0, 1.0, inf)]
)
def test_impossible_statistic_sets(given: tuple[int, float, float, float]) -> None:
    with pytest.raises(ValueError, match="statistic set"):
        StatisticSet.of(*given)


# --- names (rule T-2) ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        *("p0", "p100", "p99.9999999999", "tm0.5", "tc50", "ts99", "wm98", "IQM", "PR(:300)"),
        *("TM(10%:90%)", "TM(:90%)", "TC(0.005:0.030)", "TS(80%:)", "WM(80:95)", "PR(100:2000)"),
    ],
)
def test_known_forms(text: str) -> None:
    assert isinstance(parse_statistic(text), Statistic)


@pytest.mark.parametrize(
    "text",
    [
        *("", "sum", "p", "p101", "p-1", "p99.99999999999", "P99", "tm101", "TM(:)", "xx5", "p50 "),
        *(
            "TM(90%:10%)",
            "TM(10:90%)",
            "PR(10%:90%)",
            "PR(:)",
            "TM(10%:110%)",
            "IQM(1:2)",
            "p\uff19",
        ),
    ],
)
def test_unknown_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a statistic|bound"):
        parse_statistic(text)

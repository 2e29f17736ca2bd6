from __future__ import annotations

import random
from array import array
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.errors import UsageError
from trailwarden.trail import SeenIds
from trailwarden.trail.keyset import KEY_COST
from trailwarden.trail.seen import DEFAULT_BUDGET


class PlainSet:
    """What SeenIds must answer."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int]] = set()

    def check(self, keys: list[int], minutes: list[int]) -> list[int]:
        copies = []
        for position, (key, minute) in enumerate(zip(keys, minutes, strict=True)):
            if not key or minute == -2:
                continue
            if (minute // 60, key) in self.seen:
                copies.append(position)
            self.seen.add((minute // 60, key))
        return copies


def pairs(keys: list[int]) -> array[int]:
    """Keys of two halves each; that of nobody stays so."""
    found: array[int] = array("Q")
    for key in keys:
        found.extend((key and (key & 0xFFFF) + 1, key))
    return found


def both(seen: SeenIds, plain: PlainSet, rows: list[tuple[int, int]]) -> None:
    keys, minutes = [key for key, _ in rows], [minute for _, minute in rows]
    assert seen.check(pairs(keys), array("q", minutes)) == plain.check(keys, minutes)


# Few keys, so that there are copies; and keys that differ only in their last or first bits.
KEYS = st.integers(0, 40) | st.integers(1, 30).map(lambda n: n << 59) | st.integers(0, 2**64 - 1)
MINUTES = st.sampled_from((-2, -1, 0, 59, 60, 61, 28_000_000, 28_000_059, 28_000_060))
BATCH = st.lists(st.tuples(KEYS, MINUTES), max_size=40)
TWO_HOURS = st.lists(
    st.tuples(KEYS, st.sampled_from((28_000_018, 28_000_019, 28_000_020, 28_000_079))), max_size=40
)
ONE_HOUR = st.lists(st.tuples(KEYS, st.just(28_000_000)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(BATCH | ONE_HOUR | TWO_HOURS, max_size=12),
    st.sampled_from((0, 2_000, 20_000, 96 << 20)),
)
def test_the_answers_are_those_of_a_plain_set(
    batches: list[list[tuple[int, int]]], budget: int
) -> None:
    plain = PlainSet()
    with SeenIds(budget) as seen:
        for rows in batches:
            both(seen, plain, rows)


@pytest.mark.parametrize("budget", [0, 50_000, 500_000])
def test_much_more_than_the_budget_is_remembered(budget: int) -> None:
    chance = random.Random(7)
    keys = [chance.getrandbits(64) for _ in range(30_000)]
    plain = PlainSet()
    with SeenIds(budget) as seen:
        for start in range(0, 30_000, 1_000):
            fresh = [
                (key, start // 10 + chance.randrange(60)) for key in keys[start : start + 1_000]
            ]
            again = [(chance.choice(keys), chance.randrange(3_000)) for _ in range(100)]
            both(seen, plain, fresh + again)
        for start in range(0, 30_000, 3_000):  # all once more, in another order of hours
            both(seen, plain, [(key, (start // 10) % 3_000) for key in keys[start : start + 3_000]])


def test_one_hour_may_hold_everything() -> None:
    chance = random.Random(8)
    plain = PlainSet()
    with SeenIds(100_000) as seen:
        for _ in range(40):
            both(seen, plain, [(chance.getrandbits(12) << 52 | 5, 600) for _ in range(500)])


def test_memory_stays_within_the_budget() -> None:
    budget = 400_000
    chance = random.Random(9)
    with SeenIds(budget) as seen:
        for hour in range(200):
            seen.check(array("Q", chance.randbytes(16_000)), array("q", [hour * 60]) * 1_000)
            assert sum(len(p) * KEY_COST for p in seen._resident) == seen._cost
            assert seen._cost <= budget
        assert seen._file is not None
        assert seen._file._end <= 200 * 1_024 * 16 * 2


def test_what_is_rewritten_reuses_its_place() -> None:
    chance = random.Random(10)
    with SeenIds(20_000) as seen:
        for _ in range(300):
            rows = [(chance.getrandbits(64), chance.randrange(20) * 60) for _ in range(20)]
            seen.check(pairs([k for k, _ in rows]), array("q", [m for _, m in rows]))
        assert seen._file is not None
        assert seen._file._end <= 6_000 * 16 * 4


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with SeenIds(0) as seen, pytest.raises(UsageError, match="No space left"):
        seen.check(pairs(list(range(1, 100))), array("q", [0]) * 99)


def test_the_temporary_file_goes_with_it() -> None:
    with SeenIds(0) as seen:
        seen.check(pairs(list(range(1, 100))), array("q", [0]) * 99)
        assert seen._file is not None
        file = seen._file._file
        assert not file.closed
    assert file.closed


@pytest.mark.parametrize("budget", [DEFAULT_BUDGET, 20_000])
def test_forgotten_hours_are_news_again_and_give_up_their_memory(budget: int) -> None:
    with SeenIds(budget) as seen:
        for hour in range(10):
            keys = pairs(list(range(hour * 1000 + 1, hour * 1000 + 501)))
            assert seen.check(keys, array("q", [hour * 60] * 500)) == []
        seen.forget(5 * 60 + 59)  # within the sixth hour: that one stays
        old, kept = pairs([4001]), pairs([5001])
        assert seen.check(old, array("q", [4 * 60])) == []
        assert seen.check(kept, array("q", [5 * 60])) == [0]
        assert len(seen._roots) == 6


def test_one_id_with_another_content_is_noticed_and_no_copy() -> None:
    with SeenIds() as seen:
        assert seen.check(array("Q", [7, 1, 8, 1]), array("q", [60, 60])) == []
        assert seen.others == []
        again = array("Q", [7, 1, 7, 2, 8, 3, 0, 0, 0, 0])
        assert seen.check(again, array("q", [60, 60, 6_000, 60, 60])) == [0]
        assert seen.others == [1, 2]


def test_one_id_with_any_number_of_contents_is_split_all_the_same() -> None:
    with SeenIds(0) as seen:
        keys = array("Q", [half for n in range(5_000) for half in (7, n << 48)])
        assert seen.check(keys, array("q", [60]) * 5_000) == []
        assert seen.check(keys, array("q", [60]) * 5_000) == list(range(5_000))

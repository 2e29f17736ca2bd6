"""Key sets and the search for gzip members, compiled and in Python."""

from __future__ import annotations

import shutil
from array import array
from itertools import chain
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.speedups.conftest import needs_extension, without_extension
from trailwarden.trail import compression, keyset

HALVES = st.integers(0, 3) | st.integers(0, 2**64 - 1)
KEYS = st.tuples(HALVES, HALVES)
MAGIC = b"\x1f\x8b\x08"


@pytest.fixture(params=["compiled", "python"])
def keysets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == "compiled":
        return keyset
    return without_extension("trailwarden.trail.keyset", monkeypatch)


def test_the_extension_is_there_where_it_can_be_built() -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    import trailwarden._speedups  # noqa: F401


@given(batches=st.lists(st.lists(KEYS, max_size=60), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_key_set_answers_like_a_set(keysets: Any, batches: list[list[tuple[int, int]]]) -> None:
    made, expected = keysets.KeySet(7), set[tuple[int, int]]()
    for batch in batches:
        copies = []
        for position, key in enumerate(batch):
            if key in expected:
                copies.append(position)
            elif key[0]:
                expected.add(key)
        assert made.add(array("Q", chain.from_iterable(batch)).tobytes()) == copies
        assert len(made) == len(expected)
    halves = array("Q", made.keys())
    assert sorted(zip(halves[0::2], halves[1::2], strict=True)) == sorted(expected)


@needs_extension
def test_a_large_key_set() -> None:
    made = keyset.KeySet(1)
    keys = array("Q", range(1, 600_001))
    assert made.add(keys.tobytes()) == []
    assert made.add(keys.tobytes()) == list(range(300_000))


@given(
    pieces=st.lists(st.sampled_from([MAGIC, b"\x1f", b"\x8b", b"\x08", b"x" * 15]), max_size=12),
    start=st.integers(0, 40),
)
def test_members_are_found_like_bytes(pieces: list[bytes], start: int) -> None:
    data = b"".join(pieces)
    assert compression.find_gzip_member(data, start) == data.find(MAGIC, start)


def test_members_are_found_without_the_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    module = without_extension("trailwarden.trail.compression", monkeypatch)
    assert module.find_gzip_member(b"xx" + MAGIC, 0) == 2

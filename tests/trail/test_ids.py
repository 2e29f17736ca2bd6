from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.trail import hash_ids

UUIDS = st.uuids().map(str)
ODD = (
    st.text(max_size=40)
    | st.none()
    | st.integers()
    | st.lists(st.text(max_size=2), max_size=2)
    # almost a UUID: a character replaced
    | st.tuples(UUIDS, st.integers(0, 35), st.sampled_from("-g \u0660Aé")).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]
    )
)


def test_the_keys_are_the_same_everywhere() -> None:
    assert list(hash_ids(["01234567-89ab-cdef-fedc-ba9876543210"])) == [0xFFFFFFFFFFFFFFFF]
    assert list(hash_ids(["aead9f1c-13e0-44bb-8f2c-3f2f3f3b9c11"])) == [0x2181A0332CDBD8AA]
    assert list(hash_ids(["event-1"])) == [0x1D4103BFFB51791D]


def test_what_is_no_id_has_no_key() -> None:
    assert list(hash_ids([None, "", 7, ["x"], {}, b"x"])) == [0] * 6
    assert hash_ids([]) == array("Q")


def test_no_id_has_the_key_of_none() -> None:
    twins = "01234567-89ab-cdef-0123-456789abcdef"
    assert list(hash_ids([twins])) == [1]
    assert list(hash_ids([twins, None])) == [1, 0]


@pytest.mark.parametrize(
    "ids",
    [
        # The joined text looks like two UUIDs, the parts do not.
        ["1" + "01234567-89ab-cdef-0123-456789abcde", "1234567-89ab-cdef-0123-456789abcdef0"],
        ["01234567-89ab-cdef-0123-456789abcde", "f01234567-89ab-cdef-0123-456789abcdef"],
        ["01234567-89ab-cdef-0123-4567 9abcdef", "01234567-89ab-cdef-0123-456789abcdef"],
        ["01234567-89ab-cdef-0123-45678-abcdef", "01234567-89ab-cdef-0123-456789abcdef"],
    ],
)
def test_near_uuids_do_not_confuse_their_neighbours(ids: list[str]) -> None:
    assert list(hash_ids(ids)) == [hash_ids([one])[0] for one in ids]


@given(st.lists(UUIDS | ODD, max_size=20))
def test_a_key_does_not_depend_on_the_neighbours(ids: list[object]) -> None:
    assert list(hash_ids(ids)) == [hash_ids([one, None])[0] for one in ids]


@given(st.lists(UUIDS, min_size=1, max_size=50))
def test_the_batch_agrees_with_the_single_id(ids: list[str]) -> None:
    assert list(hash_ids(ids)) == [hash_ids([one, None])[0] for one in ids]


@given(st.sets(UUIDS | st.text(min_size=1, max_size=20), max_size=50))
def test_different_ids_have_different_keys(ids: set[str]) -> None:
    spellings = {one.lower() for one in ids}
    if len(spellings) == len(ids):
        assert len(set(hash_ids(list(ids)))) == len(ids)

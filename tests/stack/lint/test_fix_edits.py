"""Edits of a text: which touch each other, and what comes of those that do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trailwarden.stack.lint.fixing.aligning import align
from trailwarden.stack.lint.fixing.edits import Edit, apply, overlaps
from trailwarden.stack.lint.fixing.spots import ObjectSpot, ScalarSpot
from trailwarden.stack.lint.fixing.yaml_spots import yaml_spots

SIZE = 8


def _touch(one: Edit, other: Edit) -> bool:
    return one != other and one.begin < other.end and other.begin < one.end


EDITS = st.builds(
    lambda begin, size, text: Edit(begin, begin + size, text),
    st.integers(0, SIZE),
    st.integers(0, 3),
    st.sampled_from(["", "x", "yy"]),
)


@given(st.lists(EDITS, max_size=6), EDITS)
def test_overlaps(edits: list[Edit], new: Edit) -> None:
    apart: list[Edit] = []
    for edit in edits:
        if not any(_touch(edit, other) for other in apart):
            apart.append(edit)
    assert overlaps(new, sorted(apart)) is any(_touch(new, other) for other in apart)


def test_apply() -> None:
    edits = [Edit(6, 6, "!"), Edit(0, 1, "H"), Edit(6, 6, "?"), Edit(2, 4, "")]
    assert apply("hello\n", edits) == "Heo\n!?"


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_plain_characters_stand_for_themselves(value: str) -> None:
    quoted = "'" + value.replace("'", "''") + "'"
    text = f"a: {quoted}\n"
    spot = yaml_spots(text)
    assert isinstance(spot, ObjectSpot)
    [member] = spot.members.values()
    assert isinstance(member.value, ScalarSpot)
    assert text[member.value.begin : member.value.end] == quoted
    places = align(text, member.value)
    assert places is not None
    assert "".join(text[begin:end] for begin, end in places) == quoted[1:-1]

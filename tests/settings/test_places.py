"""The places of keys, against the parser of the standard library."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.settings.places import KeyPath, Place, places_of, spelled

TRICKY = (
    r'''
# a comment with [brackets] = "and quotes
bare-key_1 = 1  # another
"quoted \u00e9.key" = 'a "literal" # no comment'
'literal.key' . part = """several
lines with \""" and # no comment, ends with a quote""""
[table."with.dots"] # comment
a.b.c = [1, [2, 3], { x = "}", y = ["]"] }, # comment ]
  "last", '''
    + "'''\n]'''"
    + r"""]
date = 1979-05-27 07:32:00Z
empty = {}
none = []
[[list]]
one = 1
[list.sub]
two = 2
[[list]]
[[list.inner]]
three = 3
[[list.inner]]
four = {a.b = 4, c = 5}
"""
)


def leaves(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))


def test_every_key_of_a_tricky_text_has_a_place() -> None:
    assert set(places_of(TRICKY)) == set(leaves(tomllib.loads(TRICKY)))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("bare-key_1",), Place(3, 1)),
        (("quoted é.key",), Place(4, 1)),
        (("literal.key", "part"), Place(5, 1)),
        (("table", "with.dots"), Place(7, 1)),
        (("table", "with.dots", "a", "b", "c", 1, 1), Place(8, 17)),
        (("table", "with.dots", "a", "b", "c", 2, "y"), Place(8, 32)),
        (("table", "with.dots", "a", "b", "c", 3), Place(9, 3)),
        (("list", 0, "sub", "two"), Place(17, 1)),
        (("list", 1), Place(18, 1)),
        (("list", 1, "inner", 1, "four", "a", "b"), Place(22, 9)),
    ],
)
def test_places_are_where_an_editor_shows_them(path: KeyPath, place: Place) -> None:
    assert places_of(TRICKY)[path] == place


def test_line_breaks_of_windows_count_once() -> None:
    assert places_of("a = 1\r\n\r\n  b = 2\r\n")[("b",)] == Place(3, 3)


def test_paths_are_spelled_like_toml() -> None:
    path = ("topics", "arn:aws:sns:eu-west-1:111122223333:a", 0)
    assert spelled(path) == 'topics."arn:aws:sns:eu-west-1:111122223333:a"[0]'


# --- any valid text --------------------------------------------------------------------------
keys = st.sampled_from(["a", "b-1", '"q.\\"#"', "'l [x]'", '"\\u0041"'])
blanks = st.sampled_from(["", " ", "\t "])
breaks = st.sampled_from(["", "\n", ' # ], } "\n'])
scalars = st.sampled_from(
    [
        *["1", "-3.5e2", "true", "inf", "07:32:00", "1979-05-27 07:32:00", '"x # ] \\""', "'\\'"],
        *['"""\n"" \\""""', "'''\n'' '''"],
    ]
)


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(st.tuples(breaks, values, breaks), max_size=3)
    return st.tuples(parts, st.booleans()).map(
        lambda it: (
            "[" + ",".join("".join(part) for part in it[0]) + ("," if it[0] and it[1] else "") + "]"
        )
    )


def tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(keys, blanks, values), max_size=3)
    return pairs.map(lambda it: "{" + ", ".join(f"{k}{b}={b}{v}" for k, b, v in it) + "}")


values = st.recursive(scalars, lambda inner: arrays(inner) | tables(inner), max_leaves=6)
dotted = st.lists(keys, min_size=1, max_size=3).map(" . ".join)
statements = (
    st.tuples(dotted, values, breaks).map(lambda it: f"{it[0]} = {it[1]}{it[2] or chr(10)}")
    | dotted.map(lambda key: f"[{key}]\n")
    | dotted.map(lambda key: f" [[ {key} ]] # x\n")
)


@given(st.lists(statements, max_size=8).map("".join))
def test_every_key_of_any_text_has_a_place(text: str) -> None:
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # keys that stand twice, mostly
    assert set(places_of(text)) == set(leaves(parsed))

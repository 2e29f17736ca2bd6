"""Space-delimited patterns: splitting, giving values to fields, testing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.patterns import parse
from trailwarden.patterns.splitting import pieces


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("", []),
        (" \t\n", []),
        (" a  b\tc\n", ["a", "b", "c"]),
        ('a "b c" [d e] f', ["a", "b c", "d e", "f"]),
        ('"" [] x', ["", "", "x"]),
        ('"open words', ['"open', "words"]),
        ("[open words", ["[open", "words"]),
        ('"a b"c d', ['"a', 'b"c', "d"]),
        ('"a" b"', ["a", 'b"']),
        ("[a [b] c]", ["a [b", "c]"]),
        ('x"a b"', ['x"a', 'b"']),
        ('"a\nb" c', ["a\nb", "c"]),
        ('[10/Oct] "GET /" -', ["10/Oct", "GET /", "-"]),
        ('"', ['"']),
    ],
)
def test_splitting(message: str, values: list[str]) -> None:
    assert [piece.value for piece in pieces(message)] == values


@given(st.text(st.sampled_from(' \t[]"ab'), max_size=30))
def test_pieces_are_the_message_but_for_white_space_and_delimiters(message: str) -> None:
    end = 0
    for value, start in pieces(message):
        assert message[end:start].strip() == ""
        written = next(
            form for form in (f'"{value}"', f"[{value}]", value) if message.startswith(form, start)
        )
        end = start + len(written)
        assert end == len(message) or message[end].isspace()
    assert message[end:].strip() == ""


@pytest.mark.parametrize(
    ("pattern", "message", "values"),
    [
        ("[a, b]", "1", None),
        ("[a, b]", "1 2", {"$a": "1", "$b": "2"}),
        ("[a, b]", "1 2  3 ", {"$a": "1", "$b": "2  3"}),
        ("[a, b]", '1 "2 3"\n', {"$a": "1", "$b": "2 3"}),
        ("[a, b]", '1 "2 3" 4', {"$a": "1", "$b": '"2 3" 4'}),
        ("[a, ,]", "1 2 3 4", {"$a": "1", "$2": "2", "$3": "3 4"}),
        ("[,]", "x y", {"$1": "x", "$2": "y"}),
        ("[]", "x y", {"$1": "x", "$2": "y"}),
        ("[]", " ", None),
        ("[...]", " ", {}),
        ("[..., z]", "1 2 3", {"$1": "1", "$2": "2", "$z": "3"}),
        ("[a, ..., z]", "1", None),
        ("[a, ..., , z]", "1 2 3", {"$a": "1", "$2": "2", "$z": "3"}),
        ("[b, ...]", "1 2", {"$b": "1", "$2": "2"}),
        ("[2, , x]", "p q r", {"$2": "p", "$x": "r"}),
    ],
)
def test_values_and_their_names(pattern: str, message: str, values: dict[str, str] | None) -> None:
    assert parse(pattern).extracted_values(message) == values
    assert parse(pattern).matches(message) == (values is not None)


VALUES = ["5", "5.0", "5e0", "+5", "05", "6", "5.5", "1e1", "-7", "five", "-", "", "5x", ".5"]


@pytest.mark.parametrize(
    ("test", "satisfied"),
    [
        ("= 5", ["5", "5.0", "5e0", "+5", "05"]),
        ("!= 5", ["6", "5.5", "1e1", "-7", "five", "-", "", "5x", ".5"]),
        ("> 5", ["6", "5.5", "1e1"]),
        ("<= 5", ["5", "-7", "5.0", "5e0", "+5", "05"]),
        ('= "5"', ["5"]),
        ("= 5*", ["5", "5.0", "5e0", "5.5", "5x"]),
        ("= %^[a-z]+$%", ["five"]),
        ("!= %.%", [""]),
        ('= ""', [""]),
        ("= f* || v = 6 && v > 5", ["five", "6"]),
    ],
)
def test_tests_of_a_field(test: str, satisfied: list[str]) -> None:
    pattern = parse(f"[v {test}, last]")
    for value in VALUES:
        assert pattern.matches(f'"{value}" x') == (value in satisfied), value


def test_fields_after_the_dots_are_counted_from_the_end() -> None:
    pattern = parse("[first = a, ..., status >= 400 && status < 500, last]")
    assert pattern.matches("a x y 404 z")
    assert pattern.matches("a 404 z")
    assert not pattern.matches("a 404 z z")
    assert not pattern.matches("404 z")

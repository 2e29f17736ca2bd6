"""Regular expressions: what they mean, and that they mean what Python's mean."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trailwarden.patterns import parse
from trailwarden.patterns.regexes import RegexSyntaxError, searcher


@pytest.mark.parametrize(
    ("source", "found", "missed"),
    [
        ("Trail", ["UpdateTrail"], ["trail"]),
        ("^a|b$", ["ax", "xb"], ["xax", "bx"]),
        ("b$", ["ab"], ["ab\n", "ba"]),
        ("^b", ["b"], ["a\nb"]),
        ("a.c", ["abc", "a\u00e9c", "a\U0001f600c"], ["a\nc", "ac"]),
        ("a[^b]c", ["a\nc", "axc"], ["abc"]),
        ("^a{,2}$", ["", "a", "aa"], ["aaa"]),
        ("^a{2}$", ["aa"], ["a", "aaa"]),
        ("^a{2,}$", ["aa", "aaaa"], ["a"]),
        ("^a{2,3}?$", ["aa", "aaa"], ["aaaa"]),
        ("^a+?$", ["aaa"], ["b"]),
        (r"^\d\D$", ["1x"], ["x1", "12"]),
        (r"^\w\W$", ["_ ", "a\u00e9"], ["ab", "\u00e9 "]),
        (r"^\s\S$", [" x", "\tx", "\nx", "\vx"], ["x ", "  "]),
        (r"^[\s\d]+$", [" 1\v"], ["a"]),
        (r"^[^\S]+$", [" \v"], ["a"]),
        (r"^[\w-.]+$", ["a-b.c"], ["a b"]),
        (r"\x28\x29", ["()"], ["[]"]),
        (r"^\xe9$", ["\u00e9"], ["e"]),
        (r"^[\x41-\x43]$", ["B"], ["D"]),
        ("^[]a]+$", ["]a"], ["b"]),
        ("^[^]a]$", ["b"], ["]", "a"]),
        ("^[a-]+$", ["a-"], ["b"]),
        ("^[[:alpha:]]$", ["a]", ":]", "[]"], ["b", "x"]),
        ("^{a}$", ["{a}"], ["a"]),
        ("x{a", ["x{a"], ["xa"]),
        (r"^\{3\}\.\*$", ["{3}.*"], ["{3}x"]),
        ("^a|$", ["", "b"], []),
        ("a=b;c,d@e#f/g_h-i:j k", ["a=b;c,d@e#f/g_h-i:j k"], [""]),
    ],
)
def test_what_is_found(source: str, found: list[str], missed: list[str]) -> None:
    search = searcher(source)
    assert [text for text in found if not search(text)] == []
    assert [text for text in missed if search(text)] == []


def test_a_lone_surrogate_is_one_character() -> None:
    assert parse("{ $.a = %^x.$% }").matches('{"a":"x\\ud800"}')


def test_too_large_an_expression_is_refused() -> None:
    assert searcher("^.{1000}$")("x" * 1000)
    for source in (".{1000}.{1000}", "[^a]{1000}" * 90):
        with pytest.raises(RegexSyntaxError, match="too large"):
            searcher(source)


SOURCES = st.text(st.sampled_from("ab0-^$.?*+|[]{},1\\dDsSwWx "), min_size=1, max_size=9)


@given(SOURCES, st.lists(st.text(st.sampled_from("ab01-^$ \n\\]}"), max_size=5), max_size=6))
def test_the_same_is_found_as_by_the_re_module(source: str, texts: list[str]) -> None:
    try:
        search = searcher(source)
    except RegexSyntaxError:
        return
    assume("[[" not in source and "--" not in source)  # re warns: other meanings in future
    assume(not re.search(r"\[[^\]]*\\[dDsSwW]-", source))  # a hyphen there is an error for re
    python = re.sub(r"\{,([0-9]+)\}", r"{0,\1}", source)
    python = re.sub(r"(\\.|\[\^?\]?[^]\\]*(?:\\.[^]\\]*)*\])|\$", lambda m: m[1] or r"\Z", python)
    expected = re.compile(python, re.ASCII)
    assert [search(text) for text in texts] == [bool(expected.search(t)) for t in texts]

"""What senders of log events and authors of patterns could do: no crash, no endless work."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from tests.patterns.trees import RECORDS
from trailwarden.errors import PatternError
from trailwarden.patterns import parse
from trailwarden.patterns.deepjson import decode_deep
from trailwarden.patterns.numbertext import DECODER

MEGABYTE = 1_000_000


@pytest.mark.parametrize("pattern", [
    "%[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*x$%",
    "%a*a*a*a*a*a*a*a*b%",
    "{ $.v = %a{0,50}a{0,50}a{0,50}b% }",
    "[v = %[^b]*[^b]*[^b]*c%]",
])  # fmt: skip
def test_a_regex_takes_linear_time(pattern: str) -> None:
    text = "a" * MEGABYTE
    message = json.dumps({"v": text}) if pattern.startswith("{") else text
    assert not parse(pattern).matches(message)


@pytest.mark.parametrize("opening", ['"', "[", '" ', "[ ", '"a ', "[a ", '"a" x', "[a]x "])
def test_splitting_takes_linear_time(opening: str) -> None:
    assert not parse("[..., last = %z%, end]").matches(opening * (MEGABYTE // len(opening)))


@pytest.mark.parametrize("depth", [500, 5_000, 30_000])
def test_json_of_any_depth_is_matched(depth: int) -> None:
    pattern = parse("{ $.a = 1 && $.deep.x[0] = * }")
    nested = '{"x":[' * depth + '"in"' + "]}" * depth
    assert not pattern.matches(f'{{"deep":{nested},"a":1}}')
    assert pattern.matches(f'{{"other":{nested},"deep":{{"x":[2]}},"a":1}}')
    assert not pattern.matches('{"deep":' * depth)
    assert not pattern.matches("[" * depth)
    assert not pattern.matches(f'{{"other":{nested}]')


@given(RECORDS)
def test_deep_decoding_is_decoding(text: str) -> None:
    assert decode_deep(text) == DECODER.decode(text)
    assert decode_deep(f" {text}\n") == DECODER.decode(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{,}", '{"a"', '{"a":', '{"a":1', '{"a":1,}',
     '{a:1}', '{"a" 1}', '{"a":1 "b":2}',
     "[1 2]", "[1]]", "{}x", "[}", "{]", '["a]', "[NaN]", "nul",
     "[1}", '{"a":1]', "{1:2}", "[01]"],
)  # fmt: skip
def test_deep_decoding_refuses_what_decoding_refuses(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts differ, and nobody reads them
        DECODER.decode(text)
    with pytest.raises(ValueError):  # noqa: PT011
        decode_deep(text)


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        ("= 1e999999999", "1e999999999", True),
        ("= 1e999999999", "10e999999998", True),
        ("> 1e999999999", "1e9999999999999999999999", True),
        ("< -1e999999999", "-1e9999999999999999999999", True),
        ("> 0", "1e-99999999999999999999999", True),
        ("< 0", "1e-99999999999999999999999", False),
        ("= 0", "0e99999999999999999999999", True),
        ("= 1e99999999999999999999999", "1", False),
        ("> 1", "9" * MEGABYTE, True),
        ("> 1", "1e" + "9" * MEGABYTE, True),
        ("= 1", "1." + "0" * MEGABYTE, True),
        ("!= 1", "1." + "0" * MEGABYTE + "1", True),
    ],
)
def test_huge_numbers_cost_their_characters(pattern: str, value: str, matches: bool) -> None:
    assert parse(f"{{ $.v {pattern} }}").matches(f'{{"v":{value}}}') is matches


def test_huge_numbers_elsewhere() -> None:
    assert parse("[n > 5, ...]").matches("1e999999999 x")
    assert parse("{ $.v > 5 && $.v = 1* }").matches({"v": 10**6000})
    assert parse("{ $.v = * }").extract('{"v":1e999}', "$.v") is None
    assert parse("{ $.v = * }").extract({"v": 10**6000}, "$.v") is None


def test_deep_patterns_are_parsed_printed_and_matched() -> None:
    nested = parse("{" + "(" * 500 + "$.a=1" + ")" * 500 + "}")
    assert str(nested) == "{ $.a = 1 }"
    alternating = "$.a=1"
    while len(alternating) < 1000:
        alternating = f"({alternating}||$.b=2)&&$.c=3"
    pattern = parse(f"{{{alternating}}}")
    assert parse(str(pattern)).syntax == pattern.syntax
    assert pattern.matches('{"a":1,"c":3}')
    assert not pattern.matches('{"a":1,"c":4}')
    path = parse("{$" + ".a" * 508 + "=1}")
    assert path.matches('{"a":' * 508 + "1" + "}" * 508)


@pytest.mark.parametrize(
    "opening", ["(", "{(", "[", "[a=(", '"', "%[", "{$.a[", "{$.['", "{$.a=1&&("]
)
def test_long_broken_patterns_are_refused(opening: str) -> None:
    with pytest.raises(PatternError):
        parse((opening + "(" * 1024)[:1024])

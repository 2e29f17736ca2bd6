"""The coercion table of JSON patterns: which value satisfies which comparison."""

from __future__ import annotations

import json

import pytest

from trailwarden.patterns import parse

# What stands in the message, for the letters of the table below.
VALUES = {
    "-": None,  # missing
    "n": "null",
    "t": "true",
    "1": "1",
    ".": "1.0",
    "e": "1e0",
    "2": "2",
    "s": '"1"',
    "S": '"1.0"',
    "a": '"abc"',
    "E": '""',
    "A": "[1]",
    "N": "[null]",
    "O": '{"x":1}',
}
TABLE = [
    ("= 1", "1.es"),
    ("= 1.0", "1.eS"),
    ("= +1", "1.e"),
    ("!= 1", "2SaE"),
    ("> 1", "2"),
    (">= 1", "1.e2"),
    ("< 2", "1.e"),
    ("<= 2", "1.e2"),
    ('= "1"', "1s"),
    ('!= "1"', ".e2SaE"),
    ('= "abc"', "a"),
    ("= abc", "a"),
    ("!= abc", "1.e2sSE"),
    ("= *", "1.e2sSaE"),
    ("!= *", ""),
    ('= "1*"', "1.esS"),
    ("!= 1*", "2aE"),
    ("= *0", ".eS"),
    ("= *.*", ".S"),
    ("= **", "1.e2sSaE"),
    ("= %^1%", "1.esS"),
    ("!= %^1%", "2aE"),
    ("= true", ""),
    ('= "true"', ""),
    ("!= true", "1.e2sSaE"),
    ('= ""', "E"),
    ("IS NULL", "nN"),
    ("IS TRUE", "t"),
    ("IS FALSE", ""),
    ("NOT EXISTS", "-"),
]


@pytest.mark.parametrize(("condition", "satisfied"), TABLE)
@pytest.mark.parametrize("depth", [0, 1])
def test_the_table(condition: str, satisfied: str, depth: int) -> None:
    pattern = parse(f"{{ {'$.o.v' if depth else '$.v'} {condition} }}")
    for letter, value in VALUES.items():
        message = "{}" if value is None else f'{{"v":{value}}}'
        if depth:
            message = f'{{"o":{message}}}'
        assert pattern.matches(message) == (letter in satisfied), message


@pytest.mark.parametrize(("condition", "satisfied"), TABLE)
def test_a_decoded_object_has_canonical_spellings(condition: str, satisfied: str) -> None:
    pattern = parse(f"{{ $.v {condition} }}")
    for letter, value in VALUES.items():
        if letter == "e":
            continue  # 1e0 has become 1.0
        message = {} if value is None else {"v": json.loads(value)}
        assert pattern.matches(message) == (letter in satisfied), message


def test_numbers_are_compared_as_exact_decimals() -> None:
    pattern = parse("{ $.v = 0.1 }")
    assert pattern.matches('{"v":0.10}')
    assert pattern.matches('{"v":1e-1}')
    assert pattern.matches({"v": 0.1})
    assert not pattern.matches('{"v":0.1000000000000000055511151231257827}')
    account = parse("{ $.v > 12345678901234567890 }")
    assert account.matches('{"v":12345678901234567891}')
    assert account.matches({"v": 12345678901234567891})
    assert not account.matches('{"v":12345678901234567890}')
    assert parse("{ $.v = 0 }").matches('{"v":-0.0e5}')


def test_what_is_not_json_has_no_value() -> None:
    for value in (float("nan"), float("inf"), object()):
        assert not parse("{ $.v = * }").matches({"v": value})
        assert not parse("{ $.v < 1 || $.v >= 1 || $.v != 1 }").matches({"v": value})
    for constant in ("NaN", "Infinity", "-Infinity"):
        assert not parse("{ $.a = 1 }").matches(f'{{"a":1,"v":{constant}}}')
    assert parse('{ $.v = "True" || $.v = 1 }').matches({"v": True}) is False


def test_the_last_of_two_equal_keys_counts() -> None:
    pattern = parse("{ $.a.b = 1 }")
    assert pattern.matches('{"a":2,"a":{"b":1}}')
    assert not pattern.matches('{"a":{"b":1},"a":{"c":1}}')

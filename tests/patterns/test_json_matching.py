"""Selectors, wildcards, the logic of conditions, and what counts as a JSON message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patterns.trees import conditions
from trailwarden.patterns import parse
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    JsonSyntax,
    Key,
    Operator,
    Or,
    Selector,
    Text,
)
from trailwarden.patterns.printer import print_syntax

SHAPES = '{"list":[1,[2,null],{"k":3}],"map":{"x":{"k":1},"y":[{"k":2}],"z":5},"s":"abc","n":null}'


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("$.list[0] = 1", True),
        ("$.list[1][0] = 2", True),
        ("$.list[2].k = 3", True),
        ("$.list[3] NOT EXISTS", True),
        ("$.list[1] NOT EXISTS", False),
        ("$.list[1] IS NULL", True),
        ("$.list IS NULL", False),
        ("$.list.k NOT EXISTS", True),
        ("$.map[0] NOT EXISTS", True),
        ("$.s[0] NOT EXISTS", True),
        ("$.n.x NOT EXISTS", True),
        ("$.n IS NULL", True),
        # wildcards: any of what is found
        ("$.list[*] = 1", True),
        ("$.list[*] != 1", False),
        ("$.list[*].k = 3", True),
        ("$.list[*][0] = 2", True),
        ("$.list[*] IS NULL", True),
        ("$.list.* = 1", False),
        ("$.map.*.k = 1", True),
        ("$.map[*].k = 1", True),
        ("$.map[*][0].k = 2", True),
        ("$.map.* = 5", True),
        ("$.* = abc", True),
        ("$.* = 3", False),
        ("$.* IS NULL", True),
        ("$.s[*] = *", False),
        # under a wildcard NOT EXISTS means that nothing at all is found
        ("$.list[*] NOT EXISTS", False),
        ("$.list[*].k NOT EXISTS", False),
        ("$.list[*].z NOT EXISTS", True),
        ("$.s[*] NOT EXISTS", True),
        ("$.* NOT EXISTS", False),
    ],
)
def test_selectors(condition: str, matches: bool) -> None:
    assert parse(f"{{ {condition} }}").matches(SHAPES) is matches


@pytest.mark.parametrize(
    "message",
    ["", " ", "text", "[]", '[{"a":1}]', "null", "1", '"{}"', "{", '{"a":}', "{'a':1}", '{"a":1,}',
     '{"a":01}', '{"a":"\n"}', '{"a":1} x', 'x {"a":1}', '{"a":1}{}', "\ufeff{}", '{"a":"\\q"}'],
)  # fmt: skip
def test_only_one_whole_object_is_a_message(message: str) -> None:
    for pattern in (parse("{ $.zz NOT EXISTS }"), parse("{ $.a != zz }")):
        assert not pattern.matches(message)
        assert not pattern.matches(message.encode())


def test_strings_are_decoded_before_comparing() -> None:
    pattern = parse('{ $.a = "ë*\U0001f600" || $.b NOT EXISTS }')
    assert pattern.matches('{"a":"\\u00eb*\\ud83d\\ude00","b":1}')
    assert parse('{ $.a = "e\u0301" }').matches('{"a":"\u00e9"}') is False
    assert parse("{ $.['ë'] = 1 }").matches('{"\\u00eb":1}')


def test_a_byte_that_is_not_utf8_spoils_only_its_string() -> None:
    message = b'{"agent":"x\xff","user":"root","\xff":1}'
    assert parse("{ $.user = root }").matches(message)
    assert parse('{ $.agent = "x*" && $.agent = %^x.$% }').matches(message)
    assert not parse('{ $.agent = "x\ufffd" }').matches(message)
    assert parse("{ $.['\ufffd'] NOT EXISTS }").matches(message)


LEAVES = [Comparison(Selector((Key(k),)), Operator.EQUAL, Text("y")) for k in "abcde"]


@given(
    conditions(st.sampled_from(LEAVES)),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_the_logic(root: Condition, truths: list[bool]) -> None:
    def holds(node: Condition) -> bool:
        if isinstance(node, And):
            return all(map(holds, node.children))
        if isinstance(node, Or):
            return any(map(holds, node.children))
        return truths[LEAVES.index(node)]  # type: ignore[arg-type]

    message = {key: "y" if truth else "n" for key, truth in zip("abcde", truths, strict=True)}
    assert parse(print_syntax(JsonSyntax(root))).matches(message) == holds(root)

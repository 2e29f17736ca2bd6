"""Reasoning about conditions, held against the matcher itself."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.jsonparser import join
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Constant,
    Is,
    JsonSyntax,
    Key,
    NotExists,
    Number,
    Operator,
    Or,
    Selector,
    Text,
)
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.parser import parse_syntax
from trailwarden.stack.lint.truth import always_holds, constants, never_holds

A, B = (Selector((Key(name),)) for name in "ab")
TEXTS = ["a", "ab", "a*", "*b", "*a*", "*b*", "*", "ab*", "1", "1.0", ""]
NUMBERS = ["1", "1.0", "2", "-3"]
SELECTORS = st.sampled_from([A, B])
EQUALITIES = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])
LEAVES = st.one_of(
    st.builds(Comparison, SELECTORS, EQUALITIES, st.sampled_from(TEXTS).map(Text)),
    st.builds(
        Comparison, SELECTORS, st.sampled_from(Operator), st.sampled_from(NUMBERS).map(Number)
    ),
    st.builds(Is, SELECTORS, st.sampled_from(Constant)),
    st.builds(NotExists, SELECTORS),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda children: st.builds(
        join, st.sampled_from([And, Or]), st.lists(children, min_size=2, max_size=4)
    ),
    max_leaves=6,
)
STRINGS = ["", "a", "b", "ab", "aab", "abb", "ba", "xax", "xbx", "x", "axb", "bxa", "1", "1.0", "2"]
SCALARS = [*STRINGS, *map(NumberText, ["1", "1.0", "1e0", "2", "1.5", "-3", "-4", "7"])]
VALUES: list[Any] = [*SCALARS, None, True, False, [], [None], {}, ...]  # ... for no value


def messages() -> list[dict[str, Any]]:
    pairs = product(VALUES, VALUES)
    return [{k: v for k, v in zip("ab", pair, strict=True) if v is not ...} for pair in pairs]


MESSAGES = messages()


def root_of(pattern: str) -> Condition:
    syntax = parse_syntax(pattern)
    assert isinstance(syntax, JsonSyntax)
    return syntax.root


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_no_message_contradicts_a_verdict(root: Condition) -> None:
    matcher = JsonMatcher(JsonSyntax(root))
    answers = {matcher.matches(message) for message in MESSAGES}
    if never_holds(root):
        assert answers == {False}
    if always_holds(root):
        assert answers == {True}


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_no_message_contradicts_a_constant(root: Condition) -> None:
    for constant in constants(root):
        [key] = constant.selector.steps
        assert isinstance(key, Key)
        matcher = JsonMatcher(JsonSyntax(constant.node))
        among = SCALARS if constant.present else VALUES
        found = {matcher.matches({} if value is ... else {key.name: value}) for value in among}
        assert found == {constant.holds}


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a = x && $.a = y }",
        "{ $.a = x && $.b = 1 && $.a = y }",
        "{ $.a = x && $.a NOT EXISTS }",
        "{ $.a != x && $.a NOT EXISTS }",
        "{ $.a IS TRUE && $.a != x }",
        "{ $.a > 1 && $.a < 1 }",
        "{ $.a > 1 && $.a = x }",
        '{ $.a = "x*" && $.a = "y*" }',
        '{ $.a = "x*" && $.a != "*" }',
        '{ ($.a = xy || $.a = xz) && $.a = "y*" }',
        '{ $.a = "x" && $.a != "x*" }',
        "{ ($.a = x && $.a = y) || ($.b = x && $.b = y) }",
    ],
)
def test_never(pattern: str) -> None:
    assert never_holds(root_of(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a = 1 && $.a = 1.0 }",
        '{ $.a = "1" && $.a < 2 }',
        '{ $.a = "x*" && $.a = "*y" && $.a = "*z*" }',
        '{ $.a = "ab*" && $.a = "a*" && $.a != "abc*" }',
        "{ $.a = x && $.b = y }",
        "{ $.a[*] = x && $.a[*] = y }",  # two elements
        "{ $.a = %x% && $.a = y }",  # nothing is said of expressions
        "{ $.a > 1e900 && $.a < 1 }",  # nor of numbers beyond measure
    ],
)
def test_not_never(pattern: str) -> None:
    assert not never_holds(root_of(pattern))


def test_what_always_holds() -> None:
    [constant] = constants(root_of("{ $.a != x || $.b = 1 || $.a != y }"))
    assert (constant.holds, constant.present, constant.selector) == (True, True, A)
    [other] = constants(root_of("{ $.c = 1 && ($.a IS NULL || $.a = 1) && $.c = 2 }"))
    assert not other.holds
    assert not always_holds(root_of("{ $.a != x || $.a != y }"))
    assert not list(constants(root_of("{ ($.a NOT EXISTS) || ($.a != x) }")))

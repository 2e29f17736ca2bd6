"""The index over many patterns never contradicts the plain evaluator."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.patterns.trees import RECORDS, json_syntaxes
from trailwarden.patterns import FilterPattern, PatternIndex, parse
from trailwarden.patterns.printer import print_syntax

PATTERNS = st.builds(lambda syntax: parse(print_syntax(syntax)), json_syntaxes())


@settings(max_examples=60)
@given(st.lists(PATTERNS, min_size=1, max_size=4), st.lists(RECORDS, min_size=1, max_size=4))
@example([parse("{ $.a = 0 }"), parse('{ $.a = "0" }')], ['{"a":-0}'])
@example([parse("{ $.['q\"'].b = 1 }")], ['{"q\\"":{"b":1}}'])
def test_the_index_agrees(patterns: list[FilterPattern], texts: list[str]) -> None:
    index = PatternIndex(patterns, extra=("eventID",))
    for text in texts * 2:  # the index remembers
        try:
            record = msgspec.json.decode(text, type=index.struct)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue  # the caller asks the plain evaluator
        matching = {n for n, pattern in enumerate(patterns) if pattern.matches(text)}
        certain, perhaps = index.match(record)
        assert {*certain} <= matching
        assert matching <= {*certain, *perhaps}
        assert not {*certain} & {*perhaps}
        assert bool(certain or perhaps) <= bool(index.find([record]))


def test_other_languages_are_asked_elsewhere() -> None:
    index = PatternIndex([parse("ERROR"), parse(""), parse("[a, b]"), parse("{ $.* = x }")])
    record = msgspec.json.decode(b"{}", type=index.struct)
    assert [*map(list, index.match(record))] == [[1], [0, 2, 3]]
    assert index.find([record, record]) == [0, 1]


@pytest.mark.parametrize("key", ['q"', "b\\", "\n", "\x00", "é", "", "a.b"])
def test_any_key_can_be_selected(key: str) -> None:
    pattern = parse(f"{{ $.['{key}'].x = 1 }}")
    index = PatternIndex([pattern])
    message = msgspec.json.encode({key: {"x": 1}})
    certain, perhaps = index.match(msgspec.json.decode(message, type=index.struct))
    assert [*certain, *perhaps] == [0]
    assert pattern.matches(message)


def test_a_broken_byte_in_a_field_that_nobody_reads() -> None:
    pattern = parse("{ $.user = root }")
    message = b'{"agent":"\xff","user":"root"}'
    index = PatternIndex([pattern])
    certain, perhaps = index.match(msgspec.json.decode(message, type=index.struct))
    assert ([*certain], [*perhaps]) == ([0], [])
    assert pattern.matches(message)


def test_answers_are_remembered_only_for_values_that_are_told_apart() -> None:
    """1, true and 1.0 are one key of a dict, and an object or a list is none."""
    patterns = [
        parse("{ ($.n = x) && ($.a = 1) }"),
        parse('{ ($.n = x) && ($.a = "true") }'),
        parse("{ ($.n = x) && ($.a IS TRUE) }"),
        parse("{ ($.n = x) && ($.a.b = 1) }"),
        parse("{ ($.n = x) && ($.a[0] = 1) }"),
    ]
    index = PatternIndex(patterns)
    values = ["1", "true", "1.0", '{"b": 1}', "[1]", '"1"', "null", "false", "0", "-0.0"]
    for value in values * 2 + values[::-1]:
        text = f'{{"n": "x", "a": {value}}}'
        record = msgspec.json.decode(text, type=index.struct)
        certain, perhaps = index.match(record)
        matching = {number for number, pattern in enumerate(patterns) if pattern.matches(text)}
        assert {*certain} <= matching <= {*certain, *perhaps}, text

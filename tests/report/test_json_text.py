from __future__ import annotations

import io
import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.json_text import MAX_DEPTH, encode, parsed, write

texts = st.text(st.characters() | st.characters(categories=["Cs", "Cc", "Cf"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def scrubbed(value: object) -> object:
    """The value that a reader gets: lone surrogates are spelled out."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", value)
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {scrubbed(key): scrubbed(item) for key, item in value.items()}
    return value


@given(values)
@settings(max_examples=150)
def test_a_reader_gets_what_was_written(value: object) -> None:
    text = encode(value)
    assert re.fullmatch("[ -~]*", text)
    assert json.loads(text) == scrubbed(value)


@given(texts)
@settings(max_examples=150)
def test_strict_parsers_read_every_text(text: str) -> None:
    assert msgspec.json.decode(encode([text]).encode()) == [scrubbed(text)]


@given(st.lists(values, max_size=3), st.dictionaries(texts, values, max_size=3))
@settings(max_examples=100)
def test_streamed_arrays_read_like_lists(items: list[object], fields: dict[str, object]) -> None:
    stream = io.StringIO()
    write(
        stream, {"head": 1, "items": iter(items), "nested": iter([{"inner": iter(items)}, fields])}
    )
    whole = {"head": 1, "items": items, "nested": [{"inner": items}, fields]}
    assert json.loads(stream.getvalue()) == scrubbed(whole)


def test_an_array_has_one_item_a_line() -> None:
    stream = io.StringIO()
    write(stream, {"a": iter([{"b": 1}, {"b": 2}]), "c": iter(())})
    assert stream.getvalue() == '{\n "a": [\n  {"b": 1},\n  {"b": 2}\n ],\n "c": []\n}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": NaN}',
        "[-Infinity]",
        "[1e999]",
        "9" * 9000,
        "[" * 5000 + "]" * 5000,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    ],
)
def test_what_no_strict_parser_reads_stays_text(text: str) -> None:
    assert parsed(text) == text


def test_json_texts_become_values() -> None:
    assert parsed('{"a": [1, 1.5e3, null]}') == {"a": [1, 1500.0, None]}
    assert parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH) != "[" * MAX_DEPTH + "]" * MAX_DEPTH

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.templates import as_json
from trailwarden.errors import DefinitionError
from trailwarden.stack.json_reader import read_json
from trailwarden.stack.nodes import Entries, Items, Mark
from trailwarden.stack.plain import plain
from trailwarden.stack.source import read_template

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(-1e9, 1e9) | _TEXTS
)
_VALUES = st.recursive(
    _SCALARS,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(_TEXTS, v, max_size=4),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
@settings(max_examples=200, deadline=None)
def test_json_is_read_as_json(value: object, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii, indent="\t")
    assert plain(read_json(text, "t").root) == value


def test_tabs_and_escapes_that_yaml_does_not_know() -> None:
    text = as_json({"a": ["😀", "b/c"]}).replace("b/c", r"b\/c")
    assert "\t" in text
    assert r"\ud83d" in text
    assert plain(read_template(text, "t.json").root) == {"a": ["😀", "b/c"]}


def test_nodes_know_where_they_stand() -> None:
    root = read_json('{\n\t"a": [1,\n\t\t{"b": true}]\n}', "t").root
    assert isinstance(root, Entries)
    key, items = root.entries["a"]
    assert (key, items.mark) == (Mark(2, 2), Mark(2, 7))
    assert isinstance(items, Items)
    assert [item.mark for item in items.items] == [Mark(2, 8), Mark(3, 3)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "t.json:1:1", "a value must stand at the end"),
        ("{", "t.json:1:2", "a key in double quotes or } must stand at the end"),
        ('{"a": 1,}', "t.json:1:9", "a key in double quotes must stand here"),
        ("[1,]", "t.json:1:4", "a value must stand here"),
        ("[1 2]", "t.json:1:4", "a comma or ] must stand here"),
        ('{"a"\n1}', "t.json:2:1", "a colon must stand here"),
        ('{"a": 1]', "t.json:1:8", "a comma or } must stand here"),
        ("{} {}", "t.json:1:4", "nothing more must stand here"),
        ('{"a": b}', "t.json:1:7", "a text must stand in double quotes"),
        ("{\"a\": 'b'}", "t.json:1:7", "this character cannot stand here"),
        ('{"a": 01}', "t.json:1:8", "a comma or } must stand here"),
        ('{"a": "\n"}', "t.json:1:7", "this character cannot stand here"),
        ('{"a": "\\x"}', "t.json:1:7", "an escape that JSON does not have"),
        ('{"a": "\\ud800"}', "t.json:1:7", "half a character"),
        ("[" * 100_000, "t.json:1:101", "nested more than 100 deep"),
        ('{"a":' * 100_000, "t.json:1:501", "nested more than 100 deep"),
        ("// x\n{}", "t.json:1:1", "this character cannot stand here"),
    ],
)
def test_an_error_has_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_json(text, "t.json")
    assert str(caught.value.location).startswith(place)
    assert message in caught.value.message
    assert caught.value.cure


def test_yaml_in_the_style_of_json_is_yaml() -> None:
    assert plain(read_template("{a: b, c: [1, d]}", "t.yaml").root) == {"a": "b", "c": [1, "d"]}


@pytest.mark.parametrize(
    ("source", "language"), [("t.json", "JSON"), ("t.template", "JSON"), ("t.yaml", "YAML")]
)
def test_what_is_neither_is_told_in_the_language_of_its_name(source: str, language: str) -> None:
    with pytest.raises(DefinitionError, match=f"the {language} cannot be read"):
        read_template("{a: b", source)

from __future__ import annotations

import pytest

from trailwarden.errors import DefinitionError
from trailwarden.stack.nodes import Entries, Items, Mark, Node, Scalar
from trailwarden.stack.plain import plain
from trailwarden.stack.yaml_reader import read_yaml


def node_of(text: str) -> Node:
    root = read_yaml(f"value: {text}\n", "t.yaml").root
    assert isinstance(root, Entries)
    return root.entries["value"].value


@pytest.mark.parametrize(
    ("text", "spelled", "kind"),
    [
        ("2010-09-09", "2010-09-09", "text"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00", "text"),
        ("abc", "abc", "text"),
        ("'1'", "1", "text"),
        ('"yes"', "yes", "text"),
        ("!!str 1", "1", "text"),
        ("! 1", "1", "text"),
        ("yes", "true", "flag"),
        ("On", "true", "flag"),
        ("OFF", "false", "flag"),
        ("n", "n", "text"),
        ("!!bool yes", "true", "flag"),
        ("", "", "null"),
        ("~", "~", "null"),
        ("0", "0", "number"),
        ("-17", "-17", "number"),
        ("1.50", "1.50", "number"),
        (".5", ".5", "number"),
        ("1.5e3", "1.5e3", "number"),
        ("1e3", "1e3", "text"),
        ("1.2.3", "1.2.3", "text"),
        ("123456789012", "123456789012", "number"),
        ("012345670123", "012345670123", "octal"),
        ("089", "089", "text"),
        ("0" + "7" * 9000, "0" + "7" * 9000, "text"),
        ("1_000", "1000", "number"),
        ("0x3C", "60", "number"),
        ("-0b101", "-5", "number"),
        ("1:30", "90", "number"),
        ("9" * 10_000, "9" * 10_000, "number"),
        ("0x" + "f" * 1000, "0x" + "f" * 1000, "text"),
        (".inf", ".inf", "text"),
        ("arn:aws:sns", "arn:aws:sns", "text"),
    ],
)
def test_an_unquoted_scalar_means_what_it_means_to_cloudformation(
    text: str, spelled: str, kind: str
) -> None:
    node = node_of(text)
    assert isinstance(node, Scalar)
    assert (node.text, node.kind) == (spelled, kind)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref a", {"Ref": "a"}),
        ("!Condition a", {"Condition": "a"}),
        ("!GetAtt a.b", {"Fn::GetAtt": "a.b"}),
        ("!GetAtt [a, b]", {"Fn::GetAtt": ["a", "b"]}),
        ("!Sub [a, {b: c}]", {"Fn::Sub": ["a", {"b": "c"}]}),
        ("!If [a, !Ref b, !Not [c]]", {"Fn::If": ["a", {"Ref": "b"}, {"Fn::Not": ["c"]}]}),
        ("!Transform {Name: a}", {"Fn::Transform": {"Name": "a"}}),
        ("[1, 2.5, yes, ~]", [1, 2.5, True, None]),
        ("[1.0e400, .inf]", ["1.0e400", ".inf"]),
    ],
)
def test_short_forms_become_long_ones(text: str, value: object) -> None:
    assert plain(node_of(text)) == value


def test_keys_keep_their_spelling() -> None:
    root = read_yaml("yes: 1\n012: 2\n2010-09-09: 3\n~: 4\n", "t").root
    assert isinstance(root, Entries)
    assert list(root.entries) == ["yes", "012", "2010-09-09", "~"]


def test_nodes_know_where_they_stand() -> None:
    root = read_yaml("a:\n  - x\n  - {b: 'y'}\nc: !Ref d\n", "t").root
    assert isinstance(root, Entries)
    key, items = root.entries["a"]
    assert key == Mark(1, 1)
    assert isinstance(items, Items)
    assert [item.mark for item in items.items] == [Mark(2, 5), Mark(3, 5)]
    inner = items.items[1]
    assert isinstance(inner, Entries)
    assert (inner.entries["b"].key_mark, inner.entries["b"].value.mark) == (Mark(3, 6), Mark(3, 9))
    assert root.entries["c"].value.mark == Mark(4, 4)


def test_aliases_and_merged_keys_are_written_out() -> None:
    document = read_yaml(
        "base: &b {x: 1, y: 2}\nmade: {<<: *b, y: 3}\nboth: {<<: [*b, {z: 4}]}\nagain: *b\n", "t"
    )
    assert document.has_aliases
    assert plain(document.root) == {
        "base": {"x": 1, "y": 2},
        "made": {"x": 1, "y": 3},
        "both": {"x": 1, "y": 2, "z": 4},
        "again": {"x": 1, "y": 2},
    }


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
DEEP_BY_ALIASES = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} {'[' * 30}*a{n - 1}{']' * 30}\n" for n in range(1, 5)
)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "t.yaml", "the file is empty"),
        ("# nothing\n", "t.yaml", "the file is empty"),
        ("a:\n\tb: 1\n", "t.yaml:2:1", "found character that cannot start any token"),
        ("a: 'x\n", "t.yaml:2:1", "found unexpected end of stream"),
        ("a: [1, 2\nb: 3\n", "t.yaml:2:2", "did not find expected ',' or ']'"),
        ("a: b: c\n", "t.yaml:1:5", "mapping values are not allowed in this context"),
        ("a: \x07\n", "t.yaml:1:4", r"the character '\x07' is not allowed"),
        ("a: 1\n---\nb: 2\n", "t.yaml:2:1", "a second YAML document begins here"),
        ("[a]: b\n", "t.yaml:1:1", "a key must be a text"),
        (
            "a: !!python/object/apply:os.system [id]\n",
            "t.yaml:1:4 (a)",
            "!!python/object/apply:os.system is not a CloudFormation function",
        ),
        ("a: !!binary aGk=\n", "t.yaml:1:4 (a)", "!!binary is not a CloudFormation function"),
        ("a: !Reff b\n", "t.yaml:1:4 (a)", "!Reff is not a CloudFormation function"),
        ("a: *b\n", "t.yaml:1:4 (a)", "the alias *b is not defined"),
        ("a: &b [*b]\n", "t.yaml:1:8 (a[0])", "the alias *b stands inside what it names"),
        ("a: {<<: [x]}\n", "t.yaml:1:10 (a)", "<< takes keys from objects only"),
        (BOMB, "t.yaml:6:", "more than 500,000 values"),
        (DEEP_BY_ALIASES, "t.yaml:5:", "nested more than 100 deep"),
        # Before libyaml's 101st event comes, its scanner may have looked as far as its own limit.
        ("[" * 200_000, "t.yaml:1:1", "nested more than 100 deep"),
        (
            "a:\n" + "".join(f"{' ' * n}- \n" for n in range(1, 300)),
            "t.yaml:101:",
            "nested more than 100 deep",
        ),
    ],
)
def test_an_error_has_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_yaml(text, "t.yaml")
    assert str(caught.value.location).startswith(place)
    assert message in caught.value.message
    assert caught.value.cure


def test_a_tab_gets_its_own_cure() -> None:
    with pytest.raises(DefinitionError) as caught:
        read_yaml("a:\n\tb: 1\n", "t.yaml")
    assert caught.value.cure == "indent with spaces: YAML allows no tabs there"

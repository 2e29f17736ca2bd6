"""The tree of an explanation tells the truth, which is the evaluator's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patterns.trees import RECORDS, SYNTAXES
from tests.vectors.cases import cases
from trailwarden.patterns import explain, parse
from trailwarden.patterns.explain_model import Kind, Node
from trailwarden.patterns.explain_values import LONGEST, MOST_LEVELS, shown
from trailwarden.patterns.printer import print_syntax

MESSAGES = (
    RECORDS
    | st.text(max_size=30)
    | st.lists(st.sampled_from('a1["] *é4'), max_size=20).map("".join)
)


def check(node: Node) -> None:
    """Every inner node follows from its children, and leaves have none."""
    counted = [child.holds for child in node.children if child.counts]
    if node.kind is Kind.AND:
        assert node.holds == all(counted)
    elif node.kind is Kind.OR:
        assert node.holds == any(counted)
    elif node.kind is Kind.NOT:
        assert [not node.holds] == counted
    else:
        assert not node.children
        assert node.text or node.kind is Kind.EVERYTHING
    for child in node.children:
        check(child)


def leaves(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in leaves(child)] or [node]


@pytest.mark.parametrize("case", cases("filter-patterns.json", "match"))
def test_every_vector(case: dict[str, Any]) -> None:
    explanation = explain(parse(case["pattern"]), case["message"])
    assert explanation.matches == case["matches"]
    check(explanation.root)


@given(SYNTAXES.map(print_syntax), MESSAGES)
def test_the_root_is_the_evaluators_answer(text: str, message: str) -> None:
    pattern = parse(text)
    explanation = explain(pattern, message)
    assert explanation.matches == pattern.matches(message)
    check(explanation.root)


@given(
    SYNTAXES.map(print_syntax),
    st.binary(max_size=40) | MESSAGES.map(lambda m: m.encode("utf-8", "replace")),
)
def test_bytes_are_explained_alike(text: str, message: bytes) -> None:
    pattern = parse(text)
    assert explain(pattern, message).matches == pattern.matches(message)


@given(SYNTAXES.map(print_syntax), RECORDS)
def test_leaves_of_json_patterns_are_patterns_themselves(text: str, message: str) -> None:
    explanation = explain(parse(text), message)
    for leaf in leaves(explanation.root):
        if leaf.kind is Kind.CONDITION:
            assert parse(f"{{{leaf.text}}}").matches(message) == leaf.holds
            if leaf.wanted or leaf.operator != "NOT EXISTS":
                again = f"{{ {leaf.selector} {leaf.operator} {leaf.wanted} }}"
                assert parse(again).syntax == parse(f"{{{leaf.text}}}").syntax


def only(pattern: str, message: object) -> Node:
    """The only leaf."""
    text = message if isinstance(message, str) else json.dumps(message)
    (leaf,) = leaves(explain(parse(pattern), text).root)
    return leaf


def test_a_leaf_says_what_was_asked_and_what_is_there() -> None:
    leaf = only('{ $.userIdentity.type = "Root" }', {"userIdentity": {"type": "IAMUser"}})
    assert (leaf.selector, leaf.operator, leaf.wanted) == ("$.userIdentity.type", "=", "Root")
    assert [(f.type, f.shown, f.holds) for f in leaf.found] == [("string", '"IAMUser"', False)]
    assert leaf.reason == ""


@pytest.mark.parametrize(
    ("pattern", "message", "holds", "said"),
    [
        ('{ $.a != "x" }', {}, False, "fails != as well: add || ($.a NOT EXISTS)"),
        ('{ $.a != "x" }', {"a": None}, False, "null satisfies no comparison, not even !="),
        ("{ $.a NOT EXISTS }", {"a": None}, False, "IS NULL asks for it"),
        ("{ $.a IS NULL }", {}, False, "NOT EXISTS asks for it"),
        ("{ $.a IS NULL }", {"a": [1, None]}, True, "one of its elements is null"),
        ("{ $.a IS TRUE }", {"a": "true"}, False, '= "true" asks for it'),
        ("{ $.a = true }", {"a": True}, False, "IS TRUE and IS FALSE ask for it"),
        ("{ $.a = 1 }", {"a": [1]}, False, "name an element with [0]"),
        ("{ $.a = 1 }", {"a": {}}, False, "name a member"),
        ("{ $.a > 5 }", {"a": "10"}, False, "no order, even where it spells a number"),
        ("{ $.a > 5 }", {"a": "x"}, False, "only numbers have"),
        ("{ $.a = 1 }", {"a": "1.0"}, False, "a string is compared as text"),
        ('{ $.a = "1" }', '{"a": 1.0}', False, "compared with the number's spelling"),
        ('{ $.a != "1" }', '{"a": 1.0}', True, "compared with the number's spelling"),
        ("{ $.a = 1 }", '{"a": 1.0}', True, ""),
        ("{ $.a != 1 }", {"a": "1.0"}, True, "a string is compared as text"),
        ("[a = 5, ...]", "5.0", True, ""),
        ("{ $.a = root }", {"a": "Root"}, False, "only in upper and lower case"),
        ("{ $.a != root }", {"a": "Root"}, True, "only in upper and lower case"),
        ("{ $.a = x }", {"a": "x "}, False, "white space"),
        ("{ $.a = AccessDenied }", {"a": "AccessDeniedException"}, False, "a star at its end"),
        ("{ $.a = Denied }", {"a": "AccessDenied"}, False, "stars at its ends"),
        ("{ $.a = Denied* }", {"a": "AccessDenied"}, False, "stars at both ends"),
        ("{ $.a = Ev*ent }", {"a": "Event"}, False, "in the middle"),
        ("{ $.EventName = x }", {"eventName": "x"}, False, "$.eventName, and case counts"),
        ("{ $.EventName NOT EXISTS }", {"eventName": "x"}, True, "$.eventName, and case counts"),
        ("{ $.a.b = 1 }", {"a.b": 1}, False, "written $.['a.b']"),
        ("{ $.['a.b'] = 1 }", {"a": {"b": 1}}, False, "but $.a.b"),
        ("{ $.a = 1 }", {"detail": {"a": 1}}, False, "$.detail.a"),
        ("{ $.a.b = 1 }", {"a": None}, False, "$.a is null"),
        ("{ $.a.b = 1 }", {"a": [{"b": 1}]}, False, "any with [*]"),
        ("{ $.a[2] = 1 }", {"a": [1, 2]}, False, "2 elements, counted from 0"),
        ("{ $.a[*] = 2 }", {"a": [1, 2]}, True, "any one of the 2 values is enough, and 2 does"),
        ("{ $.a[*] != 2 }", {"a": [2, 3]}, True, "and 3 does"),
        ("{ $.a.* = 2 }", {"a": [2]}, False, ""),
        ('{ $.a = "text" }', {}, False, ""),
        ("ERR", "err", False, "other upper and lower case"),
        ('"ERR*"', "ERROR", False, "no wildcards"),
        ("[a = 3]", "3 4", False, "takes the rest of the message, 2 values"),
        ("[a, b > 3]", "1 x", False, "only numbers have"),
    ],
)
def test_traps_are_named(pattern: str, message: object, holds: bool, said: str) -> None:
    text = message if isinstance(message, str) else json.dumps(message)
    leaf = [n for n in leaves(explain(parse(pattern), text).root) if n.kind is not Kind.COUNT][-1]
    assert leaf.holds is holds
    assert said in leaf.reason
    assert said or not leaf.reason


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"l": [{"a": 1, "b": 1}, {"a": 2, "b": 2}]}, "no one value of $.l[*] meets them all"),
        ({"l": [{"a": 1, "b": 2}, {"a": 2}]}, ""),
        ({"l": [{"a": 1}]}, ""),
    ],
)
def test_conditions_met_by_different_elements(message: object, said: str) -> None:
    root = explain(parse("{ $.l[*].a = 1 && $.l[*].b = 2 }"), json.dumps(message)).root
    assert said in root.reason
    assert said or not root.reason


def test_conditions_under_different_wildcards_are_apart_anyway() -> None:
    message = '{"l": [{"a": 1}], "m": [{"b": 2}], "n": 3}'
    root = explain(parse("{ $.l[*].a = 1 && $.m[*].b = 2 && $.n = 3 }"), message).root
    assert (root.holds, root.reason) == (True, "")


def test_terms_that_do_not_count_are_told_so() -> None:
    root = explain(parse("?a -b c"), "c").root
    assert root.holds
    assert [child.counts for child in root.children] == [False, True, True]
    assert root.children[1].kind is Kind.NOT


def test_an_excluded_term() -> None:
    root = explain(parse("-b"), "abc").root
    assert (root.kind, root.holds, root.children[0].holds) == (Kind.NOT, False, True)


def test_too_few_values() -> None:
    root = explain(parse("[a, b = 1]"), "x").root
    assert [child.holds for child in root.children] == [False, False, False]
    assert "fewer values" in root.children[0].reason
    assert [f.type for f in root.children[2].found] == ["absent"]


@pytest.mark.parametrize("message", ["plain", "[1]", '{"a": 1', "3"])
def test_what_is_no_object(message: str) -> None:
    explanation = explain(parse("{ $.a NOT EXISTS || $.b != 1 }"), message)
    assert not explanation.matches
    assert "no JSON object" in explanation.remark
    check(explanation.root)


def test_values_are_bounded_and_numbers_keep_their_spelling() -> None:
    assert only("{ $.a = 1 }", '{"a": 1.50e0}').found[0].shown == "1.50e0"
    assert only("{ $.a = 1 }", '{"a": {"b": [1.50]}}').found[0].shown == '{"b":[1.50]}'
    for value in ("x" * 100_000, ["y" * 500] * 500, {str(n): n for n in range(500)}, 10**5000):
        assert len(shown(value)) <= LONGEST
        assert shown(value).rstrip("]}").endswith("…")


def test_a_message_of_any_depth() -> None:
    deep = '{"a":' * 20_000 + "1" + "}" * 20_000
    found = only("{ $.a = 1 }", deep).found[0]
    assert found.shown.count("{") == MOST_LEVELS + 1


def test_many_values_under_a_wildcard_are_counted() -> None:
    leaf = only("{ $.a[*] = 7 }", {"a": list(range(1000))})
    assert (leaf.holds, leaf.found_count) == (True, 1000)
    assert len(leaf.found) < 10

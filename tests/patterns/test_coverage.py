"""Which clauses of a pattern messages have covered, held against flipping each clause by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.patterns import parse
from trailwarden.patterns.coverage import Clause, Coverage
from trailwarden.patterns.implying import implies
from trailwarden.patterns.model import And, Comparison, Condition, JsonSyntax, Or


def seen(pattern: str, *messages: str) -> dict[str, Clause]:
    coverage = Coverage(parse(pattern))
    for message in messages:
        coverage.add(message)
    return {clause.text: clause for clause in coverage.clauses}


def test_an_and_of_ors() -> None:
    pattern = "{ $.s = iam && ($.n = A || $.n = B) }"
    found = seen(pattern, '{"s": "iam", "n": "A"}')
    assert [clause.gaps for clause in found.values()] == [
        ("never false",),
        ("never false",),
        ("never true", "false decided nothing"),
    ]
    found = seen(
        pattern,
        '{"s": "iam", "n": "A"}',
        '{"s": "iam", "n": "B"}',
        '{"s": "iam", "n": "C"}',
        '{"s": "sso", "n": "A"}',
    )
    assert all(clause.is_covered and not clause.gaps for clause in found.values())


def test_true_and_without_effect() -> None:
    found = seen("{ $.a = 1 || $.b = 2 }", '{"a": 1, "b": 2}')
    assert found["$.a = 1"].gaps == ("true decided nothing", "never false")
    found = seen("{ $.a = 1 && $.b = 2 }", '{"a": 1}', "{}")
    assert found["$.a = 1"].gaps == ("never decided",)


def test_what_another_clause_says_already() -> None:
    found = seen('{ $.e = "AccessDenied*" || $.e = "*Denied*" || $.e = "Denied" || $.x = 1 }')
    assert [clause.redundant for clause in found.values()] == [
        "$.e = *Denied*",
        "",
        "$.e = *Denied*",
        "",
    ]
    found = seen('{ $.e = "A*" && $.e = "AB" }')
    assert [clause.redundant for clause in found.values()] == ["$.e = AB", ""]


def test_terms() -> None:
    found = seen("ERROR -debug", "ERROR here", "ERROR debug", "fine")
    assert [(c.text, c.is_covered) for c in found.values()] == [("ERROR", True), ("debug", True)]
    found = seen("?a ?b", "a", "c")
    assert [clause.gaps for clause in found.values()] == [(), ("never true",)]
    assert list(seen("a ?ignored", "a")) == ["a"]


def test_fields() -> None:
    found = seen("[ip, status = 4* || status = 5*, bytes > 10]", "x 404 20", "x 200 20", "x 404 1")
    assert [clause.is_covered for clause in found.values()] == [True, False, True]
    assert "ip" not in found


def test_the_empty_pattern_has_no_clauses() -> None:
    assert seen("", "anything") == {}


@pytest.mark.parametrize("message", ["", "[1]", "{", "null", "\ud800"])
def test_no_message_is_too_odd(message: str) -> None:
    for pattern in ("{ $.a = 1 }", "a -b", "[x = 1]", ""):
        for clause in seen(pattern, message).values():
            assert clause.true is not clause.false


_LEAVES = [f"$.{name} = 1" for name in "abcd"]
_TREES = st.recursive(
    st.sampled_from(_LEAVES),
    lambda below: st.tuples(st.sampled_from([" && ", " || "]), below, below).map(
        lambda parts: f"({parts[1]}{parts[0]}{parts[2]})"
    ),
    max_leaves=8,
)


def truth(node: Condition, truths: list[bool]) -> bool:
    """The tree's truth, taking those of its leaves off the list from the left."""
    if isinstance(node, And | Or):
        found = [truth(child, truths) for child in node.children]
        return all(found) if isinstance(node, And) else any(found)
    return truths.pop(0)


@given(_TREES, st.dictionaries(st.sampled_from("abcd"), st.integers(0, 1), max_size=4))
def test_a_clause_decides_where_flipping_it_flips_the_pattern(
    tree: str, message: dict[str, int]
) -> None:
    pattern = parse(f"{{ {tree} }}")
    coverage = Coverage(pattern)
    coverage.add(json.dumps(message))
    assert isinstance(pattern.syntax, JsonSyntax)
    truths = [clause.true for clause in coverage.clauses]
    whole = truth(pattern.syntax.root, truths.copy())
    assert whole == pattern.matches(json.dumps(message))
    for number, clause in enumerate(coverage.clauses):
        flipped = [holds is not (place == number) for place, holds in enumerate(truths)]
        decides = truth(pattern.syntax.root, flipped) is not whole
        assert (clause.decided_true, clause.decided_false) == (
            clause.true and decides,
            clause.false and decides,
        )


_WIDE = st.recursive(
    st.text("xy*", min_size=1, max_size=3).map('$.a = "{}"'.format),
    lambda below: st.tuples(st.sampled_from([" && ", " || "]), below, below).map(
        lambda parts: f"({parts[1]}{parts[0]}{parts[2]})"
    ),
    max_leaves=5,
)


@given(_WIDE, st.lists(st.text("xy", max_size=4), max_size=20))
def test_what_is_redundant_is_never_covered(tree: str, values: list[str]) -> None:
    coverage = Coverage(parse(f"{{ {tree} }}"))
    for value in values:
        coverage.add({"a": value})
    assert not [one for one in coverage.clauses if one.redundant and one.is_covered]


_TEXTS = st.text("ab*", min_size=1, max_size=4)


@given(_TEXTS, _TEXTS, st.text("ab", max_size=5))
def test_what_implies_holds_wherever_it_should(one: str, other: str, value: str) -> None:
    first, second = parse(f'{{ $.x = "{one}" }}'), parse(f'{{ $.x = "{other}" }}')
    leaf, wide = first.syntax, second.syntax
    assert isinstance(leaf, JsonSyntax)
    assert isinstance(wide, JsonSyntax)
    assert isinstance(leaf.root, Comparison)
    assert isinstance(wide.root, Comparison)
    if implies(leaf.root, wide.root) and first.matches({"x": value}):
        assert second.matches({"x": value})

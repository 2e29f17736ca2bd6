"""``str(pattern)`` parses to an equal tree, and quotes no more than is safe."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given

from tests.patterns.trees import SYNTAXES
from trailwarden.patterns import parse
from trailwarden.patterns.model import Syntax
from trailwarden.patterns.parser import MAX_LENGTH
from trailwarden.patterns.printer import print_syntax


@given(SYNTAXES)
def test_every_tree_survives_printing(syntax: Syntax) -> None:
    text = print_syntax(syntax)
    assert parse(text).syntax == syntax
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  ", ""),
        ("{$.a=1&&$.b=\"x y\"||$.c IS TRUE}", '{ ($.a = 1 && $.b = "x y") || $.c IS TRUE }'),
        ("{((($.a=1))&&($.b!=x*||$.['c d'][*]NOT EXISTS))}",
         "{ $.a = 1 && ($.b != x* || $.['c d'][*] NOT EXISTS) }"),
        ('{ $.eventSource = "kms.amazonaws.com" }', "{ $.eventSource = kms.amazonaws.com }"),
        ('{ $.a = "1" }', '{ $.a = "1" }'),
        ('{ $.a = "null" || $.a = NOT || $.a = "us-east-1" }',
         '{ $.a = "null" || $.a = "NOT" || $.a = "us-east-1" }'),
        ("{ $.['a'] = %x{2}% }", "{ $.a = %x{2}% }"),
        ("[ip,...,status=404||status=4*&&status>1 ,]",
         "[ip, ..., status = 404 || status = 4* && status > 1, ]"),
        ("[k=SPACE]", '[k = "SPACE"]'),
        ('-"a"   ?"b c" %d%', '-a ?"b c" %d%'),
        ('"say \\"hi\\\\"', '"say \\"hi\\\\"'),
    ],
)  # fmt: skip
def test_the_canonical_spelling(text: str, printed: str) -> None:
    assert str(parse(text)) == printed


def test_a_pattern_near_the_limit_is_printed_without_blanks() -> None:
    parts = ["$.a=us-east-1", "$.['b c'][0]IS NULL", "($.c=NOT||$.d=1)"]
    text = "{" + "&&".join(parts * 18)
    text += "&&$.e=" + "x" * (MAX_LENGTH - len(text) - 7) + "}"
    assert len(text) == MAX_LENGTH
    pattern = parse(text)
    assert str(pattern) == text


def test_patterns_are_values() -> None:
    one, same, other = parse("{$.a=1}"), parse("{$.a=1}"), parse("{ $.a = 1 }")
    assert one == same
    assert len({one, same, other}) == 2
    assert one.syntax == other.syntax
    assert one.matches('{"a":1}')
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    assert copy.matches('{"a":1}')
    with pytest.raises(AttributeError):
        one.text = "x"  # type: ignore[misc]

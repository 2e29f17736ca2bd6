"""Patterns that cannot be read as they are, and what they are meant to say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stack.lint.test_fix import PLAIN, fixed
from trailwarden.errors import DefinitionError, PatternError
from trailwarden.patterns import parse
from trailwarden.stack.lint.fixing.changes import Respell
from trailwarden.stack.lint.fixing.refused import respelled

WRITTEN = "'{ $.eventName = StopLogging }'"


def after(pattern: str) -> str:
    return Respell((), pattern, respelled(pattern)).text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{ $.a == b }", "{ $.a = b }"),
        ("{ $.a !== b }", "{ $.a != b }"),
        ("{ $.a <> 1 and $.b => 2 OR $.c =< 3 }", "{ $.a != 1 && $.b >= 2 || $.c <= 3 }"),
        ("{ ($.a = b) & ($.c = d) | ($.e = f) }", "{ ($.a = b) && ($.c = d) || ($.e = f) }"),
        ("{ $.a = 'b c' }", '{ $.a = "b c" }'),
        ("{ $.a = \u201cb c\u201d }", '{ $.a = "b c" }'),
        ("{ $.a\u00a0= b }", "{ $.a = b }"),
        ("{ $.a not exists && $.b is Null }", "{ $.a NOT EXISTS && $.b IS NULL }"),
        ('{ $.a = "x == y and z" AND $.b = c }', '{ $.a = "x == y and z" && $.b = c }'),
        ("{ $.['x and y'] == %a|b% }", "{ $.['x and y'] = %a|b% }"),
    ],
)
def test_spellings(wrong: str, right: str) -> None:
    with pytest.raises(PatternError):
        parse(wrong)
    assert after(wrong) == right


@pytest.mark.parametrize("pattern", ["{ $.a = b c }", "{ $.a", "{ $.a == }", "{ a == b }"])
def test_what_is_not_known(pattern: str) -> None:
    assert respelled(pattern) == ()


@given(st.text("{}$.ab =!<>&|'\"()and or", max_size=30))
def test_what_comes_out_can_be_read(text: str) -> None:
    if respelled(text):
        parse(after(text))


def test_a_template_that_is_refused_for_two_patterns() -> None:
    more = PLAIN.replace("Stops:\n", "Starts:\n")
    filters = more[more.index("  Starts:") : more.index("  Alarm:")]
    text = PLAIN.replace(WRITTEN, "'{ $.a == \"it''s\" }' # why") + filters.replace(
        WRITTEN, json.dumps("{ $.b = c AND $.d = e }")
    )
    result = fixed(text, "TW000")
    assert result.text == text.replace("==", "=").replace("AND", "&&")
    assert [finding.code for finding in result.fixed] == ["TW000", "TW000"]
    assert result.fixed[0].location.line == 5


def test_what_is_not_wanted_is_refused() -> None:
    with pytest.raises(PatternError):
        fixed(PLAIN.replace(WRITTEN, "'{ $.a == b }'"), "TW303")


def test_other_errors_remain() -> None:
    text = PLAIN.replace(WRITTEN, "'{ $.a == b }'").replace("Period: 300", "Period: 90")
    with pytest.raises(DefinitionError, match="Period"):
        fixed(text)

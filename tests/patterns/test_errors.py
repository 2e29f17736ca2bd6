"""Errors say where a pattern goes wrong, what AWS answers, and what was probably meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patterns.trees import SYNTAXES
from trailwarden.errors import PatternError
from trailwarden.patterns import parse
from trailwarden.patterns.model import Syntax
from trailwarden.patterns.printer import print_syntax

# A name, a keyword, a number or an operator of which the end is missing: wrong from its start.
UNFINISHED = re.compile(r"[A-Za-z0-9_.+*-]*|[&|!]")

# ¦ stands before the first character that cannot be used; then a part of the cure.
CASES = [
    # JSON: words and operators of other languages
    ("{ $.v ¦EXISTS }", "NOT EXISTS"),
    ("{ $.v ¦exists }", "NOT EXISTS"),
    ("{ $.v IS ¦NOT NULL }", "IS NOT is not part"),
    ("{ $.v IS ¦null }", "IS NULL (in upper case)"),
    ("{ $.v IS ¦Root }", "= with a value"),
    ("{ $.v ¦is NULL }", "in upper case"),
    ("{ $.v NOT ¦exists }", "NOT EXISTS (in upper case)"),
    ("{ $.v NOT ¦NULL }", "NOT EXISTS"),
    ("{ $.v ¦not EXISTS }", "NOT EXISTS"),
    ("{ $.v =¦= 1 }", "did you mean ="),
    ("{ $.v = ¦= 1 }", "did you mean ="),
    ("{ $.v =¦> 1 }", "did you mean >="),
    ("{ $.v =¦< 1 }", "did you mean <="),
    ("{ $.v <¦> 1 }", "did you mean !="),
    ("{ $.v =¦~ abc }", "%regex%"),
    ("{ $.v !=¦= 1 }", "did you mean !="),
    ("{ $.v ¦~ abc }", "%regex%"),
    ("{ $.v ¦: 1 }", "did you mean ="),
    ("{ $.v ¦LIKE abc }", '= "*text*"'),
    ("{ $.v ¦in abc }", "||"),
    ("{ $.v ¦! = 1 }", "!="),
    ("{ $.a = 1 ¦AND $.b = 2 }", "did you mean &&"),
    ("{ $.a = 1 ¦and $.b = 2 }", "did you mean &&"),
    ("{ ($.a = 1) ¦OR ($.b = 2) }", "did you mean ||"),
    ("{ $.a = 1 ¦& $.b = 2 }", "did you mean &&"),
    ("{ $.a = 1 ¦| $.b = 2 }", "did you mean ||"),
    ("{ $.a = 1¦, $.b = 2 }", "&& or ||"),
    ("{ ¦NOT $.a = 1 }", "NOT EXISTS"),
    ("{ ¦!($.v = 1) }", "no negation"),
    # JSON: values
    ("{ $.v = ¦null }", 'IS NULL; the text is written "null"'),
    ("{ $.v != ¦null && $.x = 1 }", "IS NULL"),
    ("{ $.v = ¦}", ""),
    ("{ $.v ¦}", "$.v = *"),
    ("{ $.a = ¦'x' }", 'double quotation mark "'),
    ("{ $.a = ¦`x` }", 'double quotation mark "'),
    ("{ $.a = ¦\u201cx\u201d }", 'type "'),
    ("{ $.a = ¦$.b }", "literal"),
    ("{ $.a = a¦/b }", "needs quotation marks"),
    ("{ $.a = 10¦:00 }", "needs quotation marks"),
    ("{ $.a = x ¦y }", "text with blanks needs quotation marks"),
    ("{ $.v > ¦\"Alpha\" }", "only numbers have an order"),
    ("{ $.v > ¦\"Alpha }", "only numbers have an order"),
    ("{ $.v > ¦= 5 }", "did you mean >=, without a blank"),
    ("{ $.v = ¦&& $.x = 1 }", ""),
    ("{ ¦&& $.x = 1 }", ""),
    ("{ $.v ¦&& $.x = 1 }", "$.v = *"),
    ("{ $.v <= ¦5* }", "only numbers have an order"),
    ("{ $.v >¦\u00a05 }", "no-break space"),
    ('{ $.a = "x }¦', "" ),
    ('{ $.a = "C:\\¦temp" }', "\\\\"),
    # JSON: selectors
    ("{ ¦status = 401 }", "did you mean $.status"),
    ("{ ¦a.b = 1 }", "did you mean $.a.b"),
    ("{ ¦\"v\": [1] }", "EventBridge"),
    ("{ ¦\"v\" = 1 }", "without quotation marks"),
    ("{ $¦a = 1 }", "did you mean $.a"),
    ("{ $¦[0] = 1 }", "must be an object"),
    ("{ $¦['a'] = 1 }", "must be an object"),
    ("{ $.¦.v = 1 }", "no recursive descent"),
    ("{ $.¦\"a b\" = 1 }", "$.['key']"),
    ("{ $.a¦/b = 1 }", "$.['key']"),
    ("{ $.a¦\u00e9 = 1 }", "$.['key']"),
    ("{ $.a.[¦0] = 1 }", "$.list[0]"),
    ("{ $.[¦\"a\"] = 1 }", "$.['key']"),
    ("{ $.['a'¦ = 1 }", ""),
    ("{ $.['a] = 1 }¦", ""),
    ("{ $.a[¦-1] = 1 }", "no negative"),
    ("{ $.a[0¦:2] = 1 }", "no slices"),
    ("{ $.a[¦'b'] = 1 }", "$.a.['key']"),
    ("{ $.a[*]¦.* = 1 }", ""),
    ("{ $.a[*] = 1 || $.* = 2 || $.b.* = 3 || $.c.d¦[*] = 4 }", ""),
    # JSON: structure
    ("{ ($.a = 1 ¦}", ""),
    ("{ $.a = 1¦) }", "never opened"),
    ("{ $.a = 1 ¦$.b = 2 }", "&& or ||"),
    ("{ $.a = 1 && ¦}", ""),
    ("{ ¦}", "empty pattern"),
    ("{ $.a = 1¦", "close the pattern with }"),
    ("{ $.a = 1 &&¦", "close the pattern with }"),
    ("{ $.a = 1 } ¦x }", "one { … }"),
    # terms
    ("ERR¦*", "leave the star out"),
    ("status¦: failed", "quotation marks"),
    ("ERROR ¦[main]", "quotation marks"),
    ("¦(timeout)", "quotation marks"),
    ("¦\u201cERROR\u201d", 'type "'),
    ("¦'disk full'", 'double quotation mark "'),
    ('"¦"', ""),
    ('"ERROR¦', ""),
    ('"a"¦b', ""),
    ("ERROR -¦", "without a blank"),
    ("?¦ ERROR", "without a blank"),
    ("¦$.a = 1", "{ $.key = value }"),
    ("Zo¦\u00eb", "quotation marks"),
    # space-delimited patterns
    ("[a ¦b, c]", "separate fields with commas"),
    ("[a=1 ¦AND a=2, b]", "did you mean &&"),
    ("[a=¦, b]", ""),
    ("[a, ¦=5]", "name before the operator"),
    ("[ERROR] ¦Exception", "in quotation marks"),
    ("[unclosed¦", "close the pattern with ]"),
    ("[..., status, ¦...]", "leave a place empty"),
    ("[word, ¦word]", "leave a place empty"),
    ("[...¦fields, a]", "no name"),
    ("[¦.., a]", "did you mean ..."),
    ("[¦$a]", "without $"),
    ("[a = 4* && ¦b > 1]", "its own field"),
    ("[a = 4* && ¦(a > 1)]", "no parentheses"),
    ("[¦(a = 1)]", "no parentheses"),
    ("[a = x¦/y, b]", "needs quotation marks"),
    ("[a = 1 && a ¦IS NULL]", "IS NULL"),
    # regular expressions
    ("{ $.v = %¦(Alpha|Beta)% }", "\\x28"),
    ("%call\\¦(x\\)%", "no groups"),
    ("%hello¦!%", "\\x21"),
    ("%caf¦\u00e9%", "only ASCII"),
    ("%¦%", ""),
    ("%abc¦", ""),
    ("%[abc¦%", ""),
    ("%¦*a%", ""),
    ("%a+¦+%", ""),
    ("%^¦{3}%", ""),
    ("%a¦{3,2}%", ""),
    ("%a¦{1001}%", ""),
    ("%\\¦q%", "\\xhh"),
    ("%\\¦1%", "\\xhh"),
    ("%\\x¦2%", ""),
    ("%[z-¦a]%", ""),
    ("%[a-¦\\d]%", ""),
    ("%a\\¦%", ""),
    ("%a% %b% ¦%c%", "wildcard"),
    # the text itself
    ("x" * 1024 + "¦x", "split it"),
    ("a\n¦\ud800", ""),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "cure"), CASES)
def test_the_place_and_the_cure(marked: str, cure: str) -> None:
    text = marked.replace("¦", "")
    with pytest.raises(PatternError) as caught:
        parse(text)
    error = caught.value
    assert error.offset == marked.index("¦")
    assert cure in error.cure
    assert error.pattern == text


@pytest.mark.parametrize(
    ("text", "aws_message"),
    [
        ("{ $.a == 1", "If a filter pattern starts with '{' it must end with '}'"),
        ("  [a, b", "If a filter pattern starts with '[' it must end with ']'"),
        ("{ $.v = null }", "Invalid metric filter pattern"),
        ("[a = 1 OR a = 2]", "Invalid metric filter pattern"),
        ("{ ($.v = ) }", "Invalid metric filter pattern"),
        ("{ $.v = && $.a = 1 }", "Invalid metric filter pattern"),
        ("{ $.v != || $.a = 1 }", "Invalid metric filter pattern"),
        ("{ $.v > }", "Invalid metric filter pattern"),
        ("[a=, b]", "Invalid metric filter pattern"),
        ("[a, b >= ]", "Invalid metric filter pattern"),
        ("{ $.v = 'x' }", None),
        ('{ $.v >= "Al pha" }', "Invalid character(s) in term '\"Al pha\"'"),
        ("%[a%", "Failed to compile regular expression."),
        ("{ $.a = 1 $.b = 2 }", None),
    ],
)
def test_what_the_service_answers(text: str, aws_message: str | None) -> None:
    with pytest.raises(PatternError) as caught:
        parse(text)
    assert caught.value.aws_message == aws_message


def test_the_text_of_an_error_points_at_the_place() -> None:
    with pytest.raises(PatternError) as caught:
        parse("{ $.a = 1 AND $.b = 2 }")
    assert str(caught.value) == (
        "&&, || or } must stand here (at offset 10)\n"
        "  { $.a = 1 AND $.b = 2 }\n"
        "            ^\n"
        "  cure: did you mean &&"
    )


@given(SYNTAXES, st.data())
def test_a_character_of_no_token_is_found_where_it_stands(
    syntax: Syntax, data: st.DataObject
) -> None:
    text = print_syntax(syntax)
    place = data.draw(st.integers(0, len(text)))
    error = error_of(text[:place] + "\a" + text[place:])  # it may stand in quotation marks
    assert error is None or UNFINISHED.fullmatch(text[:place], error.offset)


@given(SYNTAXES, st.data())
def test_what_was_read_before_an_error_is_the_start_of_the_pattern(
    syntax: Syntax, data: st.DataObject
) -> None:
    """Cut anywhere, a pattern is wrong at its end or not at all: all before it can be used."""
    text = print_syntax(syntax)
    cut = text[: data.draw(st.integers(0, len(text)))].rstrip(" \t\n\r\v\f")
    error = error_of(cut)
    assert error is None or UNFINISHED.fullmatch(cut, error.offset)


def error_of(text: str) -> PatternError | None:
    try:
        parse(text)
    except PatternError as error:
        return error
    return None

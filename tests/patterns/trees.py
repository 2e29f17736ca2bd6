"""Hypothesis strategies for syntax trees, regular expressions, records and odd JSON texts."""

from __future__ import annotations

import json
import string
from typing import Any

from hypothesis import strategies as st

from trailwarden.patterns.jsonparser import join
from trailwarden.patterns.model import (
    And,
    AnyElement,
    AnyMember,
    Comparison,
    Condition,
    Constant,
    Dots,
    EverythingSyntax,
    Field,
    FieldTest,
    Index,
    Is,
    JsonSyntax,
    Key,
    Mode,
    NotExists,
    Number,
    Operator,
    Or,
    Regex,
    Selector,
    SpaceSyntax,
    Step,
    Syntax,
    Term,
    TermsSyntax,
    Text,
)

# --- values ----------------------------------------------------------------------------------
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
TELLING = st.sampled_from(
    [
        "",
        "*",
        "a",
        "a*",
        "*a",
        "a*b",
        "1",
        "1.0",
        "-0",
        "null",
        "AND",
        "true",
        "é",
        'q"',
        "b\\",
        "a\n",
    ]
)
TEXTS = st.builds(Text, TELLING | ANY_TEXT)
NUMBERS = st.builds(
    Number, st.sampled_from(["0", "1", "-1", "1.0", "1e0", "+5", "007", "10", "1e-3", "1e400"])
)
REGEXES = st.builds(Regex, st.sampled_from(["a", "^a$", "[^a]", "\\d+", "a{,2}b", "x|1", "\\x22"]))

EQUALITY = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])
ORDERING = st.sampled_from([o for o in Operator if o not in (Operator.EQUAL, Operator.NOT_EQUAL)])


def tests_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Operator, Any]]:
    return st.tuples(EQUALITY, values) | st.tuples(ORDERING, NUMBERS)


# --- JSON patterns -----------------------------------------------------------------------------
KEYS = st.sampled_from(["a", "b", "c", "é", "a.b", 'q"', "", "b\\", "x-1", "\n"])
PLAIN_STEPS = st.builds(Key, KEYS) | st.builds(Key, KEYS) | st.builds(Index, st.integers(0, 2))
PLAIN_SELECTORS = st.lists(PLAIN_STEPS, max_size=2).flatmap(
    lambda steps: st.builds(Key, KEYS).map(lambda first: Selector((first, *steps)))
)
WILDCARDS: list[Step] = [AnyElement(), AnyMember()]
WILD_SELECTORS = st.tuples(
    st.lists(st.builds(Key, KEYS), min_size=1, max_size=2),
    st.sampled_from(WILDCARDS),
    st.lists(PLAIN_STEPS, max_size=1),
).map(lambda parts: Selector((*parts[0], parts[1], *parts[2])))


def leaves(
    selectors: st.SearchStrategy[Selector], values: st.SearchStrategy[Any]
) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(lambda s, t: Comparison(s, *t), selectors, tests_of(values)),
        st.builds(Is, selectors, st.sampled_from(list(Constant))),
        st.builds(NotExists, selectors),
    )


def conditions(leaf: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaf,
        lambda children: st.lists(children, min_size=2, max_size=3).flatmap(
            lambda some: st.sampled_from([join(And, some), join(Or, some)])
        ),
        max_leaves=8,
    )


@st.composite
def json_syntaxes(draw: st.DrawFn) -> JsonSyntax:
    """JSON patterns, within the limits on wildcards and regular expressions."""
    plain = conditions(leaves(PLAIN_SELECTORS, TEXTS | NUMBERS))
    rich = leaves(PLAIN_SELECTORS | WILD_SELECTORS, TEXTS | NUMBERS | REGEXES)
    some = [draw(plain), *draw(st.lists(rich, max_size=2))]
    return JsonSyntax(join(draw(st.sampled_from([And, Or])), some))


# --- the other languages -------------------------------------------------------------------------
TERMS = st.builds(Term, st.sampled_from(list(Mode)), TEXTS.filter(lambda text: text.text != ""))
REGEX_TERMS = st.builds(Term, st.sampled_from(list(Mode)), REGEXES)
TERMS_SYNTAXES = st.builds(
    lambda terms, regexes: TermsSyntax((*terms, *regexes)),
    st.lists(TERMS, min_size=1, max_size=5),
    st.lists(REGEX_TERMS, max_size=2),
)


@st.composite
def space_syntaxes(draw: st.DrawFn) -> SpaceSyntax:
    names = draw(
        st.lists(
            st.none()
            | st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=4),
            max_size=5,
            unique_by=lambda name: name if name is not None else object(),
        )
    )
    tests = tests_of(TEXTS | NUMBERS).map(lambda test: FieldTest(*test))
    groups = st.lists(st.lists(tests, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
    fields: list[Field | Dots] = [Field(n, () if n is None else draw(groups)) for n in names]
    if fields == [Field(None)]:
        fields = []  # one unnamed field alone cannot be written
    if draw(st.booleans()):
        fields.insert(draw(st.integers(0, len(fields))), Dots())
    return SpaceSyntax(tuple(fields))


SYNTAXES: st.SearchStrategy[Syntax] = st.one_of(
    json_syntaxes(), TERMS_SYNTAXES, space_syntaxes(), st.just(EverythingSyntax())
)

# --- records -------------------------------------------------------------------------------------
SPELLED_NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "1",
        "1.0",
        "1e0",
        "10E-1",
        "-1",
        "0.001",
        "1e400",
        "12345678901234567890123",
        "2.50",
    ]
)
ESCAPED = st.sampled_from(
    [
        '"a"',
        '"\\u0061"',
        '"q\\""',
        '"b\\\\"',
        '"\\u00e9"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"1"',
        '""',
    ]
)
SCALARS = st.one_of(
    SPELLED_NUMBERS,
    ESCAPED,
    st.sampled_from(["null", "true", "false"]),
    (TELLING | ANY_TEXT).map(json.dumps),
    ANY_TEXT.map(lambda text: json.dumps(text, ensure_ascii=False)),
)
MEMBERS = KEYS.map(json.dumps) | st.sampled_from(['"\\u0061"', '"\\u00e9"', '"other"'])


def _containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blank = st.sampled_from(["", " ", "\n\t"])
    arrays = st.tuples(blank, st.lists(values, max_size=3)).map(
        lambda parts: f"[{parts[0]}{','.join(parts[1])}]"
    )
    return arrays | objects(values)


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """JSON objects as text; keys may repeat."""
    members = st.tuples(MEMBERS, st.sampled_from([":", " : "]), values).map("".join)
    return st.lists(members, max_size=5).map(lambda some: f"{{{','.join(some)}}}")


RECORDS = objects(st.recursive(SCALARS, _containers, max_leaves=6))
"""JSON objects as text: odd shapes, escapes, repeated keys, oddly spelled numbers."""

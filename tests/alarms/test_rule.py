"""Alarm rules of composite alarms: reading and evaluating them (rules C-21 to C-25)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.alarms import State, alarm_name, parse_rule
from trailwarden.errors import RuleError

_STATES: dict[str, State] = {"t": "ALARM", "f": "OK", "u": "INSUFFICIENT_DATA"}
_SPELLINGS = {
    "ALARM(t)": True,
    'ALARM( "f" )': False,
    "OK(f)": True,
    "OK(u)": False,
    "INSUFFICIENT_DATA(u)": True,
    "TRUE": True,
    "false": False,
    "AT_LEAST(2, NOT ALARM, (t, f, u))": True,
    "AT_LEAST(67%, ALARM, (t, f, u))": False,
}


@st.composite
def _rules(draw: st.DrawFn) -> tuple[str, bool]:
    """A rule with few brackets, and what it means: NOT before AND before OR (rule C-22)."""

    def disjunction(depth: int) -> tuple[str, bool]:
        parts = [conjunction(depth) for _ in range(draw(st.integers(1, 3)))]
        return " OR ".join(text for text, _ in parts), any(value for _, value in parts)

    def conjunction(depth: int) -> tuple[str, bool]:
        parts = [unary(depth) for _ in range(draw(st.integers(1, 3)))]
        return " AND ".join(text for text, _ in parts), all(value for _, value in parts)

    def unary(depth: int) -> tuple[str, bool]:
        negations = draw(st.integers(0, 2))
        if depth and draw(st.booleans()):
            text, value = disjunction(depth - 1)
            text = f"({text})"
        else:
            text = draw(st.sampled_from(sorted(_SPELLINGS)))
            value = _SPELLINGS[text]
        return "NOT " * negations + text, value != bool(negations % 2)

    return disjunction(3)


@settings(max_examples=100, deadline=None)
@given(_rules())
def test_rules_mean_what_they_say(rule: tuple[str, bool]) -> None:
    text, value = rule
    assert parse_rule(text).evaluate(_STATES) is value


@given(st.text(alphabet='ALRMOKNDT_(), "\\%12ab\n', max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    error = None
    try:
        parse_rule(text)
    except RuleError as refused:
        error = refused
    if error is not None:
        assert 0 <= error.offset <= len(text)
        assert error.rule == text
        assert error.field == "AlarmRule"


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("a AND b", 0, "a condition must stand here"),
        ("ALARM(a) AND", 12, "a condition must stand here"),
        ("ALARM(a) ALARM(b)", 9, "AND, OR or the end"),
        ("ALARM(my alarm)", 9, "')' must follow"),
        ("ALARM a", 6, "'(' must follow"),
        ("ALARM()", 6, "the name of an alarm"),
        ('ALARM("")', 6, "the name of an alarm"),
        ('ALARM("a', 6, "never closed"),
        ("(ALARM(a) OR (ALARM(b))", 0, "never closed"),
        ("ALARM(a))", 8, "never opened"),
        ("alarm(a)", 0, "a condition must stand here"),
        ("NOT", 3, "a condition must stand here"),
        ("()", 1, "a condition must stand here"),
        ("AT_LEAST(0, ALARM, (a))", 9, "never be what is meant"),
        ("AT_LEAST(3, ALARM, (a, b))", 9, "never be what is meant"),
        ("AT_LEAST(101%, ALARM, (a, b))", 9, "never be what is meant"),
        ("AT_LEAST(half, ALARM, (a, b))", 9, "a count"),
        ("AT_LEAST(1, TRUE, (a))", 12, "ALARM, OK or INSUFFICIENT_DATA"),
        ("AT_LEAST(1, ALARM, a)", 19, "'(' must follow"),
        ("TRUE OR " + "ALARM(a) OR " * 900 + "FALSE", 10_240, "longer than 10,240"),
        ("TRUE OR " * 500 + "TRUE", 4000, "more than 500 elements"),
    ],
)
def test_errors_say_where(text: str, offset: int, message: str) -> None:
    with pytest.raises(RuleError, match="AlarmRule") as raised:
        parse_rule(text)
    assert raised.value.offset == offset
    assert message in raised.value.message


def test_children_are_limited_and_counted_once() -> None:
    """Rule C-25."""
    names = [f"a{number}" for number in range(100)]
    rule = parse_rule(" OR ".join(f"ALARM({name})" for name in [*names, "a0"]))
    assert rule.children() == tuple(names)
    with pytest.raises(RuleError, match="more than 100 alarms"):
        parse_rule(f"AT_LEAST(1, OK, ({', '.join([*names, 'another'])}))")


def test_deep_rules_do_not_recurse() -> None:
    assert parse_rule("NOT " * 2559 + "TRUE").evaluate({}) is False
    assert parse_rule("(" * 499 + "TRUE" + ")" * 499).evaluate({}) is True
    with pytest.raises(RuleError, match="elements"):
        parse_rule("(" * 5000)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("root-use", "root-use"),
        ("arn:aws:cloudwatch:us-east-1:111122223333:alarm:a:b c", "a:b c"),
        ("arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:x", "x"),
        (
            "arn:aws:sns:us-east-1:111122223333:alarm:x",
            "arn:aws:sns:us-east-1:111122223333:alarm:x",
        ),
    ],
)
def test_references(reference: str, name: str) -> None:
    """Rule C-21."""
    assert alarm_name(reference) == name
    assert parse_rule(f'ALARM("{reference}")').children() == (name,)


def test_escapes_in_quoted_names() -> None:
    assert parse_rule(r'ALARM("a\"b\\c\d")').children() == ('a"b\\c\\d',)

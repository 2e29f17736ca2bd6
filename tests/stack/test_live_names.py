"""Alarm rules that are about the same alarms under other names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.alarms.rule import parse_rule
from trailwarden.stack.live.rule_names import rule_about

NEW = {"a": "a (here)", 'q"\\': 'q"\\ (here)', "OK": "OK (here)", "b": "b"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(a)", 'ALARM("a (here)")'),
        ('ALARM("a") AND NOT OK( a )', 'ALARM("a (here)") AND NOT OK( "a (here)" )'),
        ("ALARM(b) OR ALARM(unknown)", "ALARM(b) OR ALARM(unknown)"),
        ("OK(a)", 'OK("a (here)")'),
        ("OK (a)", 'OK ("a (here)")'),
        ('OK("OK")', 'OK("OK (here)")'),
        ("ALARM(ab) OR ALARM(ba)", "ALARM(ab) OR ALARM(ba)"),
        (r'ALARM("q\"\\")', r'ALARM("q\"\\ (here)")'),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:a)", 'ALARM("a (here)")'),
        ("AT_LEAST(1, ALARM, (a, b))", 'AT_LEAST(1, ALARM, ("a (here)", b))'),
        ("true AND FALSE", "true AND FALSE"),
    ],
)
def test_names_are_replaced_and_nothing_else(rule, expected):
    assert rule_about(rule, NEW) == expected


def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


names = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=8).filter(
    lambda name: not name.startswith("arn:")
)


@given(st.dictionaries(names, names, min_size=1, max_size=4))
def test_the_rule_is_about_the_new_names(renamed):
    rule = " AND ".join(f"NOT (OK({quoted(name)}) OR FALSE)" for name in renamed)
    children = parse_rule(rule_about(rule, renamed)).children()
    assert children == tuple(dict.fromkeys(renamed.values()))

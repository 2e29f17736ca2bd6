"""Lint over any pattern there can be: it never raises, and what it is certain of is so."""

from __future__ import annotations

import json

from hypothesis import assume, given, settings

from tests.patterns.trees import RECORDS, SYNTAXES
from tests.stack.lint.stacks import filter_of, stack_of
from trailwarden.patterns import parse
from trailwarden.patterns.model import Syntax
from trailwarden.patterns.parser import MAX_LENGTH
from trailwarden.patterns.printer import print_syntax
from trailwarden.stack.lint import lint
from trailwarden.text import visible

ALL_HAVE = (
    "awsRegion",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
)


def has_what_all_have(record: str) -> bool:
    """Whether it has texts where every event of CloudTrail has one."""
    fields = json.loads(record)
    return all(isinstance(fields.get(name), str) for name in ALL_HAVE)


@settings(max_examples=150, deadline=None)
@given(SYNTAXES, RECORDS)
def test_any_pattern(syntax: Syntax, record: str) -> None:
    text = print_syntax(syntax)
    assume(len(text) <= MAX_LENGTH)
    findings = lint(stack_of(filter_of(text)))
    codes = {finding.code for finding in findings}
    if parse(text).matches(record):
        assert "TW101" not in codes
    elif has_what_all_have(record):
        assert "TW102" not in codes
    for finding in findings:
        for shown in (finding.message, finding.cure):
            assert shown == visible(shown)
            assert 0 < len(shown) <= 600

"""Lint over the built-in stacks. Over the stack that this project replaces: test_original.py."""

from __future__ import annotations

import pytest

from tests.stack.lint.stacks import codes_of, stack_of
from trailwarden.stack import load
from trailwarden.stack.builtin import NAMES, read
from trailwarden.stack.lint import RULES, Finding, lint
from trailwarden.stack.lint.comments import ignores_of_text
from trailwarden.stack.lint.registry import rule
from trailwarden.stack.model import Stack

SUBSCRIBED = {"SubscriptionEndpoint": "security@example.com"}


def left_in(name: str) -> list[Finding]:
    """What lint finds in a built-in stack, less what its comments leave out with a reason."""
    return lint(load(name), ignores_of_text(read(name)))


@pytest.mark.parametrize("name", NAMES)
def test_built_in_stacks_are_clean(name: str) -> None:
    assert left_in(name) == []


def test_the_hardened_stack_with_a_key() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1"
    stack = load("cis", {**SUBSCRIBED, "TopicKmsKeyArn": key})
    assert lint(stack) == []
    idle = lint(stack, ignores_of_text(read("cis")))
    assert [one.code for one in idle] == ["TW901", "TW901"]
    assert lint(stack, ignores_of_text(read("cis")), judges_idle=False) == []


def test_what_is_left_in_the_benchmarks_own_text() -> None:
    """Security Hub takes the text only as it is, traps and all."""
    found = {f.code for f in lint(load("cis-1.2.0", SUBSCRIBED))}
    assert found == {
        *("TW121", "TW126", "TW127", "TW128", "TW131", "TW311", "TW407"),
        *("TW603", "TW604", "TW605"),
    }


def test_findings_are_in_the_order_of_the_text() -> None:
    lines = [finding.location.line or 0 for finding in lint(load("cis-1.2.0"))]
    assert lines == sorted(lines)
    assert len(lines) > 20


def test_an_empty_stack() -> None:
    """The wrong file would pass a check for ever."""
    assert [one.code for one in lint(Stack("empty", "t.yaml"))] == ["TW010"]


def test_every_rule_says_why() -> None:
    assert all(len(one.why) > 40 for one in RULES.values())
    assert all(code.startswith("TW") and len(code) == 5 for code in RULES)
    assert len(RULES) > 50


def test_no_two_rules_have_one_code() -> None:
    with pytest.raises(ValueError, match="two rules have the code TW001"):
        rule("TW001", "error")(lambda stack: iter(()))
    assert codes_of(stack_of()) == []

"""Lint over the built-in stacks, and over the stack that this project replaces."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.shared_data import TEMPLATES
from tests.stack.lint.stacks import codes_of, stack_of
from trailwarden.stack import load
from trailwarden.stack.builtin import NAMES
from trailwarden.stack.lint import RULES, lint
from trailwarden.stack.lint.registry import rule
from trailwarden.stack.model import Stack

needs_templates = pytest.mark.skipif(not TEMPLATES.exists(), reason=f"no templates in {TEMPLATES}")
SUBSCRIBED = {"SubscriptionEndpoint": "security@example.com"}


@pytest.mark.parametrize("name", NAMES)
def test_built_in_stacks_have_no_errors(name: str) -> None:
    assert [finding for finding in lint(load(name)) if finding.severity == "error"] == []


def test_what_is_left_in_the_hardened_stack() -> None:
    assert codes_of(load("cis")) == ["TW404", "TW407"]  # parameters leave both to the reader
    key = {"TopicKmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1"}
    assert lint(load("cis", SUBSCRIBED | key)) == []


def test_what_is_left_in_the_benchmarks_own_text() -> None:
    """Security Hub takes the text only as it is, traps and all."""
    found = {f.code for f in lint(load("cis-1.2.0", SUBSCRIBED))}
    assert found == {"TW121", "TW126", "TW127", "TW128", "TW131", "TW311", "TW407"}


@needs_templates
def test_the_original_trail() -> None:
    """Section 2 of the reference of CIS, by its rows; the others are not to be seen here."""
    codes = Counter(f.code for f in lint(load(str(TEMPLATES / "original-cloudtrail.yaml"))))
    assert codes == {
        "TW306": 1,  # row 1: six datapoints of sixty
        "TW303": 14,  # row 2: Maximum
        "TW403": 14,  # row 3: OKActions
        "TW121": 1,  # row 4: records without MFAUsed
        "TW128": 1,  # row 5: root in the console
        "TW126": 4,  # row 6: no event source in 3.4, 3.10, 3.13, 3.14
        "TW131": 7,  # row 7: forgotten events
        "TW127": 1,  # row 8: one message text
        "TW008": 14,  # row 10: metrics of all stacks are the same
        "TW311": 14,  # no DefaultValue
        "TW506": 1,  # no key
        "TW507": 1,  # data events in the same log group
    }


@needs_templates
def test_the_original_trail_with_its_topic() -> None:
    given = {
        "SnsTopicName": "alerts",
        "SnsTopicARN": "arn:aws:sns:eu-west-1:111122223333:alerts",
    }
    # The trail announces each of its log files on the topic of the alarms.
    assert "TW509" in codes_of(load(str(TEMPLATES / "original-cloudtrail.yaml"), given))


@needs_templates
def test_the_original_topic() -> None:
    codes = codes_of(load(str(TEMPLATES / "original-sns.yaml")))
    assert codes == ["TW404", "TW405", "TW407"]  # nobody subscribed, open to everyone, no key


def test_findings_are_in_the_order_of_the_text() -> None:
    lines = [finding.location.line or 0 for finding in lint(load("cis-1.2.0"))]
    assert lines == sorted(lines)
    assert len(lines) > 20


def test_an_empty_stack() -> None:
    assert lint(Stack("empty", "t.yaml")) == []


def test_every_rule_says_why() -> None:
    assert all(len(one.why) > 40 for one in RULES.values())
    assert all(code.startswith("TW") and len(code) == 5 for code in RULES)
    assert len(RULES) > 50


def test_no_two_rules_have_one_code() -> None:
    with pytest.raises(ValueError, match="two rules have the code TW001"):
        rule("TW001", "error")(lambda stack: iter(()))
    assert codes_of(stack_of()) == []

"""Events beside the event source of another service, by botocore's models."""

from __future__ import annotations

import pytest

from tests.stack.lint.stacks import filter_of, pattern_codes, stack_of, the_finding
from trailwarden.stack import load
from trailwarden.stack.builtin import NAMES
from trailwarden.stack.controls import control, controls
from trailwarden.stack.lint import lint
from trailwarden.stack.lint.operations import source_with

pytest.importorskip("botocore")


def pattern(source: str, name: str) -> str:
    return f"{{ ($.eventSource = {source}.amazonaws.com) && ($.eventName = {name}) }}"


def test_what_a_finding_says() -> None:
    found = the_finding(stack_of(filter_of(pattern("ec2", "StopLogging"))), "TW133")
    assert found.message == (
        "the filter 'stops' looks for the event 'StopLogging' of 'ec2.amazonaws.com', which does "
        "not have it"
    )
    assert found.cure == "it is one of cloudtrail.amazonaws.com"


@pytest.mark.parametrize(
    ("source", "name"),
    [("iam", "DisableKey"), ("s3", "CreateTrail"), ("kms", "CreateFunction20150331")],
)
def test_events_of_others(source: str, name: str) -> None:
    assert "TW133" in pattern_codes(pattern(source, name))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("cloudtrail", "StopLogging"),
        ("cloudtrail", "StopLoggin"),  # a slip of the pen, TW132
        ("signin", "ConsoleLogin"),
        ("ec2", "SharedSnapshotCopyInitiated"),  # no operation at all
        ("s3", "PutBucketPublicAccessBlock"),
        ("odd", "StopLogging"),
        ("iam", "TagResource"),  # several services have it
        ("ec2", "Stop*"),
    ],
)
def test_what_is_right_or_not_known(source: str, name: str) -> None:
    assert "TW133" not in pattern_codes(pattern(source, name))


@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_stacks(name: str) -> None:
    assert [finding for finding in lint(load(name)) if finding.code == "TW133"] == []


def test_the_texts_of_the_benchmark() -> None:
    for one in controls():
        for text in control(one.key).wordings.values():
            assert "TW133" not in pattern_codes(text)


def test_operations_of_one_source() -> None:
    assert source_with("StopLogging") == "cloudtrail.amazonaws.com"
    assert source_with("TagResource") == source_with("Nothing") == ""

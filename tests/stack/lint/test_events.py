"""Names of events that are slips of the pen, by botocore's models."""

from __future__ import annotations

import sys

import pytest

from tests.stack.lint.stacks import filter_of, pattern_codes, stack_of, the_finding
from trailwarden.stack import load
from trailwarden.stack.builtin import NAMES
from trailwarden.stack.lint import lint, operations
from trailwarden.stack.lint.operations import operations_of, slip_of, without_version

TRAIL = "$.eventSource = cloudtrail.amazonaws.com"


@pytest.fixture
def botocore() -> None:
    pytest.importorskip("botocore")


@pytest.mark.usefixtures("botocore")
@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("StopLoging", "StopLogging"),
        ("StopLoggging", "StopLogging"),
        ("StopLogginq", "StopLogging"),
        ("DeleteTrial", "DeleteTrail"),
        ("deleteTrail", "DeleteTrail"),
        ("DeleteTrails", "DeleteTrail"),
    ],
)
def test_slips(name: str, right: str) -> None:
    found = the_finding(stack_of(filter_of(f"{{ ({TRAIL}) && ($.eventName = {name}) }}")), "TW132")
    assert found.message == (
        f"the filter 'stops' looks for the event '{name}', which 'cloudtrail.amazonaws.com' does "
        "not have"
    )
    assert found.cure == f"did you mean {right}?"


@pytest.mark.usefixtures("botocore")
@pytest.mark.parametrize(
    "pattern",
    [
        f"{{ {TRAIL} && ($.eventName = StopLogging || $.eventName = DeleteTrial) }}",
        f"{{ ($.eventName = DeleteTrial && {TRAIL}) || $.eventName = CreateUser }}",
        "{ $.eventSource = ec2.amazonaws.com && ($.eventName = CreateVpcs || "
        f"({TRAIL} && $.eventName = DeleteTrail)) }}",
    ],
)
def test_names_beside_their_source(pattern: str) -> None:
    assert "TW132" in pattern_codes(pattern)


@pytest.mark.usefixtures("botocore")
@pytest.mark.parametrize(
    "pattern",
    [
        f"{{ {TRAIL} && $.eventName = StopLogging }}",
        "{ $.eventName = DeleteTrial }",
        f"{{ {TRAIL} && $.eventName = DeleteTrial* }}",
        f"{{ {TRAIL} && $.eventName = SomethingElse }}",
        f"{{ {TRAIL} || $.eventName = DeleteTrial }}",
        "{ $.eventSource != cloudtrail.amazonaws.com && $.eventName = DeleteTrial }",
        "{ $.eventSource = cloudtrail* && $.eventName = DeleteTrial }",
        "{ $.eventSource = odd.amazonaws.com && $.eventName = DeleteTrial }",
        "{ $.eventSource = cloudtrail && $.eventName = DeleteTrial }",
        f"{{ ({TRAIL} || $.eventSource = odd.amazonaws.com) && $.eventName = DeleteTrial }}",
        "{ $.eventSource = signin.amazonaws.com && $.eventName = ConsoleLogin }",
        "{ $.eventSource = lambda.amazonaws.com && $.eventName = AddPermission20150331v2 }",
        "{ $.eventSource = s3.amazonaws.com && $.eventName = PutBucketPublicAccessBlock }",
        "{ $.eventSource = kms.amazonaws.com && $.eventName = RotateKey }",
    ],
)
def test_what_is_right_or_not_known(pattern: str) -> None:
    assert "TW132" not in pattern_codes(pattern)


@pytest.mark.usefixtures("botocore")
@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_stacks_are_spelt_right(name: str) -> None:
    assert [finding for finding in lint(load(name)) if finding.code == "TW132"] == []


@pytest.mark.usefixtures("botocore")
@pytest.mark.parametrize("service", operations._SERVICES)
def test_every_service_is_there(service: str) -> None:
    assert len(operations_of(f"{service}.amazonaws.com")) > 5


def test_without_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    operations._operations.cache_clear()
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    assert "TW132" not in pattern_codes(f"{{ {TRAIL} && $.eventName = DeleteTrial }}")
    operations._operations.cache_clear()


@pytest.mark.parametrize(
    "name", ["CreateDistribution2020_05_31", "CreateDistribution20200531", "CreateDistribution"]
)
def test_versions(name: str) -> None:
    assert without_version(name) == "CreateDistribution"


@pytest.mark.parametrize("name", ["AttachRole", "StopX", "", "DetachRolle2", "DetachRole"])
def test_no_slip(name: str) -> None:
    assert not slip_of(name, "DetachRole")

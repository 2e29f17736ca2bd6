"""The stacks that everybody starts from."""

from __future__ import annotations

import pytest

from tests.shared_data import TEMPLATES
from trailwarden.audit.scanners import predict
from trailwarden.audit.verdict import SCANNERS, Scanner, Verdict
from trailwarden.stack import load
from trailwarden.stack.controls import controls
from trailwarden.stack.model import Stack

_GIVEN = {
    "LogBacketName": "logs",
    "SnsTopicName": "alarms",
    "SnsTopicARN": "arn:aws:sns:eu-west-1:111122223333:alarms",
}


def _verdicts(stack: Stack, scanner: Scanner) -> dict[str, Verdict]:
    at = SCANNERS.index(scanner)
    return {one.key: predict(one, stack)[at] for one in controls()}


def _with(found: dict[str, Verdict], passes: bool | None) -> set[str]:
    return {key for key, verdict in found.items() if verdict.passes is passes}


@pytest.fixture(scope="module")
def original() -> Stack:
    path = TEMPLATES / "original-cloudtrail.yaml"
    if not path.exists():
        pytest.skip(f"no templates in {TEMPLATES}")
    return load(str(path), _GIVEN)


def test_the_original_template_and_prowler(original: Stack) -> None:
    found = _verdicts(original, "prowler")
    assert _with(found, False) == {"route-table-changes", "organizations-changes"}
    assert len(_with(found, True)) == 13
    assert "$.eventSource = ec2.amazonaws.com" in found["route-table-changes"].reason
    assert found["organizations-changes"].filter_name is None


def test_the_original_template_and_powerpipe(original: Stack) -> None:
    found = _verdicts(original, "powerpipe")
    failing = {"unauthorized-api-calls", "security-group-changes", "organizations-changes"}
    assert _with(found, False) == failing
    assert "HeadBucket" in found["unauthorized-api-calls"].reason
    assert "ModifySecurityGroupRules" in found["security-group-changes"].reason
    # The rest waits for a topic that another template defines.
    others = {found[key].reason for key in _with(found, None)}
    assert others == {
        "the stack does not hold the topic 'alarms', so that its subscriptions are not known"
    }


def test_the_original_template_and_security_hub(original: Stack) -> None:
    found = _verdicts(original, "security-hub")
    assert len(_with(found, None)) == 15
    older = found["console-signin-without-mfa"].reason
    assert "first text" in older
    assert all("first text" not in one.reason for one in found.values() if one.reason != older)


def test_the_built_in_stack_of_the_first_version_has_the_texts_of_security_hub() -> None:
    found = _verdicts(load("cis-1.2.0"), "security-hub")
    del found["organizations-changes"]
    older = found.pop("console-signin-without-mfa")
    assert older.passes is None
    assert "first text" in older.reason
    assert {one.passes for one in found.values()} == {None}
    assert {one.reason.partition(";")[0] for one in found.values()} == {"the stack holds no trail"}


def test_the_built_in_stack_passes_but_for_what_it_does_not_hold() -> None:
    stack = load("cis")
    for scanner in ("prowler", "powerpipe"):
        found = _verdicts(stack, scanner)
        assert _with(found, None) == {one.key for one in controls()}
        for key, verdict in found.items():
            assert verdict.reason.startswith("the stack holds no trail")
            assert verdict.filter_name == f"cis-{key}"
    literal = _verdicts(stack, "security-hub")
    assert len(_with(literal, False)) == 14
    assert all("the user guide has not" in literal[key].reason for key in _with(literal, False))

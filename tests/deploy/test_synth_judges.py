"""What lint, cfn-lint and checkov say of the synthesized templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.deploy.test_synth_cloudformation import (
    COMBINATIONS,
    EVERYTHING,
    loaded,
    template_of,
    text_of,
)
from trailwarden.deploy import request
from trailwarden.deploy.waivers import WAIVERS
from trailwarden.deploy.writing import written
from trailwarden.stack.controls import controls
from trailwarden.stack.lint import lint
from trailwarden.stack.lint.comments import ignores_of_text
from trailwarden.stack.lint.ignoring import without_ignored

# A refused call counts in the strict filters of changes too: the benchmark wants it so.
# The trail alone has no metric filter, which lint says of any template.
NOTED = {"TW605"}
PAGE = (Path(__file__).parents[2] / "docs" / "synth.md").read_text("utf-8")


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_lint_finds_nothing_in_yaml_once_somebody_is_subscribed(part, style):
    found = {one.code for one in kept(text_of(part, style), EVERYTHING)}
    assert found <= NOTED | ({"TW010"} if part == "trail" else set())


@pytest.mark.parametrize("key", [control.key for control in controls()])
def test_lint_finds_nothing_in_a_control_by_itself(key):
    text = written(request("whole", "both", [key]), "yaml")
    assert {one.code for one in kept(text, EVERYTHING)} <= NOTED


def test_lint_asks_only_for_subscribers_and_notes_what_was_declined():
    text = text_of("whole", "both")
    assert {one.code for one in kept(text, {})} - NOTED == {"TW404"}
    declined = {**EVERYTHING, "KmsKey": "none"}
    found = kept(text, declined)
    assert {one.code for one in found} >= {"TW407", "TW506"}
    assert {one.severity for one in found} == {"note"}


def kept(text, values):
    stack = loaded(text, values)
    return without_ignored(lint(stack), ignores_of_text(text), stack.source)


# The other combinations hold nothing but what is in one of these.
@pytest.mark.parametrize(
    ("part", "style"), [("whole", "both"), ("alarms", "both"), ("trail", "detect")]
)
def test_cfn_lint_finds_nothing(part, style):
    from cfnlint.api import ManualArgs  # slow to import
    from cfnlint.api import lint as cfn_lint

    # Regions differ by types and properties, which are all in the whole stack.
    names = ["us-east-1", "eu-west-1", "us-gov-west-1"] if part == "whole" else ["us-east-1"]
    found = cfn_lint(text_of(part, style), config=ManualArgs(regions=names))
    assert [str(one) for one in found] == []


def test_waivers_are_used_and_told_in_the_docs():
    used = {
        skip["id"]
        for resource in template_of("whole", "both")["Resources"].values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }
    told = dict(re.findall(r"^\| `(CKV\w+)` \| (.*) \|$", PAGE, re.MULTILINE))
    assert used <= WAIVERS.keys()
    assert told == dict(WAIVERS)


@pytest.mark.parametrize(("part", "style"), [("whole", "both"), ("alarms", "both")])
def test_the_docs_tell_every_parameter(part, style):
    for name, parameter in template_of(part, style)["Parameters"].items():
        assert name.endswith("Threshold") or f"`{name}`" in PAGE
        if isinstance(parameter["Default"], int) and not name.endswith("Threshold"):
            row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}`"))
            assert str(parameter["Default"]) in row

"""Fixes of lifetimes and of the trail's bucket."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.stack.lint.test_fix import fixed
from tests.stack.lint.whole import GOOD

KEPT = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n"


def test_nothing_is_wrong_with_the_good_one() -> None:
    assert fixed(GOOD, unsafe=True).text == GOOD


def test_what_is_kept_half() -> None:
    text = GOOD.replace("    UpdateReplacePolicy: Retain\n", "")
    result = fixed(text)
    assert result.text == GOOD
    assert {finding.code for finding in result.fixed} == {"TW542"}


def test_what_its_author_lets_go() -> None:
    text = GOOD.replace("    UpdateReplacePolicy: Retain\n", "    UpdateReplacePolicy: Delete\n")
    assert fixed(text).text == text


def test_a_log_group_that_dies_with_its_stack() -> None:
    text = GOOD.replace(f"LogGroup\n{KEPT}", "LogGroup\n")
    assert fixed(text).text == text
    assert fixed(text, unsafe=True).text == GOOD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BlockPublicPolicy: true", "BlockPublicPolicy: false"),
        (
            "VersioningConfiguration: {Status: Enabled}",
            "VersioningConfiguration: {Status: Suspended}",
        ),
        ("        RestrictPublicBuckets: true\n", ""),
    ],
)
def test_buckets(old: str, new: str) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    assert fixed(text).text == text
    assert fixed(text, unsafe=True).text == GOOD


def test_json() -> None:
    class Loader(yaml.SafeLoader):
        """The base with its functions as plain texts."""

    Loader.add_multi_constructor("!", lambda *_: "x")
    data = yaml.load(GOOD, Loader)
    del data["Resources"]["Key"]["UpdateReplacePolicy"]
    text = json.dumps(data, indent=1)
    assert (
        json.loads(fixed(text, "TW542").text)["Resources"]["Key"]["UpdateReplacePolicy"] == "Retain"
    )

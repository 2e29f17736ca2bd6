"""Witnesses of health, and what filters make of them."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.audit.stacks import cis, judged, whole, with_pattern
from trailwarden.audit.ordinary import Ordinary, ordinary
from trailwarden.stack.controls import VERSIONS, controls, witnesses

ALL = ordinary()


def test_they_are_told_apart() -> None:
    assert max(Counter(one.name for one in ALL).values()) == 1
    assert max(Counter(one.record["eventID"] for one in ALL).values()) == 1
    keys = {control.key for control in controls()}
    assert {key for one in ALL for key in one.controls} <= keys


def test_none_is_what_a_control_that_it_is_noise_for_is_about() -> None:
    for one in ALL:
        for control in controls():
            if not one.controls or control.key in one.controls:
                for witness in witnesses(control, VERSIONS[-1]):
                    what = [(r["eventName"], r["eventSource"], r.get("errorCode"),
                             r["userIdentity"]["type"], r.get("additionalEventData"),
                             r["responseElements"], r["sourceIPAddress"])
                            for r in (one.record, witness.record)]  # fmt: skip
                    assert what[0] != what[1], (one.name, witness.name)


@pytest.mark.parametrize("one", ALL, ids=[one.name for one in ALL])
def test_the_built_in_stack_matches_none_of_them(one: Ordinary) -> None:
    text = json.dumps(one.record).encode()
    matched = [f.filter_name for f in cis().metric_filters if f.pattern.matches(text)]
    # A failed sign-in is noise only for the control on sign-ins without MFA.
    expected = ["cis-console-auth-failures"] if one.name == "a sign-in that failed" else []
    assert matched == expected


def test_noise_of_a_filter_that_is_too_wide() -> None:
    pattern = '{ $.eventSource = "ec2.amazonaws.com" }'
    one = judged(with_pattern(whole(), "vpc-changes", pattern), "vpc-changes")
    assert (one.status, one.beyond, one.noise) == ("PASS", "WEAK", ("DescribeInstances",))
    (finding,) = (f for f in one.findings if f.code == "also-matches")
    assert finding.cure == "narrow the pattern"


def test_every_kind_of_noise_has_its_own_cure() -> None:
    key = "console-signin-without-mfa"
    pattern = "{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed = No }"
    one = judged(with_pattern(whole(), key, pattern), key)
    (finding,) = (f for f in one.findings if f.code == "also-matches")
    assert "IAMUser and Root" in finding.cure

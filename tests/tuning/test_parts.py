"""The small parts: losses, habits, counters, traits."""

from __future__ import annotations

import pytest

from tests.records import START, record
from trailwarden.patterns import parse
from trailwarden.stack import load
from trailwarden.stack.controls import VERSIONS, controls, witnesses
from trailwarden.times import epoch_seconds
from trailwarden.tuning.counting import Counts
from trailwarden.tuning.exclusion import excluding
from trailwarden.tuning.habits import Times
from trailwarden.tuning.losses import is_scanners_text, loss, served_by
from trailwarden.tuning.suspicion import SIGNS, with_signs
from trailwarden.tuning.target import Target
from trailwarden.tuning.traits import trait_of

ROLE = Target("role", "arn:aws:iam::111122223333:role/deploy")
TRAIL = parse("{ $.eventSource = cloudtrail.amazonaws.com && $.eventName = *Logging }")
HOUR = 3600


def test_what_an_exclusion_costs() -> None:
    assert loss(TRAIL, excluding(TRAIL, ROLE), ROLE).lost == ("StartLogging", "StopLogging")
    one = loss(TRAIL, excluding(TRAIL, ROLE, ("StopLogging",)), ROLE)
    assert one.lost == ("StopLogging",)
    assert set(one.seen) == {"StartLogging", "StopLogging"}
    other = Target("role", "arn:aws:iam::111122223333:role/other")
    assert loss(TRAIL, excluding(TRAIL, ROLE), other).lost == ()


def test_a_filter_that_sees_nothing_of_a_target_loses_nothing_of_it() -> None:
    root = parse('{ $.userIdentity.type = "Root" }')
    assert loss(root, excluding(root, ROLE), ROLE).seen == ()


@pytest.mark.parametrize("one", load("cis").metric_filters, ids=lambda one: one.filter_name)
def test_the_control_of_a_filter_is_found(one: object) -> None:
    name = getattr(one, "filter_name")  # noqa: B009
    served = served_by(getattr(one, "pattern"))  # noqa: B009
    keys = [control.key for control in served.controls]
    assert (name.removeprefix("cis-") in keys) == (name != "cis-monitoring-tampering")


def test_scanners_texts_are_known_however_they_are_spaced() -> None:
    control = controls()[4]
    assert is_scanners_text(parse(control.wording("1.2.0")))
    assert is_scanners_text(parse(control.wording("1.2.0").replace(" || ", "||")))
    assert not is_scanners_text(TRAIL)


def test_the_signs_are_seen_by_their_filters() -> None:
    signs = with_signs(load("cis-1.2.0")).metric_filters[-len(SIGNS) :]
    found = {
        (number, witness.name)
        for number, sign in enumerate(signs)
        for control in controls()
        for witness in witnesses(control, VERSIONS[-1])
        if sign.pattern.matches(dict(witness.record))
    }
    assert {
        (0, "a wrong password"),
        (0, "a wrong password in Identity Center"),
        (1, "StopLogging"),
        (1, "DeleteTrail"),
        (2, "an IAM user signs in without MFA"),
    } <= found
    assert (2, "the root user signs in") not in found


def times(*hours: int) -> Times:
    made = Times()
    for hour in hours:
        made.add(epoch_seconds(START.replace(hour=0)) + hour * HOUR)
    return made


def test_a_nightly_habit() -> None:
    habit = times(*(day * 24 + 23 + day % 2 for day in range(10))).habit()
    assert habit.hours == (23, 1)
    assert habit.regular
    assert habit.first.hour == 23


def test_hours_all_over_the_day_and_single_days() -> None:
    assert times(*range(0, 24 * 10, 3)).habit().hours is None
    assert not times(1, 2, 3).habit().regular
    assert not times(1, 24 * 20).habit().regular


def test_counters_are_bounded() -> None:
    counts = Counts(2)
    for name in ("a", "b", "b", "c", "d", "a"):
        counts.add(name)
    assert [(share.name, share.count) for share in counts.shares()] == [
        ("a", 2),
        ("b", 2),
        ("(others)", 2),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"userIdentity": 7, "eventName": [], "sourceIPAddress": {}},
        {"userIdentity": {"type": "AssumedRole", "sessionContext": []}},
        {"userIdentity": {"type": "IAMUser", "arn": "\ud800"}, "eventName": "*\x1b[2J"},
    ],
)
def test_a_trait_of_anything(odd: dict[str, object]) -> None:
    trait = trait_of(odd)
    assert trait.caller is None
    assert trait.event == ""
    assert "\x1b" not in trait.shown_event


@pytest.mark.parametrize(
    ("source", "is_named"),
    [
        ("192.0.2.7", True),
        ("2001:db8::1", True),
        ("cloudformation.amazonaws.com", False),
        ("AWS Internal", False),
        ("", False),
    ],
)
def test_only_an_ip_address_is_an_address(source: str, is_named: bool) -> None:
    address = trait_of(record(sourceIPAddress=source)).address
    assert address == (Target("address", source) if is_named else None)


def test_sessions_of_roles_are_one_and_the_same() -> None:
    names = set()
    for session in ("run-1", "run-2"):
        who = ROLE.put_into(record())["userIdentity"]
        who |= {"arn": f"arn:aws:sts::111122223333:assumed-role/deploy/{session}"}
        who |= {"accountId": "111122223333"}
        names.add(trait_of(record(userIdentity=who)).who)
    assert names == {"role/deploy (111122223333)"}

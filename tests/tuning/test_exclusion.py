"""A pattern that leaves somebody out leaves out exactly that one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import record
from trailwarden.patterns import parse
from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import Comparison, JsonSyntax, Operator, Text
from trailwarden.stack.controls import VERSIONS, controls
from trailwarden.tuning.exclusion import NoRoomError, excluding
from trailwarden.tuning.target import Kind, Target, is_nameable

BASE = parse("{ $.eventName = A || $.eventName = B }")
ROLE = "arn:aws:iam::111122223333:role/deploy"
KINDS: tuple[Kind, ...] = ("role", "user", "service", "address")


def by(target: Target, name: str = "A") -> dict[str, Any]:
    return target.put_into(record(name))


@given(value=st.text(max_size=60), kind=st.sampled_from(KINDS))
def test_any_name_is_left_out_exactly_or_not_at_all(value: str, kind: Kind) -> None:
    target = Target(kind, value)
    if not is_nameable(value):
        return
    made = excluding(BASE, target)
    assert len(made.text) <= 1024
    assert isinstance(made.syntax, JsonSyntax)
    named = {
        leaf.value.text
        for leaf in leaves(made.syntax.root)
        if isinstance(leaf, Comparison)
        and leaf.operator is Operator.NOT_EQUAL
        and isinstance(leaf.value, Text)
    }
    assert named - {"AWSService"} == {value} - {"AWSService"}
    assert not made.matches(json.dumps(by(target)))
    assert made.matches(json.dumps(by(Target(kind, value + "x"))))
    assert made.matches(json.dumps(by(Target(kind, "x" + value))))
    assert parse(made.text).syntax == made.syntax


@given(value=st.text(alphabet='"\\*%$(){}|&a ', min_size=1, max_size=20))
def test_names_full_of_the_languages_own_characters(value: str) -> None:
    if not is_nameable(value):
        assert value.startswith("*") or value.endswith("*")
        return
    made = excluding(BASE, Target("address", value))
    assert not made.matches(by(Target("address", value)))
    assert made.matches(by(Target("address", value + "0")))


@pytest.mark.parametrize(
    "value", ["", "*", "a*", "*a", "a\nb", "a\x00", "\u202ea", "\ud800", "a" * 513]
)
def test_what_no_pattern_can_name(value: str) -> None:
    assert not is_nameable(value)


@pytest.mark.parametrize("events", [("A",), ("A", "C")])
def test_only_some_events_are_left_out(events: tuple[str, ...]) -> None:
    target = Target("role", ROLE)
    made = excluding(BASE, target, events)
    assert not made.matches(by(target, "A"))
    assert made.matches(by(target, "B"))
    assert made.matches(by(Target("role", ROLE + "er"), "A"))


def test_absent_fields_are_not_left_out() -> None:
    bare = {"eventName": "A"}
    for kind in KINDS:
        assert excluding(BASE, Target(kind, "x")).matches(bare)


def test_a_service_acting_for_somebody_is_not_the_service() -> None:
    service = Target("service", "config.amazonaws.com")
    user = record("A")
    user["userIdentity"]["invokedBy"] = service.value
    made = excluding(BASE, service)
    assert made.matches(user)
    assert not made.matches(by(service))


def test_an_and_is_extended_and_an_or_is_put_in_parentheses() -> None:
    target = Target("address", "192.0.2.1")
    tail = '&& (($.sourceIPAddress NOT EXISTS) || ($.sourceIPAddress != "192.0.2.1")) }'
    assert excluding(parse("{$.a=1 && $.b=2}"), target).text == f"{{ $.a=1 && $.b=2 {tail}"
    assert excluding(parse("{$.a=1 || $.b=2}"), target).text == f"{{ ($.a=1 || $.b=2) {tail}"


def test_what_has_no_room_says_so() -> None:
    long = parse("{" + " || ".join(f'$.eventName = "{"E" * 40}{n}"' for n in range(16)) + "}")
    with pytest.raises(NoRoomError, match="1,024"):
        excluding(long, Target("role", ROLE))
    with pytest.raises(NoRoomError, match="JSON"):
        excluding(parse("ERROR"), Target("role", ROLE))
    with pytest.raises(NoRoomError, match="JSON"):
        excluding(parse(""), Target("role", ROLE))


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.key)
def test_every_text_of_the_benchmark_has_room_for_one_role(control: Any) -> None:
    pattern = parse(control.wording(VERSIONS[-1]))
    made = excluding(pattern, Target("role", ROLE))
    stranger = Target("role", "arn:aws:iam::111122223333:role/other")
    for name in ("CreateVpc", "StopLogging", "DeleteTrail", "PutBucketPolicy"):
        was = pattern.matches(by(stranger, name))
        assert made.matches(by(stranger, name)) == was
        assert not made.matches(by(Target("role", ROLE), name))

"""Updates of an incident: whoever comes while an alarm is in ALARM is told, once, by name."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.monitor.test_live import Run, minute_of_start
from tests.records import START, alarm, metric_filter, record, stack
from trailwarden.alarms import CompositeAlarm
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.live import Live
from trailwarden.monitor.stretches import MAX_NAMED

CHANGES = "{ $.eventName = StopLogging || $.eventName = DeleteTrail || $.eventName = ListTrails }"


def later(minutes: float) -> Any:
    return START + timedelta(minutes=minutes)


def names(told: Announcement) -> list[str]:
    return [one.principal.split(" ")[0].removeprefix("user/") for one in told.transition.principals]


def run_of(pattern: str = CHANGES) -> Run:
    return Run(stack([metric_filter(pattern)], [alarm()]))


def test_a_newcomer_and_a_new_event_name_are_told_and_nothing_else() -> None:
    run = run_of()
    run.take([record("StopLogging", 1, user="loud")], later(1))
    run.take([record("StopLogging", 2, user="quiet")], later(3))
    run.take([record("StopLogging", 3, user="quiet")], later(5))
    run.take([record("DeleteTrail", 4, user="loud")], later(7))
    assert [(one.kind, names(one)) for one in run.told] == [
        ("transition", ["loud"]),
        ("amendment", ["quiet"]),
        ("amendment", ["loud"]),
    ]
    assert [one.event_name for one in run.told[2].transition.event_names] == ["DeleteTrail"]
    assert {one.transition.time for one in run.told} == {run.told[0].transition.time}
    assert len({one.id for one in run.told}) == 3


def test_a_storm_is_one_update() -> None:
    run = run_of()
    run.take([record("StopLogging", 1, user="first")], later(1))
    for number in range(30):
        run.take([record("StopLogging", 2, user=f"u{number}")], later(2))
    assert [len(names(one)) for one in run.told] == [1, 1]  # the first newcomer waits for nobody
    run.take([record("DescribeInstances", 2)], later(3))
    assert [len(names(one)) for one in run.told] == [1, 1, 29]


def test_what_waits_survives_a_death_and_is_told_once() -> None:
    run = run_of()
    run.take([record("StopLogging", 1, user="first")], later(1))
    run.take([record("StopLogging", 2, user="second")], later(2))
    run.take([record("StopLogging", 2, user="third")], later(2))
    run.restart()
    run.told += run.live.foresee(later(3))
    run.restart()
    run.told += run.live.foresee(later(9))
    assert [names(one) for one in run.told] == [["first"], ["second"], ["third"]]


def test_what_is_decided_ends_the_waiting_and_the_end_names_what_it_ends() -> None:
    run = run_of()
    run.take([record("StopLogging", 1, user="first")], later(1))
    run.take([record("StopLogging", 2, user="second")], later(2))
    run.take([record("StopLogging", 2, user="third")], later(2))
    run.decide(minute_of_start() + 60, later(2))
    assert [names(one) for one in run.told] == [["first"], ["second"], ["third"], []]
    assert run.told[-1].transition.to_state == "OK"
    assert run.told[-1].ends == tuple(one.id for one in run.told[:-1])
    assert run.live.memory.stretches == {}


def test_sessions_of_a_role_are_told_by_their_number() -> None:
    def session(number: int) -> dict[str, Any]:
        return {
            "type": "AssumedRole",
            "accountId": "111122223333",
            "arn": f"arn:aws:sts::111122223333:assumed-role/Build/s{number}",
            "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Build"}},
        }

    run = run_of()
    noise = [record("ListTrails", 1, userIdentity=session(number)) for number in range(300)]
    run.take([*noise, record("DeleteTrail", 1.5, user="bob")], later(2))
    (told,) = run.told
    assert "bob" in names(told)[:MAX_NAMED]
    assert "DeleteTrail" in {event.event_name for event in told.transition.events}
    run.take([record("ListTrails", 3, userIdentity=session(1000))], later(5))
    assert len(run.told) == 1
    run.take([record("StopLogging", 4, userIdentity=session(1001))], later(8))
    assert len(run.told) == 2


def test_before_counts_what_came_earlier_in_time_only() -> None:
    known: dict[tuple[str, str], int] = {}
    live = Live(
        stack([metric_filter(name="stop")], [alarm()]),
        known=lambda name, principal: known.get((name, principal), 0),
    )
    run = Run(stack([metric_filter(name="stop")], [alarm()]))
    run.live = live
    known["stop", "user/eve (111122223333)"] = 3
    run.take([record("StopLogging", minute, user="eve") for minute in (120, 60, 1)], later(121))
    run.decide(minute_of_start() + 200, later(200))
    alarms = [one for one in run.told if one.transition.to_state == "ALARM"]
    assert [sum(count.count for count in one.before) for one in alarms] == [0, 1, 2]


def test_a_composite_alarm_has_the_history_and_the_newcomers_of_its_parts() -> None:
    both = CompositeAlarm(alarm_name="any", alarm_rule="ALARM(stopped)")
    run = Run(stack([metric_filter(CHANGES, name="stop")], [alarm()], [both]))
    run.take([record("StopLogging", 1, user="loud")], later(1))
    run.decide(minute_of_start() + 3, later(3))
    run.take([record("DeleteTrail", 5, user="quiet")], later(6))
    run.decide(minute_of_start() + 9, later(9))
    told = [one for one in run.told if one.alarm == "any"]
    assert [(one.kind, names(one)) for one in told] == [
        ("transition", ["loud"]),
        ("amendment", ["quiet"]),
    ]
    assert {one.filters for one in told} == {("stop",)}


def test_alarms_and_their_ends_alternate_in_whatever_order_files_come() -> None:
    run = run_of()
    for minute in (60, 10, 100):
        run.take([record("StopLogging", minute, user="bob")], later(130))
    states = [one.transition.to_state for one in run.told]
    assert states == ["ALARM", "OK", "ALARM", "OK", "ALARM"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 90),
            st.sampled_from("abcdef"),
            st.sampled_from(["StopLogging", "ListTrails"]),
        ),
        min_size=1,
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_everybody_is_told_and_nothing_twice(
    calls: list[tuple[int, str, str]], rng: random.Random
) -> None:
    run = run_of()
    items = [record(name, minute, user=user) for minute, user, name in calls]
    rng.shuffle(items)
    for place, item in enumerate(items):
        run.take([item], later(100 + place / 3))
        if rng.random() < 0.2:
            run.restart()
        if rng.random() < 0.2:
            run.told += run.live.foresee(later(100 + place / 3))
    run.decide(minute_of_start() + 300, later(300))
    told = {user for one in run.told for user in names(one)}
    assert told == {user for _, user, _ in calls}
    assert len({one.id for one in run.told}) == len(run.told)
    changes = [one.transition.to_state for one in run.told if one.kind == "transition"]
    assert all(one != other for one, other in pairwise(changes))


@pytest.mark.parametrize("delivery", ["at once", "behind one", "late"])
def test_of_hundreds_everybody_is_named_in_some_message(delivery: str) -> None:
    crowd = [record("StopLogging", 2, user=f"u{number}") for number in range(350)]
    run = run_of()
    if delivery == "behind one":
        run.take([record("StopLogging", 1, user="first")], later(2))
    if delivery == "late":
        run.take([record("DescribeInstances", 100)], later(101))
        run.decide(minute_of_start() + 90, later(101))
    run.take(crowd, later(102))
    run.decide(minute_of_start() + 300, later(600))
    run.told += run.live.foresee(later(700), everything=True)
    told = {name for one in run.told for name in names(one)[:MAX_NAMED]}
    assert {f"u{number}" for number in range(350)} <= told
    assert len({one.id for one in run.told}) == len(run.told) < 10

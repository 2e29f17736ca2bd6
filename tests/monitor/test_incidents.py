"""Incidents: all that matched until a stretch in ALARM ended, and what samples of it must show."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.records import START, alarm, log_file, metric_filter, record, stack
from tests.shared_data import INVICTUS, TEMPLATES, needs_shared_data
from trailwarden.alarms import CompositeAlarm
from trailwarden.monitor import DigestReader, Monitor
from trailwarden.monitor.outcome import AlarmOutcome, EventNameCount, Transition
from trailwarden.monitor.samples import EventSamples, chosen
from trailwarden.scan import scan
from trailwarden.stack import load
from trailwarden.stack.model import Stack
from trailwarden.trail.identity import role_of

CHANGES = "{ $.eventName = StopLogging || $.eventName = DeleteTrail || $.eventName = ListTrails }"


def outcomes(the_stack: Stack, records: list[dict[str, Any]]) -> dict[str, AlarmOutcome]:
    monitor = Monitor(the_stack)
    monitor.observe(DigestReader(the_stack.metric_filters).digest(log_file(records), "a.json"))
    monitor.finish()
    return {outcome.name: outcome for outcome in monitor.alarm_outcomes()}


def incidents(outcome: AlarmOutcome) -> list[Transition]:
    return [change for change in outcome.transitions if change.to_state == "ALARM"]


def session(name: str, role: str = "Build") -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "accountId": "111122223333",
        "arn": f"arn:aws:sts::111122223333:assumed-role/{role}/{name}",
        "principalId": f"AROAEXAMPLE:{name}",
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": role}},
    }


def test_what_matches_during_the_stretch_belongs_to_the_incident() -> None:
    the_stack = stack([metric_filter(CHANGES)])
    records = [
        record("StopLogging", 1, user="loud", errorCode="AccessDenied"),
        record("DeleteTrail", 5, user="quiet"),
        record("ListTrails", 9, user="loud"),
        record("DescribeInstances", 60),
        record("DeleteTrail", 90, user="later"),
    ]
    first, second = incidents(next(iter(outcomes(the_stack, records).values())))
    assert (first.event_count, first.fired_count, first.more_count) == (3, 1, 2)
    assert [event.event_name for event in first.events] == [
        "StopLogging",
        "DeleteTrail",
        "ListTrails",
    ]
    assert first.event_names == (
        EventNameCount("DeleteTrail", 1, 0),
        EventNameCount("ListTrails", 1, 0),
        EventNameCount("StopLogging", 1, 1),
    )
    assert (second.event_count, second.more_count) == (1, 0)
    assert second.newcomers == ("user/later (111122223333)",)


def test_who_is_new_comes_first_whoever_is_loudest() -> None:
    the_stack = stack([metric_filter(CHANGES)])
    records = [
        record("StopLogging", 0, user="usual"),
        *(record("ListTrails", 60, user="usual") for _ in range(9)),
        record("DeleteTrail", 61, user="new"),
    ]
    _, second = incidents(next(iter(outcomes(the_stack, records).values())))
    assert [one.principal.split(" ")[0] for one in second.principals] == ["user/new", "user/usual"]
    assert second.newcomers == ("user/new (111122223333)",)


def test_every_match_is_in_some_incident_where_one_match_fires() -> None:
    the_stack = stack([metric_filter(CHANGES)])
    rng = random.Random(7)
    names = ("StopLogging", "DeleteTrail", "ListTrails")
    records = [record(rng.choice(names), rng.random() * 600, user=f"u{n}") for n in range(120)]
    outcome = next(iter(outcomes(the_stack, records).values()))
    seen = {event.event_id for one in incidents(outcome) for event in one.events}
    assert seen == {one["eventID"] for one in records}
    assert sum(one.event_count for one in incidents(outcome)) == len(records)


def test_a_composite_alarm_holds_what_its_parts_matched_until_it_ended() -> None:
    both = CompositeAlarm(alarm_name="any", alarm_rule="ALARM(stops)")
    the_stack = stack([metric_filter(CHANGES)], [alarm("stops")], [both])
    records = [record("StopLogging", 1, user="loud"), record("DeleteTrail", 6, user="quiet")]
    outcome = outcomes(the_stack, records)["any"]
    (only,) = incidents(outcome)
    assert outcome.filters == ("stops",)
    assert (only.event_count, only.fired_count) == (2, 1)
    assert {event.event_name for event in only.events} == {"StopLogging", "DeleteTrail"}


def test_hundreds_of_sessions_bury_nobody() -> None:
    the_stack = stack([metric_filter(CHANGES)])
    noise = [
        record("ListTrails", number / 1000, userIdentity=session(f"s{number:04}"))
        for number in range(400)
    ]
    records = [*noise, record("DeleteTrail", 0.9, user="bob")]
    (only,) = incidents(next(iter(outcomes(the_stack, records).values())))
    assert only.event_count == 401
    assert "DeleteTrail" in {event.event_name for event in only.events}
    assert {one.event_name: one.count for one in only.event_names} == {
        "ListTrails": 400,
        "DeleteTrail": 1,
    }
    few = chosen(only.events, 10)
    assert "user/bob (111122223333)" in {event.principal for event in few}
    assert [event.event_time for event in few] == sorted(event.event_time for event in few)


def test_a_role_is_one_whoever_names_its_sessions() -> None:
    assert role_of("role/Build/s1 (111122223333)") == "role/Build (111122223333)"
    assert role_of("role/Build/s1 as anna (111122223333)") == "role/Build (111122223333)"
    assert role_of("role/Build/a (222222222222) (111122223333)") == "role/Build (111122223333)"
    assert role_of("role/Build") == "role/Build"
    assert role_of("user/anna (111122223333)") == "user/anna (111122223333)"


def test_the_choice_keeps_each_name_and_role_however_small_the_budget() -> None:
    the_stack = stack([metric_filter(CHANGES)])
    (only,) = incidents(next(iter(outcomes(the_stack, [record("DeleteTrail", 1)]).values())))
    base = only.events[0]
    events = [
        replace(
            base,
            event_id=f"{number:05}",
            event_name="DeleteTrail" if number == 777 else "ListTrails",
            principal="user/bob" if number == 777 else f"role/R/s{number}",
            event_time=START + timedelta(seconds=number),
        )
        for number in range(900)
    ]
    for seed in range(3):
        random.Random(seed).shuffle(events)
        samples = EventSamples(40_000)
        for event in events:
            minute = int((event.event_time - START).total_seconds() // 60)
            samples.add(0, minute, event)
        found = samples.find(0, 0, 100).values()
        assert "DeleteTrail" in {event.event_name for event in found}


@needs_shared_data
def test_every_match_of_a_real_intrusion_is_in_an_incident() -> None:
    found = scan(load(TEMPLATES / "original-cloudtrail.yaml"), str(INVICTUS))
    matches = sum(one.matches for one in found.filters)
    counted = sum(one.event_count for alarm in found.alarms for one in incidents(alarm))
    shown = {
        (alarm.name, event.event_id)
        for alarm in found.alarms
        for one in incidents(alarm)
        for event in one.events
    }
    assert (matches, counted, len(shown)) == (185, 185, 185)

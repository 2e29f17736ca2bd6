"""The break-in trips every control; ordinary days trip a few."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from trailwarden.simulate import Plan, events
from trailwarden.simulate.estate import Estate
from trailwarden.simulate.timeline import script_of_day
from trailwarden.stack import load

SEEDS = [1, 2, 3, 4]


def story_of(plan):
    return script_of_day(plan, Estate(plan), plan.attack_day)


def hits(stack, made):
    return Counter(
        metric_filter.filter_name
        for event in made
        for metric_filter in stack.metric_filters
        if metric_filter.pattern.matches(event.data)
    )


@pytest.mark.parametrize("stack_name", ["cis", "cis-1.2.0"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_story_trips_every_filter(stack_name, seed):
    stack = load(stack_name)
    found = hits(stack, story_of(Plan(seed=seed)).events)
    assert {one.filter_name for one in stack.metric_filters} == found.keys()


def test_the_story_trips_every_filter_with_a_single_account():
    stack = load("cis")
    found = hits(stack, story_of(Plan(accounts=1, regions=1)).events)
    assert {one.filter_name for one in stack.metric_filters} == found.keys()


def test_denials_and_guessed_passwords_come_in_bursts():
    stack = load("cis")
    for name in ("unauthorized-api-calls", "console-auth-failures"):
        (pattern,) = [f.pattern for f in stack.metric_filters if f.filter_name.endswith(name)]
        times = [e.time for e in story_of(Plan()).events if pattern.matches(e.data)]
        assert max(sum(t <= other < t + 300 for other in times) for t in times) >= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_story_stays_within_its_night_and_morning(seed):
    plan = Plan(seed=seed)
    made = story_of(plan).events
    times = [datetime.fromtimestamp(event.time, UTC) for event in made]
    assert times == sorted(times)
    assert {moment.date() for moment in times} == {plan.attack_day}
    assert times[0].hour < 3
    assert times[-1].hour < 9


def test_another_seed_is_another_story():
    told = {(story.steps[0].principal, story.steps[0].first) for story in map(
        story_of, (Plan(seed=seed) for seed in SEEDS)
    )}  # fmt: skip
    assert len(told) == len(SEEDS)


def test_steps_tell_what_the_records_hold():
    story = story_of(Plan())
    assert sum(step.calls for step in story.steps) == len(story.events)
    for step in story.steps:
        assert step.first <= step.last
        assert step.text
        assert step.principal
    times = {event.time for event in story.events}
    assert {step.first for step in story.steps} | {step.last for step in story.steps} <= times


def test_the_two_records_of_a_cross_account_role_belong_together():
    shared = [
        json.loads(event.data)
        for event in story_of(Plan()).events
        if b'"eventName":"AssumeRole"' in event.data
    ]
    assert len(shared) == 2
    assert shared[0]["sharedEventID"] == shared[1]["sharedEventID"]
    assert shared[0]["eventID"] != shared[1]["eventID"]
    assert shared[0]["recipientAccountId"] != shared[1]["recipientAccountId"]
    assert [record["userIdentity"]["type"] for record in shared] == ["IAMUser", "AWSAccount"]


def test_the_attacker_comes_from_elsewhere():
    plan = Plan()
    night = {json.loads(event.data)["sourceIPAddress"] for event in story_of(plan).events[:100]}
    before = {
        json.loads(event.data)["sourceIPAddress"]
        for event in events(Plan(attack=False, events_per_day=1000))
    }
    assert not night & before


def test_ordinary_days_are_mostly_quiet():
    stack = load("cis")
    quiet = Plan(days=60, attack=False)
    estate = Estate(quiet)
    per_day = [hits(stack, script_of_day(quiet, estate, day).events) for day in quiet.all_days]
    eventful = [found for found in per_day if found]
    assert 10 < len(eventful) < 40
    assert len(set().union(*eventful)) >= 6  # many kinds of change, over a while


def test_nothing_is_changed_on_a_weekend():
    quiet = Plan(days=30, attack=False)
    for day in quiet.all_days:
        if day.weekday() > 4:
            assert not script_of_day(quiet, Estate(quiet), day).events


def test_without_an_attack_only_noise_is_left():
    stack = load("cis")
    found = hits(stack, events(Plan(events_per_day=1500, attack=False)))
    names = {name.removeprefix("cis-") for name in found}
    assert not names & {"cloudtrail-config-changes", "config-changes", "nacl-changes"}
    assert found["cis-unauthorized-api-calls"] < 30


def test_a_story_told_on_any_day_is_the_same_but_for_its_date():
    first = Plan(days=1, start=date(2024, 5, 1))
    later = Plan(days=1, start=date(2024, 5, 1) + timedelta(days=1))
    names = [
        [json.loads(event.data)["eventName"] for event in story_of(plan).events]
        for plan in (first, later)
    ]
    assert names[0] == names[1]

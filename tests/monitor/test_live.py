"""The continuous run: late, shuffled, repeated and interrupted, it is the backtest."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from tests.monitor.test_same_result import ALARMS, STACK, digest, records
from tests.records import START, alarm, log_file, metric_filter, record, stack
from trailwarden.alarms import CompositeAlarm, State, range_minutes
from trailwarden.monitor import DigestReader, Monitor
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.live import FUTURE, Live, LiveMemory
from trailwarden.monitor.outcome import Transition
from trailwarden.stack import Stack
from trailwarden.times import epoch_seconds, parse_instant

LATENESS = 15  # minutes
FOREVER = datetime.max.replace(tzinfo=UTC)
Change = tuple[str, datetime, State]


class Run:
    """A live run with a clock of its own, which can be killed and started again."""

    def __init__(self, of: Stack = STACK) -> None:
        self.stack = of
        self.live = Live(of)
        self.changes: list[tuple[str, Transition]] = []
        self.told: list[Announcement] = []
        self.kept: list[Digest] = []
        self.portions = 0

    def take(self, items: list[dict[str, Any]], now: datetime) -> None:
        one = DigestReader(self.stack.metric_filters).digest(log_file(items), "a.json")
        self.kept.append(one)
        self.portions += 1
        self.live.observe(one, (), portion=str(self.portions), now=now)
        self.told += self.live.foresee(now)

    def decide(self, minute: int, now: datetime) -> None:
        changes, told = self.live.decide(minute, now)
        self.changes += changes
        self.told += told

    def restart(self) -> None:
        """What a database would keep is all that stays."""
        text = msgspec.json.encode(self.live.memory)
        self.live = Live(self.stack, msgspec.json.decode(text, type=LiveMemory))
        back = self.live.looks_back_to
        for one in self.kept:
            newest = max((minute for minute, _ in one.counts), default=-1)
            if back is None or newest >= back:
                self.live.remember(one, ())

    @property
    def told_changes(self) -> list[Change]:
        return [
            (a.alarm, a.transition.time, a.transition.to_state)
            for a in self.told
            if a.kind == "transition"
        ]


def minute_of(item: dict[str, Any]) -> int:
    return epoch_seconds(parse_instant(item["eventTime"])) // 60


def backtest(items: list[dict[str, Any]]) -> list[tuple[str, Transition]]:
    monitor = Monitor(STACK)
    monitor.observe(digest(items))
    return monitor.finish()


def delivered(items: list[dict[str, Any]], rng: random.Random, run: Run) -> None:
    """Feed the records as they arrive: each up to LATENESS minutes after its time."""
    arrivals = sorted(
        ((minute_of(item) + rng.uniform(0, LATENESS - 1), n) for n, item in enumerate(items)),
    )
    start = min(map(minute_of, items))
    for arrival, n in arrivals:
        now = START + timedelta(minutes=arrival - minute_of_start())
        if rng.random() < 0.7:
            run.decide(int(arrival) - LATENESS + 1, now)
        if rng.random() < 0.2:
            run.restart()
        run.take([items[n]], now)
        if rng.random() < 0.1:
            run.restart()
    last = max(map(minute_of, items)) + 1 + max(map(range_minutes, ALARMS))
    assert start <= last
    for minute in range(int(arrivals[-1][0]) - LATENESS, last + 1, rng.choice([1, 3, 50])):
        run.decide(minute, START)
    run.decide(last, START)


def minute_of_start() -> int:
    return epoch_seconds(START) // 60


@given(records.filter(bool), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_live_run_with_deaths_goes_through_the_states_of_the_backtest(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    expected = backtest(items)
    run = Run()
    delivered(items, rng, run)
    found = [(name, replace(t, events=())) for name, t in run.changes]
    assert sorted(found, key=str) == sorted(
        ((n, replace(t, events=())) for n, t in expected), key=str
    )


@given(records.filter(bool), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_every_incident_is_told_and_nothing_twice(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    run = Run()
    delivered(items, rng, run)
    ids = [announcement.id for announcement in run.told]
    assert len(ids) == len(set(ids))
    assert {a.kind for a in run.told} <= {"transition", "amendment"}
    for name in {name for name, _ in run.changes}:
        changes = [t for n, t in run.changes if n == name]
        told = [(time, state) for n, time, state in run.told_changes if n == name]
        for place, change in enumerate(changes):
            if change.to_state == "ALARM":
                end = changes[place + 1].time if place + 1 < len(changes) else FOREVER
                alarms = [  # one before an ALARM that lasts is told as an update of that
                    one.transition.time
                    for one in run.told
                    if one.alarm == name and one.transition.to_state == "ALARM"
                ]
                assert any(change.time <= t < end for t in alarms)
        if told:  # in the end people have been told how things are
            newest = max(told)
            assert newest[1] == changes[-1].to_state or changes[-1].initial


def test_an_alarm_is_told_as_soon_as_its_record_arrives() -> None:
    run = Run(stack([metric_filter()], [alarm()]))
    now = START + timedelta(minutes=3)
    run.take([record("StopLogging", 2)], now)
    (told,) = run.told
    assert (told.kind, told.transition.to_state, told.decided) == ("transition", "ALARM", now)
    assert told.transition.events[0].event_name == "StopLogging"
    run.take([record("StopLogging", 2.5)], now)
    run.decide(minute_of_start() + 4, now)
    assert len(run.told) == 1  # the same incident
    assert [t.to_state for _, t in run.changes] == ["ALARM"]


def test_a_late_match_is_told_though_its_minute_is_decided() -> None:
    run = Run(stack([metric_filter()], [alarm()]))
    run.take([record("DescribeInstances", 0)], START)
    run.decide(minute_of_start() + 60, START)
    run.take([record("StopLogging", 10)], START)
    (late,) = run.told
    run.take([record("StopLogging", 11)], START)
    run.take([record("StopLogging", 12)], START)
    assert len(run.told) == 1  # they wait for each other
    run.take([record("DescribeInstances", 12)], START + timedelta(minutes=1))
    assert [one.transition.event_count for one in run.told] == [1, 2]
    assert late.kind == "late-match"
    assert late.transition.from_state == late.transition.to_state == "OK"
    assert "trailwarden scan" in late.transition.reason
    run.decide(minute_of_start() + 90, START)
    assert len(run.told) == 2  # no state was rewritten


def test_a_late_match_still_in_range_raises_the_alarm_too() -> None:
    # Rule W-12.
    run = Run(stack([metric_filter()], [alarm()]))
    run.take([record("DescribeInstances", 0)], START)
    run.decide(minute_of_start() + 10, START)
    run.take([record("StopLogging", 9)], START)
    run.told += run.live.foresee(START, everything=True)
    assert [a.kind for a in run.told] == ["transition", "late-match"]
    assert run.told[0].transition.to_state == "ALARM"


def test_a_breach_that_more_records_can_undo_waits_until_it_is_decided() -> None:
    average = alarm(statistic="Average", threshold=1.0)
    run = Run(stack([metric_filter(default=0.0)], [average]))
    run.take([record("StopLogging", 0)], START)
    assert run.told == []
    run.take([record("DescribeInstances", 0)], START)
    run.decide(minute_of_start() + 1, START)
    assert run.told == []


def test_records_of_the_future_are_refused_and_counted() -> None:
    live = Live(stack([metric_filter()], [alarm()]))
    one = digest([record("StopLogging", FUTURE + 1), record("StopLogging", 1, number=2)])
    found = live.observe(one, (), portion="a", now=START)
    assert (found.refused, found.records, sum(found.matches.values())) == (1, 1, 1)


def test_who_is_behind_is_told_with_how_often_before() -> None:
    live = Live(
        stack([metric_filter(name="stop")], [alarm()]),
        known=lambda f, p: 5 if "alice" in p and f == "stop" else 1,
    )
    live.observe(
        digest([record("StopLogging", 1, user="alice"), record("StopLogging", 1, user="eve")]),
        (),
        portion="a",
        now=START,
    )
    (told,) = live.foresee(START)
    assert [(one.principal.split()[0], one.count) for one in told.before] == [("user/alice", 4)]


@pytest.mark.parametrize("gap", [20, 100])
def test_a_second_incident_told_early_is_preceded_by_the_end_of_the_first(gap: int) -> None:
    run = Run(stack([metric_filter()], [alarm()]))
    run.take([record("StopLogging", 0)], START)
    run.take([record("StopLogging", gap, number=2)], START)
    assert [a.transition.to_state for a in run.told] == ["ALARM", "OK", "ALARM"]
    run.decide(minute_of_start() + gap + 60, START)
    assert [a.transition.to_state for a in run.told] == ["ALARM", "OK", "ALARM", "OK"]


SUPPRESSED = stack(
    [metric_filter(), metric_filter("{ $.eventName = Deploy }", name="deploys", metric="Deploys")],
    [alarm(), alarm("deploying", "Deploys")],
    [
        CompositeAlarm(
            "page",
            "ALARM(stopped)",
            actions_suppressor="deploying",
            actions_suppressor_wait_period=120,
            actions_suppressor_extension_period=180,
        )
    ],
)


@pytest.mark.parametrize("dies", [False, True])
def test_a_suppressed_composite_alarm_acts_when_the_suppressor_lets_it(dies: bool) -> None:
    run = Run(SUPPRESSED)
    run.take([record("DescribeInstances", 0)], START)
    run.take([record("Deploy", 10, number=1), record("StopLogging", 11, number=2)], START)
    acted: list[tuple[int, str]] = []
    for minute in range(minute_of_start() + 1, minute_of_start() + 60):
        if dies:
            run.restart()
        before = len(run.told)
        run.decide(minute, START)
        acted += [
            (minute - minute_of_start(), a.transition.to_state)
            for a in run.told[before:]
            if a.alarm == "page"
        ]
    ended = [t.time for n, t in run.changes if n == "deploying" and t.to_state == "OK"][-1]
    page = [(t.time, t.to_state) for n, t in run.changes if n == "page"]
    assert [state for _, state in page] == ["OK", "ALARM", "OK"]
    assert page[-1][0] > ended  # still in ALARM when the suppressor ended
    # It acts three minutes after the suppressor ended, or two after a change in that time.
    ended_at = (epoch_seconds(ended) // 60) - minute_of_start()
    changed_at = (epoch_seconds(page[-1][0]) // 60) - minute_of_start()
    expected = (
        [(ended_at + 3, "ALARM"), (changed_at + 2, "OK")]
        if changed_at > ended_at + 3
        else [(changed_at + 2, "OK")]
    )
    assert acted == expected


def test_what_only_a_gap_shows_is_not_told_before_the_gap_is_filled() -> None:
    # Without newer datapoints an alarm looks back at older ones; records that come later are such.
    run = Run(stack([metric_filter(default=0.0)], [alarm()]))
    run.take([record("DescribeInstances", 0), record("StopLogging", 1, number=1)], START)
    run.take([record("DescribeInstances", 30, number=2)], START)
    run.take([record("StopLogging", 30, number=3)], START)
    run.take([record("DescribeInstances", m, number=m + 9) for m in range(2, 30)], START)
    run.decide(minute_of_start() + 60, START)
    told = [(a.transition.to_state, a.transition.time) for a in run.told]
    decided = [(t.to_state, t.time) for _, t in run.changes if not t.initial]
    assert [state for state, _ in told] == ["ALARM", "OK", "ALARM", "OK"]
    assert [one for one in told if one[0] == "ALARM"] == [o for o in decided if o[0] == "ALARM"]


@given(records.filter(bool), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_in_the_order_of_time_exactly_the_incidents_are_told(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    # Delivered at once, nothing that is told early is taken back or told in another form later.
    run = Run()
    minutes = sorted({minute_of(item) for item in items})
    for minute in minutes:
        now = START + timedelta(minutes=minute + 1 - minute_of_start())
        run.take([item for item in items if minute_of(item) == minute], now)
        if rng.random() < 0.5:
            run.decide(minute - LATENESS, now)
    run.decide(minutes[-1] + 1 + max(map(range_minutes, ALARMS)), START)
    for name in {name for name, _ in run.changes}:
        changes = [t for n, t in run.changes if n == name]
        told = [time for n, time, state in run.told_changes if (n, state) == (name, "ALARM")]
        ends = [*(change.time for change in changes[1:]), FOREVER]
        incidents = [
            (t.time, end) for t, end in zip(changes, ends, strict=True) if t.to_state == "ALARM"
        ]
        # One for each stretch in ALARM; a look back over a gap may have begun it earlier.
        assert [sum(start <= time < end for time in told) for start, end in incidents] == [
            1 for _ in incidents
        ]
        assert len(told) == len(incidents)


@pytest.mark.parametrize(("other", "kinds"), [("alice", []), ("eve", ["amendment"])])
def test_who_joins_an_alarm_that_was_told_is_told_too(other: str, kinds: list[str]) -> None:
    run = Run(stack([metric_filter()], [alarm()]))
    run.take([record("StopLogging", 1, user="alice", number=1)], START)
    run.restart()
    run.take([record("StopLogging", 1, user=other, number=2)], START)
    run.decide(minute_of_start() + 3, START)
    run.decide(minute_of_start() + 4, START)
    assert [a.kind for a in run.told] == ["transition", *kinds]
    if kinds:
        more = run.told[1].transition
        assert (more.from_state, more.to_state, more.event_count) == ("ALARM", "ALARM", 1)
        assert more.time == run.told[0].transition.time
        assert [one.principal for one in more.principals] == ["user/eve (111122223333)"]


@given(records.filter(bool), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whatever_matches_too_late_is_told_as_such(
    items: list[dict[str, Any]], rng: random.Random
) -> None:
    run = Run()
    arrivals = sorted((minute_of(item) + rng.randrange(90), n) for n, item in enumerate(items))
    late = 0
    for arrival, n in arrivals:
        now = START + timedelta(minutes=arrival - minute_of_start())
        run.decide(arrival - LATENESS, now)
        decided = run.live.memory.decided
        is_late = decided is not None and minute_of(items[n]) < decided
        late += is_late and items[n]["eventName"] == "StopLogging"
        run.take([items[n]], now)
    run.told += run.live.foresee(START, everything=True)
    told = [a for a in run.told if a.kind == "late-match" and a.alarm == "stopped"]
    assert sum(a.transition.event_count for a in told) == late
    assert all(a.transition.from_state == a.transition.to_state for a in told)


def test_an_alarm_that_the_stack_has_no_more_is_not_in_alarm() -> None:
    run = Run(stack([metric_filter()], [alarm(), alarm("other")]))
    run.take([record("StopLogging", 1)], START)
    assert run.live.in_alarm == ["stopped", "other"]
    run.stack = stack([metric_filter()], [alarm()])
    run.restart()
    assert run.live.in_alarm == ["stopped"]

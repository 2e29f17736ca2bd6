"""The data inside the page: whole where it is small, bounded where it is not."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.report.outcomes import busy_outcome, empty_outcome, example_outcome, hostile_outcome
from tests.report.parts import MINUTE, START, alarm_outcome, change, event, metric_alarm, summary
from trailwarden.json_text import encode
from trailwarden.monitor.outcome import Datapoint, Outcome
from trailwarden.report import html_limits
from trailwarden.report.html_data import page_data
from trailwarden.report.html_limits import coarse, longest, share, thinned
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds

LENGTHS = st.lists(st.integers(0, 50), max_size=20)


def test_a_small_outcome_is_there_as_a_whole() -> None:
    data = page_data(example_outcome())
    root = data["alarms"][0]
    assert root["name"] == "root-usage"
    assert [t["to"] for t in root["transitions"]] == ["OK", "ALARM"] * 3 + ["OK"]
    assert root["states"][:4] == [
        *(epoch_seconds(START + MINUTE), 0),
        *(epoch_seconds(START + 62 * MINUTE), 1),
    ]
    assert root["first"] == 2
    assert root["transitions"][1]["until"] == root["transitions"][2]["time"]
    assert root["transitions"][-1]["until"] is None
    third = root["transitions"][3]
    assert [data["events"][i]["name"] for i in third["events"]] == [
        *("ConsoleLogin", "CreateAccessKey", "AttachUserPolicy"),
    ]
    assert third["principals"] == [[data["principals"].index("Root"), 3]]
    assert data["filters"][root["filters"][0]]["pattern"] == '{ $.userIdentity.type = "Root" }'
    assert (data["from"], data["to"]) == (
        epoch_seconds(START),
        epoch_seconds(START + timedelta(days=2, hours=3, minutes=17)),
    )
    assert len(data["gaps"]) == 2


def test_alarms_that_fired_come_first_and_composites_have_a_rule() -> None:
    alarms = page_data(example_outcome())["alarms"]
    fired = [alarm["fired"] > 0 for alarm in alarms]
    assert fired == sorted(fired, reverse=True)
    composite = next(alarm for alarm in alarms if alarm["isComposite"])
    assert composite["definition"] == "ALARM(root-usage) AND ALARM(unauthorized-calls)"
    assert composite["series"] == []


def test_an_event_behind_several_alarms_is_written_once() -> None:
    data = page_data(example_outcome())
    keys = [(e["id"], e["time"], e["name"]) for e in data["events"]]
    assert len(keys) == len(set(keys))
    takeover = next(alarm for alarm in data["alarms"] if alarm["isComposite"])
    assert set(data["alarms"][0]["transitions"][3]["events"]) <= set(
        takeover["transitions"][1]["events"]
    )


def test_positions_are_valid_in_every_outcome() -> None:
    for outcome in (example_outcome(), empty_outcome(), busy_outcome(), hostile_outcome()):
        data = page_data(outcome)
        people = range(len(data["principals"]))
        for one in data["filters"]:
            assert all(p in people for p, _ in one["principals"])
        assert all(e["principal"] in people for e in data["events"])
        for alarm in data["alarms"]:
            assert all(i in range(len(data["filters"])) for i in alarm["filters"])
            for transition in alarm["transitions"]:
                assert all(i in range(len(data["events"])) for i in transition["events"])
                assert all(p in people for p, _ in transition["principals"])
                assert data["from"] <= transition["time"] <= data["to"]


def test_numbers_that_json_lacks_are_left_out() -> None:
    points = tuple(
        Datapoint(START + i * MINUTE, v) for i, v in enumerate([1.0, math.inf, math.nan])
    )
    alarm = replace(alarm_outcome(metric_alarm("a", "b", math.inf)), series=points)
    data = page_data(replace(empty_outcome(), alarms=(alarm,)))
    encode(data)
    assert len(data["alarms"][0]["series"]) == 1


def huge_outcome(alarms: int = 40, incidents: int = 300) -> Outcome:
    """More of everything than a page should hold."""
    raw = "x" * 8000
    runs = []
    for number in range(alarms):
        transitions = []
        for index in range(incidents):
            at = 10 * index
            one = replace(
                event(at, "Put", f"user/{index % 90}", number=number * 1000 + index), raw=raw
            )
            transitions += [change(at, "OK", "ALARM", [one] * 2), change(at + 5, "ALARM", "OK")]
        run = alarm_outcome(metric_alarm(f"alarm-{number}", "m"), transitions)
        series = tuple(Datapoint(START + i * MINUTE, float(i)) for i in range(4000))
        runs.append(replace(run, series=series, series_period=60))
    end = START + timedelta(days=4)
    return Outcome(Stack("huge", "huge.yaml"), "event", summary(last_event=end), (), tuple(runs))


def test_a_huge_outcome_is_bounded_and_says_how_much_there_was() -> None:
    data = page_data(huge_outcome())
    assert sum(len(alarm["transitions"]) for alarm in data["alarms"]) <= html_limits.TRANSITIONS
    assert len(data["events"]) <= html_limits.EVENTS
    assert sum(len(one["raw"]) for one in data["events"]) <= html_limits.RAW_SIZE
    assert sum(len(alarm["series"]) for alarm in data["alarms"]) <= html_limits.POINTS
    for alarm in data["alarms"]:
        assert alarm["changes"] == 600
        assert alarm["fired"] == 300
        assert len(alarm["states"]) == 2 * 600  # the drawing has them all
        assert 100 < len(alarm["transitions"]) < 600
        assert alarm["thinned"] == "highest"
        assert alarm["series"][-1][1] == 3999.0  # the highest of its bucket
    assert len(encode(data)) < 40_000_000


@given(LENGTHS, st.integers(0, 300))
def test_share_is_the_largest_that_fits(lengths: list[int], total: int) -> None:
    n = share(lengths, total)
    assert sum(min(length, n) for length in lengths) <= total
    if n < total and n < max(lengths, default=0):
        assert sum(min(length, n + 1) for length in lengths) > total


@given(LENGTHS, st.integers(0, 300))
def test_longest_is_the_largest_that_fits(lengths: list[int], total: int) -> None:
    n = longest(lengths, total)
    assert sum(length for length in lengths if length <= n) <= total
    if n < max(lengths, default=0):
        assert sum(length for length in lengths if length <= n + 1) > total


@given(st.lists(st.integers(1, 10_000), max_size=80, unique=True), st.integers(0, 20))
def test_coarse_keeps_the_first_change_and_alternates(times: list[int], most: int) -> None:
    changes = [(60 * time, (i + 1) % 2) for i, time in enumerate(sorted(times))]
    kept = coarse(changes, most, 1)
    assert len(kept) <= max(2, most, 0) or kept == changes
    assert kept[:1] == changes[:1]
    assert [state for _, state in kept] == [(i + 1) % 2 for i in range(len(kept))]
    if len(changes) <= most:
        assert kept == changes


@given(st.lists(st.tuples(st.integers(0, 5000), st.floats(-9, 9)), max_size=60), st.integers(1, 9))
def test_thinned_keeps_the_extreme(points: list[tuple[int, float]], most: int) -> None:
    points = [(60 * minute, value) for minute, value in sorted(dict(points).items())]
    kept, period = thinned(points, 60, most, max)
    assert len(kept) <= most
    assert max((v for _, v in kept), default=None) == max((v for _, v in points), default=None)
    assert (period == 60) == (len(points) <= most)

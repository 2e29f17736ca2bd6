"""The outcome in a few lines."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report.outcomes import (
    busy_outcome,
    empty_outcome,
    example_outcome,
    hostile_outcome,
)
from tests.report.parts import alarm_outcome, change, event, filter_outcome
from tests.report.rendering import rendered
from trailwarden.monitor.outcome import Event, Outcome
from trailwarden.report.summary import summary_lines


def incident(*events: Event) -> Outcome:
    """The example, of which nothing is left but one incident with these events."""
    outcome = example_outcome()
    alarm, one = outcome.alarms[0], outcome.filters[0]
    run = (change(0, "INSUFFICIENT_DATA", "OK"), change(9, "OK", "ALARM", events))
    fired = alarm_outcome(alarm.alarm, run, [one.filter.filter_name])
    return replace(outcome, alarms=(fired,), filters=(filter_outcome(one.filter, events),))


def words(outcome: Outcome) -> dict[str, str]:
    return dict(summary_lines(outcome))


def test_who_did_what_from_where_and_when() -> None:
    found = words(
        incident(
            event(1, "GetUser", "user/eve", ip="198.51.100.7", error="AccessDenied"),
            event(2, "CreateUser", "user/eve", ip="198.51.100.7"),
            event(3, "StopLogging", "user/eve", ip="198.51.100.8"),
            event(5, "DescribeVpcs", "user/ops", ip="192.0.2.1"),
        )
    )
    assert found == {
        "who": "user/eve from 198.51.100.7, 198.51.100.8: 3 of 4 matches, incidents of 1 alarm",
        "also": "user/ops",
        "worked": "StopLogging, CreateUser, DescribeVpcs",
        "refused": "GetUser",
        "when": "first 2024-03-04T08:01:00Z GetUser; "
        "last 2024-03-04T08:05:00Z DescribeVpcs (4 min)",
    }


def test_who_stopped_the_trail_comes_before_who_made_noise() -> None:
    noise = [event(n / 10, "ListUsers", "role/ci", error="AccessDenied") for n in range(20)]
    found = words(incident(*noise, event(3, "DeleteTrail", "user/eve")))
    assert found["who"].startswith("user/eve from ")
    assert found["also"] == "role/ci ×20"
    assert (found["worked"], found["refused"]) == ("DeleteTrail", "ListUsers ×20")


def test_one_match() -> None:
    found = words(incident(event(1, "StopLogging", "user/eve", ip="198.51.100.7")))
    assert found["who"] == "user/eve from 198.51.100.7: 1 match, incidents of 1 alarm"
    assert found["when"] == "2024-03-04T08:01:00Z StopLogging"
    assert "also" not in found
    assert "refused" not in found


def test_nothing_fired() -> None:
    found = words(replace(incident(event(1, "StopLogging", "user/eve")), alarms=()))
    assert found["who"] == "user/eve: 1 match"
    assert found["when"] == "2024-03-04T08:01:00Z"


def test_nothing_matched_and_nothing_read() -> None:
    assert words(incident()) == {"matches": "no record matched any metric filter"}
    assert summary_lines(empty_outcome()) == []


@pytest.mark.parametrize("make", [example_outcome, busy_outcome, hostile_outcome])
def test_it_is_three_to_six_harmless_lines(make: type) -> None:
    outcome = make()
    lines = summary_lines(outcome)
    assert 3 <= len(lines) <= 6
    for _, text in lines:
        assert len(text) <= 260
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e\u2066\ud800-\udfff]", text)
    terminal, page = rendered(outcome, "terminal"), rendered(outcome, "html")
    assert terminal.index("\n  who ") < terminal.index("\nAlarms")
    assert page.index("<dt>Who</dt>") < page.index('id="timeline"')
    assert '<dl class="words">' not in rendered(empty_outcome(), "html")

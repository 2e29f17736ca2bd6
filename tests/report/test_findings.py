from __future__ import annotations

from tests.report.outcomes import busy_outcome, example_outcome
from trailwarden.report.findings import (
    grouped,
    incidents_of,
    matches_of,
    principals_across,
    silent_matches,
)
from trailwarden.report.terminal.timeline import select


def test_incidents_know_their_end() -> None:
    outcome = example_outcome()
    root = list(incidents_of(outcome.alarms[0]))
    assert [incident.number for incident in root] == [1, 2, 3]
    assert [incident.end for incident in root] == [
        change.time for change in outcome.alarms[0].transitions if change.from_state == "ALARM"
    ]
    [lasting] = incidents_of(outcome.alarms[2])
    assert (lasting.end, lasting.end_state) == (None, "ALARM")


def test_principals_are_counted_once_per_incident_and_not_through_composite_alarms() -> None:
    spans = principals_across(example_outcome().alarms)
    assert [(span.principal, span.incidents, span.alarms) for span in spans] == [
        ("Root", 3, ["root-usage"]),
        ("AdminRole/alice", 1, ["security-group-changes"]),
        ("user/deploy", 1, ["unauthorized-calls"]),
    ]
    first, last = spans[0].first, spans[0].last
    assert (first.day, last.day) == (4, 5)


def test_principals_behind_the_most_alarms_come_first() -> None:
    spans = principals_across(busy_outcome(2).alarms)
    breadths = [len(span.alarms) for span in spans]
    assert breadths == sorted(breadths, reverse=True)
    assert len(set(spans[0].alarms)) == len(spans[0].alarms)


def test_problems_are_grouped_by_code_and_cure() -> None:
    groups = grouped(example_outcome().input.problems)
    assert [(group.code, group.count) for group in groups] == [
        ("bad-record", 3),
        ("truncated-gzip", 1),
    ]
    busy = grouped(busy_outcome(1).input.problems)
    assert len(busy) == 14
    assert sum(group.count for group in busy) == 500


def test_matches_that_no_alarm_told_of() -> None:
    found = silent_matches(example_outcome())
    assert [(one.filter.filter.filter_name, one.alarms) for one in found] == [
        ("failed-logins", ("failed-logins",)),
        ("bucket-policy-changes", ()),
    ]


def test_matches_behind_an_alarm() -> None:
    outcome = example_outcome()
    assert matches_of(outcome.alarms[0], outcome.filters) == 4
    assert matches_of(outcome.alarms[-1], outcome.filters) == 0


def test_the_first_and_the_newest_incidents_are_shown() -> None:
    incidents = list(incidents_of(busy_outcome(9).alarms[0]))
    few = select(incidents, 4)
    assert [incident.number for incident in few.before] == [1]
    assert [incident.number for incident in few.after] == [7, 8, 9]
    assert few.left_out == 5
    assert [incident.number for incident in select(incidents, 1).after] == [9]
    everything = select(incidents, 9)
    assert (len(everything.before), everything.left_out, len(everything.after)) == (9, 0, 0)

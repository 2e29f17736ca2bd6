"""The engine: records in; matches, datapoints, transitions and incidents out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.records import START, alarm, log_file, metric_filter, record, stack
from trailwarden.alarms import CompositeAlarm
from trailwarden.monitor import DigestReader, Monitor
from trailwarden.monitor.outcome import AlarmOutcome, Transition
from trailwarden.stack.model import Stack


def run(the_stack: Stack, records: list[dict[str, Any]]) -> Monitor:
    monitor = Monitor(the_stack)
    monitor.observe(DigestReader(the_stack.metric_filters).digest(log_file(records), "a.json"))
    monitor.finish()
    return monitor


def only_alarm(monitor: Monitor) -> AlarmOutcome:
    (outcome,) = monitor.alarm_outcomes()
    return outcome


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def story(outcome: AlarmOutcome) -> list[tuple[datetime, str, str]]:
    return [(t.time, t.from_state, t.to_state) for t in outcome.transitions]


def first_alarm(outcome: AlarmOutcome) -> Transition:
    return next(t for t in outcome.transitions if t.to_state == "ALARM")


def test_lone_match_fires_at_the_end_of_its_minute_and_clears_after_the_range() -> None:
    # Rule E-23: without a default value the alarm returns to OK at the end of minute m + 15.
    outcome = only_alarm(run(stack(), [record("StopLogging", 2.5), record(minute=30)]))
    assert story(outcome) == [
        (at(3), "INSUFFICIENT_DATA", "ALARM"),
        (at(18), "ALARM", "OK"),
    ]
    assert outcome.fired == 1
    assert outcome.state == "OK"


def test_default_value_clears_the_alarm_after_one_period() -> None:
    # Rule E-23: with defaultValue 0 and records in every minute, back to OK at m + 5.
    filters = [metric_filter(default=0.0)]
    records = [record(minute=minute) for minute in range(20)] + [record("StopLogging", 2.5)]
    outcome = only_alarm(run(stack(filters), records))
    assert story(outcome) == [
        (at(1), "INSUFFICIENT_DATA", "OK"),
        (at(3), "OK", "ALARM"),
        (at(8), "ALARM", "OK"),
    ]
    assert outcome.transitions[0].initial


def test_incident_names_its_events_and_principals() -> None:
    records = [
        record("StopLogging", 1, user="mallory", sourceIPAddress="203.0.113.9"),
        record("StopLogging", 2, user="mallory", errorCode="AccessDenied"),
        record("StopLogging", 2.5, user="eve"),
        record("DescribeTrails", 2, user="alice"),
    ]
    settings = alarm(threshold=3.0)
    fired = first_alarm(only_alarm(run(stack(alarms=[settings]), records)))
    assert fired.event_count == 3
    assert [p.count for p in fired.principals] == [2, 1]
    assert "mallory" in fired.principals[0].principal
    assert "111122223333" in fired.principals[0].principal
    assert [e.event_name for e in fired.events] == ["StopLogging"] * 3
    assert fired.events[0].source_ip == "203.0.113.9"
    assert fired.events[1].error_code == "AccessDenied"
    assert fired.events[0].source == "a.json"
    assert '"eventName":"StopLogging"' in fired.events[0].raw
    assert fired.datapoints[-1].value == 3.0


def test_return_to_ok_has_no_culprits() -> None:
    cleared = only_alarm(run(stack(), [record("StopLogging"), record(minute=40)])).transitions[-1]
    assert cleared.to_state == "OK"
    assert (cleared.events, cleared.event_count, cleared.principals) == ((), 0, ())


def test_only_matches_inside_the_breaching_buckets_are_named() -> None:
    records = [record("StopLogging", 0, user="early"), record("StopLogging", 60, user="late")]
    outcome = only_alarm(run(stack(), records))
    fired = [t for t in outcome.transitions if t.to_state == "ALARM"]
    names = [[p.principal for p in t.principals] for t in fired]
    assert [len(of_one) for of_one in names] == [1, 1]
    assert ["early" in names[0][0], "late" in names[1][0]] == [True, True]


def test_run_ends_when_the_last_record_has_left_the_range() -> None:
    # Rule W-2: the grid ends R periods after the last record; state is reported as it is (W-6).
    outcome = only_alarm(run(stack(), [record("StopLogging", 0)]))
    assert story(outcome) == [(at(1), "INSUFFICIENT_DATA", "ALARM"), (at(16), "ALARM", "OK")]


def test_filter_outcome_counts_matches_and_principals() -> None:
    records = [
        record("StopLogging", 5, user="b"),
        record("StopLogging", 9, user="a"),
        record("StopLogging", 1, user="b"),
    ]
    (found,) = run(stack(), records).filter_outcomes()
    assert (found.matches, found.first, found.last) == (3, at(1), at(9))
    assert [p.count for p in found.principals] == [2, 1]


def test_metric_value_from_the_record() -> None:
    filters = [metric_filter("{ $.eventName = Transfer }", value="$.requestParameters.bytes")]
    records = [
        record("Transfer", 1, requestParameters={"bytes": 700}),
        record("Transfer", 2, requestParameters={"bytes": "300.5"}),
        record("Transfer", 3, requestParameters={"bytes": "many"}),  # rule D-13: no sample
        record("Transfer", 3, requestParameters=None),
    ]
    fired = first_alarm(only_alarm(run(stack(filters, [alarm(threshold=1000.0)]), records)))
    assert fired.time == at(3)
    assert fired.datapoints[-1].value == pytest.approx(1000.5)


def test_a_value_that_cloudwatch_refuses_adds_nothing() -> None:
    # Rule M-8. Whoever writes the record may write any number.
    filters = [metric_filter("{ $.eventName = Transfer }", value="$.requestParameters.bytes")]
    records = [
        record("Transfer", 1, requestParameters={"bytes": "1e300"}),
        record("Transfer", 2, requestParameters={"bytes": "1e99999999999"}),
    ]
    monitor = run(stack(filters), records)
    assert monitor.filter_outcomes()[0].matches == 2
    assert only_alarm(monitor).fired == 0


def test_dimensions_select_the_metric() -> None:
    # Rule M-1: an alarm reads exactly the metric with its own dimension values.
    filters = [metric_filter(dimensions=(("Who", "$.userIdentity.userName"),))]
    alarms = [
        alarm("mallory", dimensions=(("Who", "mallory"),)),
        alarm("alice", dimensions=(("Who", "alice"),)),
        alarm("anyone"),
    ]
    records = [record("StopLogging", 1, user="mallory"), record("StopLogging", 1, user="bob")]
    outcomes = run(stack(filters, alarms), records).alarm_outcomes()
    assert [outcome.fired for outcome in outcomes] == [1, 0, 0]
    fired = outcomes[0].transitions[0]
    assert fired.event_count == 1
    assert len(fired.events) == 1


def test_two_filters_feed_one_metric() -> None:
    filters = [metric_filter(), metric_filter("{ $.eventName = DeleteTrail }", name="deletes")]
    records = [record("StopLogging", 1), record("DeleteTrail", 2)]
    outcome = only_alarm(run(stack(filters, [alarm(threshold=2.0)]), records))
    assert outcome.filters == ("stops", "deletes")
    fired = first_alarm(outcome)
    assert [e.event_name for e in fired.events] == ["StopLogging", "DeleteTrail"]


def test_a_record_that_two_filters_match_is_shown_once() -> None:
    filters = [metric_filter(), metric_filter("{ $.eventSource = ec2* }", name="ec2")]
    outcome = only_alarm(run(stack(filters), [record("StopLogging", 1)]))
    fired = outcome.transitions[0]
    assert len(fired.events) == 1
    assert fired.event_count == 2  # two samples of the metric


def test_composite_alarm_follows_its_children_with_their_culprits() -> None:
    filters = [
        metric_filter(),
        metric_filter("{ $.eventName = DeleteTrail }", name="deletes", metric="Deletes"),
    ]
    alarms = [alarm(), alarm("deleted", "Deletes")]
    composites = [
        CompositeAlarm("outer", 'ALARM("inner")'),
        CompositeAlarm("inner", "ALARM(stopped) AND ALARM(deleted)"),
    ]
    records = [
        record("StopLogging", 0, user="a"),
        record("DeleteTrail", 4, user="b"),
        record(minute=60),
    ]
    outcomes = run(stack(filters, alarms, composites), records).alarm_outcomes()
    assert [outcome.name for outcome in outcomes] == ["stopped", "deleted", "outer", "inner"]
    outer, inner = outcomes[2:]
    assert story(inner) == [
        (at(1), "INSUFFICIENT_DATA", "OK"),
        (at(5), "OK", "ALARM"),
        (at(16), "ALARM", "OK"),
    ]
    assert story(outer) == story(inner)
    assert "deleted transitioned to ALARM at Wednesday 01 May, 2024 12:05:00 UTC" in (
        inner.transitions[1].reason
    )
    for outcome in (inner, outer):
        assert [e.event_name for e in outcome.transitions[1].events] == [
            "StopLogging",
            "DeleteTrail",
        ]
        assert outcome.transitions[1].event_count == 2


def test_series_shows_the_metric() -> None:
    records = [record("StopLogging", 0), record("StopLogging", 1), record("StopLogging", 12)]
    outcome = only_alarm(run(stack(), records))
    assert outcome.series_period == 300
    assert [(p.time, p.value) for p in outcome.series] == [(at(0), 2.0), (at(10), 1.0)]


def test_silence_is_counted_and_long_gaps_are_listed() -> None:
    monitor = run(stack(), [record(minute=0), record(minute=61), record(minute=200)])
    assert monitor.silent_minutes == 60 + 138
    assert [(gap.start, gap.end) for gap in monitor.gaps] == [(at(62), at(200))]
    assert (monitor.first_event, monitor.last_event) == (at(0), at(200))


def test_every_gap_is_listed_however_many_there_are() -> None:
    monitor = run(stack(), [record(minute=day * 1440) for day in range(1200)])
    assert len(monitor.gaps) == 1199
    assert monitor.silent_minutes == 1199 * 1439
    assert (monitor.gaps[-1].start, monitor.gaps[-1].end) == (at(1198 * 1440 + 1), at(1199 * 1440))


def test_no_records_at_all() -> None:
    monitor = run(stack(), [])
    assert only_alarm(monitor).state == "INSUFFICIENT_DATA"
    assert monitor.first_event is None


def test_records_without_a_usable_time_are_counted_but_not_placed() -> None:
    the_stack = stack()
    digest = DigestReader(the_stack.metric_filters).digest(
        log_file([record("StopLogging", eventTime="yesterday"), record()]), "a.json"
    )
    assert [(p.code, p.count) for p in digest.problems] == [("no-event-time", 1)]
    monitor = Monitor(the_stack)
    monitor.observe(digest)
    monitor.finish()
    assert monitor.events == 2
    assert monitor.filter_outcomes()[0].matches == 0


def test_years_of_silence_cost_nothing_and_change_nothing() -> None:
    decade = 60 * 24 * 3650
    outcome = only_alarm(run(stack(), [record("StopLogging"), record("StopLogging", decade)]))
    assert outcome.fired == 2
    assert outcome.transitions[2].time == at(decade + 1)


def test_sub_minute_alarm() -> None:
    records = [record("StopLogging", 1.5), record(minute=5)]
    outcome = only_alarm(run(stack(alarms=[alarm(period=10)]), records))
    fired = first_alarm(outcome)
    # A metric filter stamps its samples with the minute, so the first ten seconds hold it.
    assert fired.time == at(1) + timedelta(seconds=10)
    assert fired.event_count == 1

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.report.outcomes import (
    busy_outcome,
    empty_outcome,
    example_outcome,
    hostile_outcome,
)
from tests.report.rendering import rendered
from tests.report.test_json_text import scrubbed
from trailwarden.monitor.outcome import Outcome

DOCUMENT = Path(__file__).parents[2] / "docs" / "output.md"

# A type, a shape of each item in a list, or a mapping of exactly these fields.
MAYBE_TEXT, MAYBE_COUNT, MAYBE_NUMBER = (
    (str, type(None)),
    (int, type(None)),
    (float, int, type(None)),
)
LOCATION = {"source": str, "line": MAYBE_COUNT, "column": MAYBE_COUNT, "key": MAYBE_TEXT}
PRINCIPALS = [{"principal": str, "count": int}]
EVENT = {
    **dict.fromkeys(("event_id", "time", "name", "source", "account", "region"), MAYBE_TEXT),
    **dict.fromkeys(("principal", "principal_kind", "source_ip", "user_agent"), MAYBE_TEXT),
    "error_code": MAYBE_TEXT,
    "read_only": (bool, type(None)),
    "file": str,
    "raw": object,
    "raw_cut": bool,
}
TRANSITION = {
    **dict.fromkeys(("time", "from", "to", "reason"), str),
    "initial": bool,
    "reason_data": object,
    "datapoints": [{"time": str, "value": MAYBE_NUMBER}],
    "event_count": int,
    "fired_count": int,
    "more_count": int,
    "event_names": [{"name": str, "count": int, "refused": int}],
    "principals": [{"principal": str, "count": int, "new": bool}],
    "events": [EVENT],
}
METRIC = {
    **dict.fromkeys(("namespace", "name", "statistic", "unit"), MAYBE_TEXT),
    "dimensions": dict,
    "period": int,
}
CONDITION = {
    "comparison_operator": str,
    "threshold": MAYBE_NUMBER,
    "evaluation_periods": int,
    "datapoints_to_alarm": MAYBE_COUNT,
    "treat_missing_data": MAYBE_TEXT,
}
ALARM = {
    "name": str,
    "description": MAYBE_TEXT,
    "metric": METRIC,
    "condition": CONDITION,
    "rule": MAYBE_TEXT,
    "filters": [str],
    "state": str,
    "fired": int,
    "transitions": [TRANSITION],
}
FILTER = {
    **dict.fromkeys(("name", "pattern", "log_group"), str),
    **dict.fromkeys(("first", "last"), MAYBE_TEXT),
    "matches": int,
    "principals": PRINCIPALS,
    "principals_cut": bool,
}
INPUT = {
    "sources": [str],
    **dict.fromkeys(("files", "events", "duplicates", "bytes", "bytes_read"), int),
    **dict.fromkeys(("first_event", "last_event"), MAYBE_TEXT),
    "silent_minutes": int,
    "gaps": [{"start": str, "end": str}],
    "skipped": dict,
    "problems": [{**LOCATION, "code": str, "message": str, "cure": str, "count": int}],
}
STACK = {
    **dict.fromkeys(("name", "source"), str),
    **dict.fromkeys(("region", "account"), MAYBE_TEXT),
    **dict.fromkeys(("metric_filters", "alarms", "composite_alarms"), int),
    "not_run": [{"name": str, "type": str, "reason": str, "location": LOCATION}],
    "notes": [{"code": str, "message": str, "location": LOCATION}],
}
REPORT = {
    **dict.fromkeys(("schema", "version", "clock"), str),
    **dict.fromkeys(("since", "until"), MAYBE_TEXT),
    "seconds": MAYBE_NUMBER,
    "stack": STACK,
    "input": INPUT,
    "filters": [FILTER],
    "alarms": [ALARM],
}
NULLABLE = {"metric", "condition", "location"}


def check(value: Any, shape: Any, at: str) -> None:
    if isinstance(shape, dict):
        if value is None and at.rsplit(".", 1)[-1] in NULLABLE:
            return
        assert set(value) == set(shape), at
        for key, inner in shape.items():
            check(value[key], inner, f"{at}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), at
        for index, item in enumerate(value):
            check(item, shape[0], f"{at}[{index}]")
    else:
        assert isinstance(value, shape), f"{at}: {value!r}"


def field_names(shape: Any) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from shape
        for inner in shape.values():
            yield from field_names(inner)
    elif isinstance(shape, list):
        yield from field_names(shape[0])


@pytest.mark.parametrize("build", [example_outcome, empty_outcome, hostile_outcome, busy_outcome])
def test_it_is_one_ascii_object_of_the_documented_shape(build: Any) -> None:
    text = rendered(build(), "json")
    assert text.isascii()
    assert text.endswith("}\n")
    report = msgspec.json.decode(text.encode())  # the strictest parser at hand
    assert next(iter(report)) == "schema"
    assert report["schema"] == "trailwarden.scan/1"
    check(report, REPORT, "report")


def test_every_field_is_documented() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    missing = {name for name in field_names(REPORT) if f"`{name}`" not in document}
    assert not missing


def test_two_renderings_are_equal() -> None:
    assert rendered(example_outcome(), "json") == rendered(example_outcome(), "json")


def test_the_example_tells_who_did_what() -> None:
    report = json.loads(rendered(example_outcome(), "json"))
    assert report["input"]["files"] == 1204
    assert report["input"]["skipped"] == {"digest": 48, "insight": 2}
    assert [problem["code"] for problem in report["input"]["problems"]] == [
        "truncated-gzip",
        "bad-record",
    ]
    root = report["alarms"][0]
    assert (root["name"], root["state"], root["fired"]) == ("root-usage", "OK", 3)
    assert root["metric"]["namespace"] == "SecurityMetrics"
    assert root["condition"]["threshold"] == 1.0
    start, first, *_ = root["transitions"]
    assert start["initial"] is True
    assert (first["from"], first["to"], first["time"]) == ("OK", "ALARM", "2024-03-04T09:02:00Z")
    assert first["principals"] == [{"principal": "Root", "count": 1, "new": False}]
    assert first["datapoints"] == [{"time": "2024-03-04T08:57:00Z", "value": 1.0}]
    assert first["reason_data"]["threshold"] == 1.0
    [event] = first["events"]
    assert event["name"] == "ConsoleLogin"
    assert event["source_ip"] == "203.0.113.50"
    assert event["error_code"] is None
    assert event["raw"]["eventName"] == "ConsoleLogin"
    composite = report["alarms"][-1]
    assert composite["metric"] is None
    assert composite["rule"] == "ALARM(root-usage) AND ALARM(unauthorized-calls)"


def test_hostile_texts_come_back_as_they_were() -> None:
    outcome = hostile_outcome()
    report = json.loads(rendered(outcome, "json"))
    assert [a["name"] for a in report["alarms"]] == scrubbed([a.name for a in outcome.alarms])
    events = report["alarms"][0]["transitions"][0]["events"]
    principals = [event.principal for event in outcome.alarms[0].transitions[0].events]
    assert [event["principal"] for event in events] == scrubbed(principals)


def test_raw_is_json_only_where_it_is_whole_and_sane() -> None:
    report = json.loads(rendered(hostile_outcome(), "json"))
    events = report["alarms"][0]["transitions"][0]["events"]
    odd = [event for event in events if event["name"] == "Odd"]
    kinds = [(type(event["raw"]).__name__, event["raw_cut"]) for event in odd]
    assert kinds == [
        ("str", True),  # cut
        ("str", False),  # far too deep
        ("str", False),  # NaN, 1e999
        ("str", False),  # a number of 9,000 digits
        ("dict", False),  # surrogates are no reason
        ("dict", False),
        ("str", True),
        ("str", False),  # empty
    ]


def test_a_time_that_is_unknown_is_null() -> None:
    from dataclasses import replace

    from trailwarden.monitor.outcome_json import event_value
    from trailwarden.times import EPOCH

    event = example_outcome().alarms[0].transitions[1].events[0]
    assert event_value(event)["time"] == "2024-03-04T09:01:00Z"
    assert event_value(replace(event, event_time=EPOCH))["time"] is None


def test_lines_are_the_transitions_in_the_order_of_time() -> None:
    outcome: Outcome = example_outcome()
    report = json.loads(rendered(outcome, "json"))
    lines = [json.loads(line) for line in rendered(outcome, "jsonl").splitlines()]
    assert {line.pop("schema") for line in lines} == {"trailwarden.transition/1"}
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)
    for alarm in report["alarms"]:
        own = [line for line in lines if line["alarm"] == alarm["name"]]
        assert own == [{"alarm": alarm["name"], **change} for change in alarm["transitions"]]


def test_lines_of_hostile_texts_stay_lines() -> None:
    outcome = hostile_outcome()
    text = rendered(outcome, "jsonl")
    assert text.isascii()
    assert text.count("\n") == sum(len(alarm.transitions) for alarm in outcome.alarms)
    for line in text.splitlines():
        msgspec.json.decode(line.encode())


def test_no_transition_no_line() -> None:
    assert rendered(empty_outcome(), "jsonl") == ""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.outcomes import HOSTILE, empty_outcome, example_outcome, hostile_outcome
from tests.report.rendering import rendered
from tests.report.test_json_report import DOCUMENT
from trailwarden.report.csv_report import CELL_LIMIT, COLUMNS, cell

FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_one_row_for_each_event_behind_each_incident() -> None:
    outcome = example_outcome()
    rows = rows_of(rendered(outcome, "csv"))
    expected = [
        (alarm.name, event.event_id)
        for alarm in outcome.alarms
        for change in alarm.transitions
        if change.to_state == "ALARM"
        for event in change.events
    ]
    assert [(row["alarm"], row["event_id"]) for row in rows] == expected
    assert rows[1] == {
        "alarm": "root-usage",
        "incident": "2",
        "incident_time": "2024-03-04T09:04:00Z",
        "incident_end": "2024-03-04T10:10:00Z",
        "end_state": "OK",
        "event_count": "3",
        "fired_count": "3",
        "more_count": "0",
        "reason": outcome.alarms[0].transitions[3].reason,
        "event_time": "2024-03-04T09:01:00Z",
        "principal": "Root",
        "principal_kind": "Root",
        "event_name": "ConsoleLogin",
        "event_source": "signin.amazonaws.com",
        "error_code": "",
        "source_ip": "203.0.113.50",
        "user_agent": "aws-cli/2.15.0 Python/3.11.6",
        "account": "111122223333",
        "region": "eu-west-1",
        "read_only": "false",
        "event_id": "00000001-0000-4000-8000-000000000e4c",
        "file": "AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/04/0901.json.gz",
    }


def test_an_incident_that_lasts_to_the_end() -> None:
    [row] = [
        row
        for row in rows_of(rendered(example_outcome(), "csv"))
        if row["alarm"] == "security-group-changes"
    ]
    assert (row["incident_end"], row["end_state"]) == ("", "ALARM")


def test_an_incident_without_events_has_a_row() -> None:
    outcome = example_outcome()
    bare = replace(outcome.alarms[2].transitions[1], events=(), event_count=0)
    alarm = replace(outcome.alarms[2], transitions=(bare,))
    [row] = rows_of(rendered(replace(outcome, alarms=(alarm,)), "csv"))
    assert (row["alarm"], row["event_count"]) == ("security-group-changes", "0")
    assert row["event_name"] == row["principal"] == row["event_time"] == ""


def test_lines_end_as_the_standard_says() -> None:
    text = rendered(example_outcome(), "csv")
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == text.count("\r")


def test_nothing_fired() -> None:
    assert rendered(empty_outcome(), "csv") == ",".join(COLUMNS) + "\r\n"


def test_every_column_is_documented() -> None:
    part = DOCUMENT.read_text(encoding="utf-8").partition("\n## csv\n")[2]
    assert [name for name in COLUMNS if f"`{name}`" not in part] == []


def test_no_cell_of_hostile_texts_is_a_formula_or_a_control() -> None:
    text = rendered(hostile_outcome(), "csv")
    text.encode("utf-8")  # no lone surrogate is left
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    for row in rows:
        for shown in row:
            assert not FORMULA.match(shown)
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e\u2066]", shown)
            assert len(shown) <= CELL_LIMIT + 1


@pytest.mark.parametrize(
    "name", ["formula", "plus", "minus", "at", "tab", "return", "wide-formula"]
)
def test_a_formula_gets_an_apostrophe(name: str) -> None:
    assert cell(HOSTILE[name])[0] == "'"


@pytest.mark.parametrize("text", ["Root", "a=b", "user/x+y", "'quoted", "", "198.51.100.7"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


@given(st.text(st.sampled_from("=+-@\t\r\n \"',;a＝＠\u00a0\u3000\u200b\ud800")))
@settings(max_examples=200)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not FORMULA.match(cell(text))

"""The list of all matches as CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re

import msgspec
import pytest

from tests.records import START
from tests.report.outcomes import HOSTILE, empty_outcome
from tests.report.test_csv_report import FORMULA
from tests.report.test_json_report import DOCUMENT
from trailwarden.monitor.matches import Match, MatchedRecord
from trailwarden.report import MATCH_FORMS, render
from trailwarden.report.matches_report import COLUMNS

RECORD = MatchedRecord(
    time=START,
    principal="user/eve (111122223333)",
    principal_kind="IAMUser",
    access_key="AKIAEXAMPLE",
    with_mfa=False,
    source_ip="198.51.100.7",
    user_agent="aws-cli/2.15",
    account="111122223333",
    region="eu-west-1",
    error_code="",
    error_message="",
    targets=("audit", "arn:aws:s3:::logs"),
    event_name="StopLogging",
    event_source="cloudtrail.amazonaws.com",
    read_only=None,
    event_id="0001",
    file="logs/a.json.gz",
)
MATCH = Match("stops", ("stopped", "tampering"), RECORD)


def written(form: str, *matches: Match) -> str:
    stream = io.StringIO(newline="")
    render(empty_outcome(), MATCH_FORMS[form], stream, matches=matches)
    return stream.getvalue()


def test_a_row_of_csv() -> None:
    assert written(".csv", MATCH) == (
        ",".join(COLUMNS) + "\r\n"
        "2024-05-01T12:00:00Z,stops,stopped; tampering,user/eve (111122223333),IAMUser,AKIAEXAMPLE,"
        "false,198.51.100.7,aws-cli/2.15,111122223333,eu-west-1,StopLogging,"
        "cloudtrail.amazonaws.com,,,audit; arn:aws:s3:::logs,,0001,logs/a.json.gz\r\n"
    )


def test_a_line_of_json() -> None:
    (line,) = written(".jsonl", MATCH).splitlines()
    value = json.loads(line)
    assert value["schema"] == "trailwarden.match/1"
    assert (value["time"], value["filter"]) == ("2024-05-01T12:00:00Z", "stops")
    assert (value["alarms"], value["mfa"]) == (["stopped", "tampering"], False)
    assert (value["error_code"], value["read_only"]) == (None, None)
    assert value["targets"] == ["audit", "arn:aws:s3:::logs"]
    assert written(".ndjson", MATCH) == line + "\n"


def test_nothing_matched() -> None:
    assert written(".csv") == ",".join(COLUMNS) + "\r\n"
    assert written(".jsonl") == ""


def test_every_field_is_documented() -> None:
    part = DOCUMENT.read_text("utf-8").partition("\n## matches\n")[2]
    names = {*COLUMNS, *json.loads(written(".jsonl", MATCH))}
    assert [name for name in names if f"`{name}`" not in part] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text: str) -> None:
    texts = {
        field.name: text for field in msgspec.structs.fields(MatchedRecord) if field.type is str
    }
    record = msgspec.structs.replace(RECORD, targets=(text, text), **texts)
    match = Match(text, (text,), record)
    for form in (".csv", ".jsonl"):
        assert not re.search(r"[\ud800-\udfff]", written(form, match))
    (line,) = written(".jsonl", match).splitlines()
    assert line.isascii()
    json.loads(line)
    _, row = csv.reader(io.StringIO(written(".csv", match), newline=""), strict=True)
    assert len(row) == len(COLUMNS)
    for shown in row:
        assert not FORMULA.match(shown)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e\u2066]", shown)

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trail.builders import codes, dumps, log_file, read, record
from trailwarden.trail import Fault, RawRecord, decode_record, read_records, reader

Records = list[dict[str, Any]]
AT = 1714564800123  # ms


def event_bridge(one: dict[str, Any], detail_type: str = "AWS API Call via CloudTrail") -> Any:
    return {
        "version": "0",
        "id": "0",
        "detail-type": detail_type,
        "source": "aws.ec2",
        "account": "111122223333",
        "time": "2024-05-01T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": one,
    }


def looked_up(one: dict[str, Any]) -> Any:
    return {
        "EventId": "x",
        "EventName": "x",
        "ReadOnly": "true",
        "EventTime": 1714564800.0,
        "Resources": [],
        "CloudTrailEvent": json.dumps(one),
    }


def log_event(one: Any) -> Any:
    return {"id": "1", "timestamp": AT, "message": json.dumps(one, ensure_ascii=False)}


def lines(values: list[Any], ending: bytes = b"\n") -> bytes:
    return b"".join(dumps(value) + ending for value in values)


def exported(records: Records) -> bytes:
    return b"".join(b"2024-05-01T12:00:00.123Z " + dumps(one) + b"\n" for one in records)


def subscription(records: Records) -> Any:
    return {
        "messageType": "DATA_MESSAGE",
        "owner": "111122223333",
        "logGroup": "g",
        "logStream": "s",
        "subscriptionFilters": ["f"],
        "logEvents": list(map(log_event, records)),
    }


def insights_row(one: dict[str, Any]) -> Any:
    return {"@timestamp": "2024-05-01 12:00:00.123", "@message": json.dumps(one)}


PACKAGINGS: dict[str, Callable[[Records], bytes]] = {
    "log file": lambda records: log_file(*records),
    "log file, pretty": lambda records: json.dumps({"Records": records}, indent=2).encode(),
    "log files on end": lambda records: b"".join(log_file(one) for one in records),
    "log files, one per line": lambda records: lines([{"Records": [one]} for one in records]),
    "array": dumps,
    "arrays, one per line": lambda records: lines([records[:1], records[1:]]),
    "JSON lines": lines,
    "JSON lines, CRLF": lambda records: lines(records, b"\r\n"),
    "JSON lines, blank ones": lambda records: b"\n" + lines(records, b"\n \n\r\n"),
    "JSON lines, BOM": lambda records: b"\xef\xbb\xbf" + lines(records),
    "objects on end": lambda records: b"".join(map(dumps, records)),
    "objects, pretty": lambda records: "\n".join(json.dumps(r, indent=1) for r in records).encode(),
    "objects, commas between": lambda records: b",\n".join(map(dumps, records)),
    "UTF-16": lambda records: dumps(records).decode().encode("utf-16"),
    "UTF-16, no BOM": lambda records: dumps(records).decode().encode("utf-16-le"),
    "UTF-16, big end first": lambda records: lines(records).decode().encode("utf-16-be"),
    "LookupEvents": lambda records: dumps({"Events": list(map(looked_up, records))}),
    "LookupEvents, the list alone": lambda records: dumps(list(map(looked_up, records))),
    "EventBridge, one per line": lambda records: lines(list(map(event_bridge, records))),
    "EventBridge, array": lambda records: dumps(list(map(event_bridge, records))),
    "EventBridge in a log group": lambda records: dumps(
        {"events": [log_event(event_bridge(one)) for one in records]}
    ),
    "FilterLogEvents": lambda records: dumps(
        {"events": list(map(log_event, records)), "searchedLogStreams": [], "nextToken": "x"}
    ),
    "log events, one per line": lambda records: lines(list(map(log_event, records))),
    "subscription": lambda records: dumps(subscription(records)),
    "subscriptions on end": lambda records: b"".join(dumps(subscription([r])) for r in records),
    "export": exported,
    "Logs Insights": lambda records: dumps(list(map(insights_row, records))),
}
WITH_DELIVERY = {
    "EventBridge in a log group", "FilterLogEvents", "log events, one per line", "subscription",
    "subscriptions on end", "export", "Logs Insights",
}  # fmt: skip

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDS = st.lists(
    st.builds(
        lambda number, value: record(number, requestParameters=value), st.integers(0, 9), VALUES
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("packaging", PACKAGINGS)
@settings(max_examples=25, deadline=None)
@given(records=RECORDS)
def test_every_packaging_holds_the_same_records(packaging: str, records: Records) -> None:
    found, faults = read(PACKAGINGS[packaging](records))
    assert found == records
    assert not faults


@pytest.mark.parametrize("packaging", PACKAGINGS)
@pytest.mark.parametrize("largest", [reader._LARGE, 150])
def test_large_files_are_read_in_blocks_of_lines(
    packaging: str, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_BLOCK", 100)
    monkeypatch.setattr(reader, "_LARGE", largest)
    records = [record(number, requestParameters={"n": [number]}) for number in range(9)]
    found, faults = read(PACKAGINGS[packaging](records))
    assert found == records
    assert not faults


def test_damage_in_a_later_block_costs_nothing_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_BLOCK", 100)
    whole = lines([record(number) for number in range(9)])
    found, (fault,) = read(whole + b'{"eventName": ,}\n' + whole)
    assert found == [record(number) for number in range(9)] * 2
    assert (fault.code, fault.line, fault.column) == ("broken-json", 10, 15)


@pytest.mark.parametrize("packaging", PACKAGINGS)
def test_log_events_tell_their_delivery(packaging: str) -> None:
    payload = PACKAGINGS[packaging]([record(1), record(2)])
    expected = datetime(2024, 5, 1, 12, 0, 0, 123000, tzinfo=UTC)
    for item in read_records(payload):
        assert isinstance(item, RawRecord)
        assert item.delivered == (expected if packaging in WITH_DELIVERY else None)


@pytest.mark.parametrize(
    "detail_type",
    ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail",
     "AWS Service Event via CloudTrail"],
)  # fmt: skip
def test_every_detail_type_of_cloudtrail(detail_type: str) -> None:
    assert read(dumps(event_bridge(record(1), detail_type))) == ([record(1)], [])


def test_a_control_message_holds_no_records() -> None:
    payload = dumps({"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs"})
    assert read(payload) == ([], [])


@pytest.mark.parametrize(
    ("payload", "code", "key"),
    [
        (dumps({"name": "package", "version": "1.0.0"}), "not-cloudtrail", None),
        (dumps({"AWSTemplateFormatVersion": "2010-09-09"}), "not-cloudtrail", None),
        (dumps(event_bridge({"severity": 5}, "GuardDuty Finding")), "not-cloudtrail", "detail"),
        (dumps({"events": [log_event(record()), log_event({"a": 1})]}), "not-cloudtrail",
         "events[1].message"),
        (dumps({"events": [{"message": "START RequestId: 1", "timestamp": AT}]}), "not-cloudtrail",
         "events[0].message"),
        (dumps({"events": [{"message": '{"eventName":', "timestamp": AT}]}), "broken-json",
         "events[0].message"),
        (dumps({"Events": [{"CloudTrailEvent": None}]}), "not-cloudtrail",
         "Events[0].CloudTrailEvent"),
        (b"{}", "not-cloudtrail", None),
        (b'{"Records":null}', "no-records", "Records"),
        (b'{"Records":{"a":1}}', "no-records", "Records"),
        (log_file(record(), 17, record()), "not-an-object", "Records[1]"),
        (log_file(record(), [record()]), "not-an-object", "Records[1]"),
        (dumps([record(), None]), "not-an-object", "[1]"),
        (b"17", "not-json", None),
        (b"null", "not-json", None),
        (b'"text"', "not-json", None),
        (b"<html></html>", "not-json", None),
        (b" \r\n\t ", "empty-file", None),
        (b"\xff\xfe\x00\xd8\x00\xd8", "utf-16", None),
    ],
)  # fmt: skip
def test_what_is_no_record_is_a_fault(payload: bytes, code: str, key: str | None) -> None:
    _, faults = read(payload)
    assert [(fault.code, fault.key, fault.count) for fault in faults] == [(code, key, 1)]
    assert faults[0].message
    assert faults[0].cure


def test_any_object_in_a_log_file_is_a_record() -> None:
    assert read(log_file({}, {"a": 1}, record())) == ([{}, {"a": 1}, record()], [])


@pytest.mark.parametrize(
    "field", ["eventName", "eventTime", "eventVersion", "eventID", "eventSource"]
)
def test_a_single_field_of_cloudtrails_makes_a_record(field: str) -> None:
    assert read(dumps({field: "x"})) == ([{field: "x"}], [])


def test_a_record_is_not_unwrapped_further() -> None:
    whole = record(detail=record(1), message="{}", Records=[record(2)])
    assert read(dumps(whole)) == ([whole], [])


def test_nesting_is_bounded() -> None:
    value: Any = record(1)
    for _ in range(8):
        value = event_bridge(value)
    assert read(dumps(value))[0] == [record(1)]
    assert codes(dumps(event_bridge(value))) == {"too-deep": 1}


def test_lone_surrogates_are_kept() -> None:
    for payload in (
        rb'{"eventName":"\ud800"}',
        rb'{"Records":[{"eventName":"\ud800"}]}',
        rb'{"detail-type":"x","detail":{"eventName":"\ud800"}}',
    ):
        (item,) = read_records(payload)
        assert isinstance(item, RawRecord)
        assert decode_record(item.data) == {"eventName": "\ud800"}


def test_an_absurd_timestamp_is_no_delivery() -> None:
    for timestamp in (10**13, 10**14, "9999-12-31T00:00:00Z", "tomorrow", None, [1], -5, 1.5):
        payload = dumps({"message": json.dumps(record()), "timestamp": timestamp})
        (item,) = read_records(payload)
        assert isinstance(item, RawRecord)
        assert item.delivered is None


def test_decoding_takes_what_reading_gave() -> None:
    assert decode_record(b'{"a":1,"b":"\xc3\xa9"}') == {"a": 1, "b": "é"}
    assert decode_record(b'{"n":' + b"9" * 5000 + b"}") == {}
    assert decode_record(b"[1]") == {}
    assert decode_record(b"{") == {}
    assert decode_record(b'{"a":' * 5000) == {}


def test_a_bytearray_does_for_bytes() -> None:
    for item in read_records(bytearray(log_file(record()))):
        assert isinstance(item, RawRecord)
        assert type(item.data) is bytes
    assert isinstance(next(iter(read_records(bytearray(b"x")))), Fault)

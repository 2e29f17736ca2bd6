from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trail.builders import codes, dumps, log_file, read, record
from tests.trail.test_packagings import PACKAGINGS, RECORDS, Records
from trailwarden.trail import Fault, RawRecord, decode_record, read_records, salvage
from trailwarden.trail.faults import Faults
from trailwarden.trail.salvage import Salvage

THREE = [record(1, requestParameters={"a": ["b", {"c": "d"}]}), record(2), record(3)]


def in_log_file(damaged: bytes) -> bytes:
    return b'{"Records":[' + dumps(THREE[0]) + b"," + damaged + b"," + dumps(THREE[2]) + b"]}"


def in_lines(damaged: bytes) -> bytes:
    return dumps(THREE[0]) + b"\n" + damaged + b"\n" + dumps(THREE[2]) + b"\n"


def in_export(damaged: bytes) -> bytes:
    at = b"2024-05-01T12:00:00.000Z "
    return b"\n".join(at + one for one in (dumps(THREE[0]), damaged, dumps(THREE[2]))) + b"\n"


MIDDLE = dumps(THREE[1])
DAMAGE = {
    "a value cut off": MIDDLE.replace(b'"1.08"', b'"1.0'),
    "a value missing": MIDDLE.replace(b'"1.08"', b""),
    "no closing brace": MIDDLE[:-1],
    "two closing braces missing": MIDDLE.replace(b'"user-2"}', b'"user-2"')[:-1],
    "a brace too many": MIDDLE + b"}",
    "a bracket inside": MIDDLE.replace(b'{"type"', b'[{"type"'),
    "no opening quotation mark": MIDDLE.replace(b':"1.08"', b':1.08"'),
    "no closing quotation mark": MIDDLE.replace(b'"ec2.amazonaws.com"', b'"ec2.amazonaws.com'),
    "cut in the middle": MIDDLE[:70],
    "cut in a name": MIDDLE[:25],
    "a raw line break in a text": MIDDLE.replace(b"ec2.", b"ec2\n"),
    "NaN": MIDDLE.replace(b'"1.08"', b"NaN"),
    "a wrong escape": MIDDLE.replace(b"ec2.", b"ec2\\x"),
    "garbage": b"\x00\x01\x02 garbage",
    "a trailing comma": MIDDLE[:-1] + b",}",
    "single quotes": MIDDLE.replace(b'"', b"'"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("place", [in_log_file, in_lines, in_export])
def test_one_broken_record_costs_only_itself(damage: str, place: Any) -> None:
    found, faults = read(place(DAMAGE[damage]))
    # Where only braces are too many, the record itself is whole.
    assert [one for one in found if one != THREE[1]] == [THREE[0], THREE[2]]
    assert faults
    assert {fault.code for fault in faults} <= {"broken-json", "not-json", "not-cloudtrail"}


def test_the_place_of_the_damage_is_told() -> None:
    payload = json.dumps({"Records": [record(1), record(2)]}, indent=2).encode()
    second = payload.index(b'"eventVersion"', 100)
    payload = payload[:second] + b'"\xc3\xa9" oops ' + payload[second:]
    _, (fault,) = read(payload)
    line = payload[:second].count(b"\n") + 1
    assert (fault.code, fault.line, fault.column) == ("broken-json", line, 11)
    assert fault.key == "Records[1]"
    problem = fault.problem("x.json.gz")
    assert (problem.source, problem.line, problem.key) == ("x.json.gz", line, "Records[1]")


def test_elements_that_are_no_records_are_placed_and_the_others_read() -> None:
    found, (fault,) = read(b'{"Records": [\n{"eventName": "A"},\n  17, null,\n{"eventName": "B"}]}')
    assert [one["eventName"] for one in found] == ["A", "B"]
    assert (fault.code, fault.line, fault.column, fault.key, fault.count) == (
        "not-an-object", 3, 3, "Records[1]", 2,
    )  # fmt: skip


def test_bytes_that_are_not_utf_8_are_replaced_and_told() -> None:
    payload = in_log_file(MIDDLE.replace(b"ec2.", b"\xff\xfe"))
    found, (fault,) = read(payload)
    assert found[1]["eventSource"] == "��amazonaws.com"
    assert found[0::2] == THREE[0::2]
    assert (fault.code, fault.key, fault.count) == ("invalid-utf-8", "Records[1]", 1)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_absurd_depth_costs_nothing_but_itself(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    deep = MIDDLE.replace(b'"1.08"', opening * 20_000 + b"1" + closing * 20_000)
    for place in (in_log_file, in_lines):
        items = list(read_records(place(deep)))
        assert not [item for item in items if isinstance(item, Fault)]
        fields = [decode_record(item.data) for item in items if isinstance(item, RawRecord)]
        assert fields[0::2] == THREE[0::2]
        assert fields[1]["eventName"] == THREE[1]["eventName"]


def test_damage_deep_inside_costs_only_its_record() -> None:
    deep = MIDDLE.replace(b'"1.08"', b"[" * 5_000 + b"}" + b"]" * 5_000)
    found, faults = read(in_log_file(deep))
    assert found == [THREE[0], THREE[2]]
    assert [fault.code for fault in faults] == ["broken-json"]


def test_absurd_size_hides_no_record() -> None:
    huge = MIDDLE.replace(b'"1.08"', b'"' + b"x" * (17 << 20) + b'"')
    found, faults = read(in_log_file(huge) + b"x")
    assert found[0::2] == THREE[0::2]
    assert found[1]["eventName"] == THREE[1]["eventName"]
    assert [fault.code for fault in faults] == ["not-json"]


def test_repeats_are_folded() -> None:
    payload = b"\n".join([dumps(record(1)), b'{"eventName":'] * 50 + [dumps(record(2))])
    found, (fault,) = read(payload)
    assert len(found) == 51
    assert (fault.code, fault.count, fault.line) == ("broken-json", 50, 2)


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        (b"\n{" * 2000, "broken-json"),
        (b"\n{}" * 2000, "not-cloudtrail"),
        (b"\n[" + b"1," * 2000 + b"1]", "not-an-object"),
    ],
)
def test_a_file_made_of_errors_is_given_up(
    errors: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage, "MOST_FAULTS", 50)
    payload = dumps(THREE[0]) + errors
    found, (fault, given_up) = read(payload)
    assert found == [THREE[0]]
    assert (fault.code, given_up.code) == (code, "given-up")
    assert 50 < fault.count < 80
    unread = re.search(r"\(([\d,]+) bytes\)", given_up.message)
    assert unread
    assert len(payload) - 1000 < int(unread[1].replace(",", "")) < len(payload)


def test_many_lines_of_another_log_are_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "MOST_FAULTS", 50)
    at = b"2024-05-01T12:00:00.000Z "
    foreign = (
        at + b"START RequestId: 8a2b6f6c-0d0e-4b8e-9f5e-3c2f5a1d7e90 Version: $LATEST xxxxxxx\n"
    )
    found, (fault,) = read(foreign * 300 + at + dumps(THREE[0]))
    assert found == [THREE[0]]
    assert (fault.code, fault.count) == ("not-cloudtrail", 300)


def test_the_next_file_in_line_is_read_after_a_broken_one() -> None:
    payload = log_file(record(1), record(2))[:-30] + log_file(record(3), record(4))
    found, faults = read(payload)
    assert found == [record(1), record(3), record(4)]
    assert [fault.code for fault in faults] == ["broken-json"]


def test_a_text_in_a_record_does_not_look_like_the_next_one() -> None:
    bait = record(2, userAgent='x,{"eventVersion":"1.08","eventName":"Bait"}')
    payload = b'{"Records":[' + dumps(bait)[:-1] + b"," + dumps(record(3)) + b"]}"
    found, _ = read(payload)
    assert found == [record(3)]


@settings(max_examples=25, deadline=None)
@given(records=RECORDS, data=st.data())
@pytest.mark.parametrize("packaging", [name for name in PACKAGINGS if "UTF-16" not in name])
def test_a_cut_anywhere_keeps_the_whole_records_before_it(
    packaging: str, records: Records, data: st.DataObject
) -> None:
    payload = PACKAGINGS[packaging](records)
    cut = data.draw(st.integers(0, len(payload) - 1))
    found, faults = read(payload[:cut])
    assert found == records[: len(found)]
    if packaging == "log file":
        ends, end = [], len(b'{"Records":[')
        for one in records:
            end += len(dumps(one))
            ends.append(end)
            end += 1
        assert len(found) == sum(end <= cut for end in ends)
        assert [fault.code for fault in faults] == (["truncated-json"] if cut else [])


@settings(max_examples=25, deadline=None)
@given(records=RECORDS)
@pytest.mark.parametrize("packaging", [name for name in PACKAGINGS if "UTF-16" not in name])
def test_the_salvage_reads_what_is_whole_as_well(packaging: str, records: Records) -> None:
    payload = PACKAGINGS[packaging](records).removeprefix(b"\xef\xbb\xbf")
    faults = Faults(payload)
    found = Salvage(payload, faults).records()
    assert [json.loads(one.data) for one in found] == records
    assert found == [item for item in read_records(payload) if isinstance(item, RawRecord)]
    assert not list(faults)


TOKENS = st.sampled_from(
    [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b" ", b"1", b"-", b"true", b"null",
     b'"Records"', b'"Records":[', b'"events":[', b'"message":', b'"detail":', b'"eventVersion"',
     b'{"eventVersion":"1.08"}', b"2024-05-01T12:00:00Z ", b"\xff", b"\x00", b"\xef\xbb\xbf",
     b'"a":', b"\\ud800", b"NaN"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(TOKENS, max_size=30).map(b"".join) | st.binary(max_size=60))
def test_no_bytes_raise(payload: bytes) -> None:
    seen: set[str] = set()
    for item in read_records(payload):
        if isinstance(item, Fault):
            assert item.code not in seen
            seen.add(item.code)
            assert item.count > 0
        else:
            assert item.data.startswith(b"{")
            json.loads(item.data)


def test_damage_of_every_byte_loses_one_record_at_most() -> None:
    payload = log_file(*THREE)
    starts = [payload.index(dumps(one)) for one in THREE]
    for at in range(starts[0], len(payload) - 2):
        damaged = payload[:at] + b"\x01" + payload[at + 1 :]
        found, faults = read(damaged)
        intact = [one for one in THREE if one in found]
        assert len(intact) >= 2, at
        assert faults, at


def test_the_work_grows_with_the_size_only() -> None:
    # Each of these would take hours if anything were read again and again.
    for unit in (b'{"eventVersion":[[', b'{"', b'"', b"[", b"\n{", b'{"Records":[', b"\\", b"}",
                 b'{"eventVersion":"', b'"\n{"a":"b",'):  # fmt: skip
        assert codes(unit * (300_000 // len(unit)))


def test_random_edits_of_a_log_file_never_raise() -> None:
    chance = random.Random(3)
    payload = log_file(*THREE)
    for _ in range(500):
        data = bytearray(payload)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        list(read_records(bytes(data)))

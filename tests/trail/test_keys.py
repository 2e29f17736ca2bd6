"""Keys of records: who is a copy of whom, whichever way they are read."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.records import metric_filter
from tests.speedups.conftest import needs_extension
from trailwarden.monitor import DigestReader
from trailwarden.trail import RecordKeys

KEYS = RecordKeys(b"a secret of the tests")
RECORD: dict[str, Any] = {
    "eventID": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "eventTime": "2024-05-01T12:00:00Z",
    "eventName": "PutObject",
    "eventSource": "s3.amazonaws.com",
    "recipientAccountId": "111122223333",
    "awsRegion": "eu-west-1",
    "userIdentity": {
        "type": "AssumedRole",
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"userName": "Build"}, "attributes": {}},
    },
}


def key(record: dict[str, Any], **layout: Any) -> tuple[int, int]:
    return KEYS.of_text(json.dumps(record, **layout).encode())


def test_spaces_and_the_order_of_members_do_not_matter() -> None:
    turned = dict(reversed(RECORD.items()))
    turned["userIdentity"] = dict(reversed(RECORD["userIdentity"].items()))
    assert key(turned, indent=3) == key(RECORD, separators=(",", ":"))
    assert key({**RECORD, "requestParameters": {"a": 1}}) == key(RECORD)


@pytest.mark.parametrize("name", sorted(set(RECORD) - {"eventID"}))
def test_whatever_tells_two_events_apart_changes_the_key(name: str) -> None:
    other = key({**RECORD, name: {"type": "IAMUser"} if name == "userIdentity" else "x"})
    assert other[0] == key(RECORD)[0]
    assert other[1] != key(RECORD)[1]


def test_ids_that_differ_have_keys_that_differ() -> None:
    first, second = "0f8fad5bd9cb469f", "a16570867728950e"
    flipped = f"{int(first, 16) ^ 1:016x}{int(second, 16) ^ 1:016x}"
    for digits in (second + first, flipped):
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        assert key({**RECORD, "eventID": "-".join(parts)})[0] != key(RECORD)[0]


def test_another_secret_gives_other_keys() -> None:
    assert RecordKeys(b"another").of_text(json.dumps(RECORD).encode()) != key(RECORD)


@pytest.mark.parametrize("absent", [None, "", 7, ["x"], {}])
def test_without_an_id_there_is_no_key(absent: object) -> None:
    assert key({**RECORD, "eventID": absent}) == (0, 0)


TEXTS = st.text(max_size=12) | st.sampled_from(["type", "arn", 'a"b\\c', "\u2028", "\x7f", "é/"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=6),
    max_leaves=20,
)
RECORDS = st.fixed_dictionaries(
    {"eventID": st.uuids().map(str)},
    optional={name: VALUES for name in RECORD if name != "eventID"}
    | {"eventTime": st.just("2024-05-01T12:00:00Z"), "x": VALUES},
)


@needs_extension
@given(st.lists(RECORDS, min_size=1, max_size=4), st.booleans())
def test_the_compiled_way_makes_the_same_keys(records: list[dict[str, Any]], ascii: bool) -> None:  # noqa: A002
    reader = DigestReader([metric_filter()], secret=b"a secret of the tests")
    payload = json.dumps({"Records": records}, ensure_ascii=ascii).encode("utf-8", "surrogatepass")
    found = reader.digest(payload, "a.json").key_array()
    expected = KEYS.of_texts(json.dumps(record).encode() for record in records)
    assert found == expected

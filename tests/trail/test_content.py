from __future__ import annotations

import json
from typing import Any

import pytest

from tests.trail.builders import dumps, log_file, record
from trailwarden.trail import content_kind, is_plain_records

DIGEST = {
    "awsAccountId": "111122223333",
    "digestStartTime": "2024-05-01T12:00:00Z",
    "digestEndTime": "2024-05-01T13:00:00Z",
    "digestS3Bucket": "bucket",
    "logFiles": [{"s3Bucket": "bucket", "s3Object": "x.json.gz", "hashValue": "00"}],
}
INSIGHT = {"eventVersion": "1.07", "eventCategory": "Insight", "insightDetails": {}}
NOTICE = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put"}


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (log_file(record()), ""),
        (dumps(record()), ""),
        (b"", ""),
        (b"not JSON", ""),
        (b"{}", ""),
        (b'{"Records":null}', ""),
        (b'{"Records":[]}', "empty"),
        (b' { "Records" : [ ] } \n', "empty"),
        (b"[]", "empty"),
        (b'{"Events":[],"NextToken":"x"}', "empty"),
        (b'{"events":[],"searchedLogStreams":[]}', "empty"),
        (dumps({"Records": [], "events": [{}]}), ""),
        (dumps(record(events=[])), ""),
        (dumps(record(requestParameters={"Records": []})), ""),
        (dumps(DIGEST), "digest"),
        (json.dumps(DIGEST, indent=2).encode(), "digest"),
        (log_file(INSIGHT), "insight"),
        (log_file(INSIGHT, INSIGHT), "insight"),
        (log_file({**INSIGHT, "eventCategory": "Aggregated"}), "aggregated"),
        (log_file(NOTICE), "notification"),
        (dumps({"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "…"}]}),
         "control-message"),
        # A part of the file being something else does not make the rest disappear.
        (log_file(INSIGHT, record()), ""),
        (log_file(NOTICE, INSIGHT), ""),
        (log_file(NOTICE, record()), ""),
        (log_file(DIGEST), ""),
        (dumps({"digestStartTime": "x", "Records": [record()]}), ""),
        # What an author of a record can write must not hide it.
        (log_file(record(requestParameters={"eventCategory": "Insight"})), ""),
        (log_file(record(requestParameters={"tags": NOTICE | DIGEST})), ""),
        (log_file(record(userAgent='"eventSource":"aws:s3","messageType":"CONTROL_MESSAGE"')), ""),
        # Damage is not judged here.
        (log_file(INSIGHT)[:-1], ""),
        (b"[" * 2000, ""),
    ],
)  # fmt: skip
def test_kinds_of_content(payload: bytes, kind: str) -> None:
    assert content_kind(payload) == kind


@pytest.mark.parametrize(
    ("payload", "is_plain"),
    [
        (log_file(record()), True),
        (log_file(record(userAgent="é")), True),
        (b' {\n"Records" : [ {"eventName":"\xc3\xa9"} ]\n}\n', True),
        (log_file(record())[:-1], False),
        (log_file(record()) + log_file(record()) + b"\n{", False),
        (b'{"Records":[{"eventName":"\xe9"}]}', False),
        (b'\xef\xbb\xbf{"Records":[]}', False),
        (b'{"Records":null}', False),
        (dumps([record()]), False),
        (dumps(record()), False),
        (dumps({"Events": []}), False),
        (b"", False),
    ],
)
def test_the_fast_way_is_tried_for_cloudtrails_own_files(payload: bytes, is_plain: bool) -> None:
    assert is_plain_records(payload) is is_plain
    assert is_plain_records(bytearray(payload)) is is_plain


def test_a_large_file_is_judged_by_all_of_it() -> None:
    records: list[Any] = [INSIGHT] * 500 + [record()]
    assert content_kind(log_file(*records)) == ""
    assert content_kind(log_file(*records[:-1])) == "insight"

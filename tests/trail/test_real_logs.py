"""Real logs read whole. They lie beside the checkout, and are not always there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.shared_data import INVICTUS, STRATUS, needs_shared_data
from trailwarden.problems import Problem
from trailwarden.trail import (
    DEFAULT_LIMIT,
    Fault,
    RecordKeys,
    content_kind,
    decode_record,
    epoch_of_event_time,
    is_plain_records,
    list_archive,
    open_log_file,
    principal_of,
    read_records,
    record,
    unpack,
)


@needs_shared_data
@pytest.mark.parametrize(("folder", "files", "records"), [(INVICTUS, 55, 2900), (STRATUS, 23, 266)])
def test_real_logs_are_read_whole(folder: Path, files: int, records: int) -> None:
    problems: list[Problem] = []
    skipped: Counter[str] = Counter()
    listed = list(
        list_archive(
            str(folder),
            problems=problems.append,
            skipped=lambda kind: skipped.update((kind,)),
        )
    )
    found = []
    for file in listed:
        unpacked = unpack(open_log_file(file), limit=DEFAULT_LIMIT)
        assert unpacked.fault is None
        assert content_kind(unpacked.payload) == ""
        assert is_plain_records(unpacked.payload) is (folder == INVICTUS)
        assert (file.delivered is not None) is (folder == INVICTUS)
        for item in read_records(unpacked.payload):
            assert not isinstance(item, Fault)
            found.append(decode_record(item.data))
    assert (len(listed), len(found), problems, skipped) == (files, records, [], {})
    for fields in found:
        assert record.event_name(fields)
        assert record.account(fields)
        assert record.event_time(fields) is not None
        assert epoch_of_event_time(fields["eventTime"])
        principal = principal_of(fields)
        assert principal.kind in ("IAMUser", "AssumedRole", "AWSService")
        assert "unknown" not in principal.name
    texts = [json.dumps(fields).encode() for fields in found]
    assert 0 not in RecordKeys().of_texts(texts)[0::2]

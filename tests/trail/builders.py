"""Records and packagings for tests."""

from __future__ import annotations

import json
from typing import Any

from trailwarden.trail import Fault, read_records


def record(number: int = 0, **fields: Any) -> dict[str, Any]:
    """A small record; ``number`` makes it different from others."""
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "userName": f"user-{number}"},
        "eventTime": "2024-05-01T12:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances",
        "eventID": f"00000000-0000-4000-8000-{number:012x}",
        **fields,
    }


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def log_file(*records: object) -> bytes:
    return dumps({"Records": records})


def read(payload: bytes) -> tuple[list[Any], list[Fault]]:
    """The decoded records of a payload, and its faults."""
    records, faults = [], []
    for item in read_records(payload):
        if isinstance(item, Fault):
            faults.append(item)
        else:
            records.append(json.loads(item.data))
    return records, faults


def codes(payload: bytes) -> dict[str, int]:
    """The codes of a payload's faults, with their counts."""
    return {fault.code: fault.count for fault in read(payload)[1]}

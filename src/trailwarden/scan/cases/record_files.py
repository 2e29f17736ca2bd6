"""Files of records that a test takes in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from trailwarden.errors import InputError
from trailwarden.scan.cases.fields import Fields
from trailwarden.text import visible
from trailwarden.times import format_instant
from trailwarden.trail import (
    LogFile,
    RawRecord,
    contents,
    decode_record,
    open_log_file,
    read_records,
)
from trailwarden.trail.record import event_time

_LIMIT = 64 * 1024 * 1024  # bytes, unpacked: a test is small


def records_in(fields: Fields, first: datetime | None, folder: Path) -> Iterator[bytes]:
    """The records of the file that ``file`` names, below ``folder``, as JSON (UTF-8).

    The earliest moves to ``first`` (UTC), if that is given. Errors are kept in the findings.
    """
    name = fields.text("file")
    if name is None:
        return
    records: list[bytes] = []
    try:
        for payload in _payloads(folder / name):
            for found in read_records(payload):
                if not isinstance(found, RawRecord):
                    raise InputError(found.message, code=found.code, cure=found.cure)
                records.append(found.data)
        if not records:
            raise InputError("it holds no records", code="no-records", cure="name another file")
        yield from _timed(records, first)
    except InputError as error:
        fields.error(
            "file",
            f"the records in {visible(name, 200)!r} cannot be used: {error.message}",
            error.cure or "check the path and what is in the file",
        )


def _payloads(path: Path) -> Iterator[bytes]:
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(reason.lower(), code="unreadable") from None
    if not path.is_file():
        raise InputError("it is no file", code="unreadable")
    stored = open_log_file(LogFile(visible(str(path)), size, path=str(path)), limit=_LIMIT)
    for content in contents(stored, visible(str(path)), limit=_LIMIT):
        for problem in content.problems:
            raise InputError(problem.message, code=problem.code, cure=problem.cure)
        if content.source == visible(str(path)) and content.kind:
            kind = content.kind
            raise InputError(f"its content is of another kind: {kind}", code=kind)
        if not content.kind:
            yield bytes(content.payload)


def _timed(records: list[bytes], first: datetime | None) -> Iterator[bytes]:
    """The records as they are, or from ``first`` on: the earliest then, the distances kept."""
    decoded = [decode_record(data) for data in records]
    times = [time for record in decoded if (time := event_time(record)) is not None]
    if len(times) != len(records):
        raise InputError(
            "a record has no eventTime", code="no-time", cure="mend it, or leave the record out"
        )
    if first is None:
        yield from records
        return
    distance = first - min(times)
    for record, time in zip(decoded, times, strict=True):
        yield json_of(record | {"eventTime": format_instant(time + distance)})


def json_of(record: dict[str, Any]) -> bytes:
    """A record as compact JSON (UTF-8)."""
    return json.dumps(record, separators=(",", ":")).encode()

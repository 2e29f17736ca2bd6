"""The events of a test into records: short forms, whole records, files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from trailwarden.errors import InputError
from trailwarden.scan.cases.fields import Fields, wrong
from trailwarden.scan.cases.sources import sources_of
from trailwarden.stack.nodes import Entries
from trailwarden.stack.plain import plain
from trailwarden.text import visible
from trailwarden.times import format_instant
from trailwarden.trail import (
    LogFile,
    RawRecord,
    content_kind,
    decode_record,
    open_log_file,
    read_records,
    unpack,
)
from trailwarden.trail.record import event_time
from trailwarden.trail.specimens import Caller, Short, event_id, made, merged

_CALLERS: tuple[Caller, ...] = ("user", "role", "root")
_SHORT = ("event", "source", *_CALLERS, "account", "region", "ip", "mfa", "error", "fields")
KEYS = ("at", *_SHORT, "record", "file")
_LIMIT = 64 * 1024 * 1024  # bytes of a file of records, unpacked: a test is small
_HOST = ".amazonaws.com"
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_SOME_ACCOUNT = "111122223333"
_ROLE = re.compile(r"[^/]+(/[^/]+)?")


def records_of(fields: Fields, start: datetime, folder: Path, number: int) -> Iterator[bytes]:
    """The records of one event as JSON (UTF-8). Errors are kept in the fields' findings."""
    ways = [key for key in ("event", "record", "file") if key in fields]
    if len(ways) != 1:
        what = " and ".join(ways) if ways else "none of them"
        fields.error(
            "", f"an event is one of event, record and file; here is {what}", "keep one of them"
        )
        return
    if ways != ["event"]:
        for key in _SHORT:
            if key in fields:
                fields.error(key, f"{key} goes with event only", "remove it")
    at = fields.offset("at")
    if ways == ["file"]:
        yield from _of_file(fields, None if at is None else start + at, folder)
        return
    if "at" not in fields and ways == ["event"]:
        fields.error("", "the event has no time", 'say when, after the start: at: "00:02"')
    time = start + (at or timedelta())
    if ways == ["record"]:
        yield from _whole(fields, time, number)
    elif (short := _short(fields)) is not None:
        yield _json(made(short, time, number))


def _short(fields: Fields) -> Short | None:
    event = fields.text("event")
    source = _source(fields, event)
    named = [key for key in _CALLERS if key in fields]
    if len(named) > 1:
        fields.error(named[1], "a call has one caller", f"keep one of {', '.join(named)}")
    given: dict[str, Any] = {
        key: value
        for key in ("account", "region", "ip", "error")
        if (value := fields.text(key)) is not None
    }
    given |= _caller(fields)
    if (mfa := fields.flag("mfa")) is not None:
        given["mfa"] = mfa
    if (more := _object(fields, "fields")) is not None:
        given["fields"] = more
    if not _ACCOUNT.fullmatch(given.get("account", _SOME_ACCOUNT)):
        fields.error("account", "an account id has 12 digits", f"write {_SOME_ACCOUNT}, say")
    if event is None or source is None:
        return None
    return Short(event, source if "." in source else source + _HOST, **given)


def _source(fields: Fields, event: str | None) -> str | None:
    """Whose call it is: what is said, or what is known of a name that one service alone has."""
    if "source" in fields:
        return fields.text("source")
    known = sources_of(event or "")
    if len(known) == 1:
        return known[0]
    services = [name.removesuffix(_HOST) for name in known]
    if services:
        message = f"{' and '.join(services)} have an event of this name"
        fields.error("event", message, f"add source: {services[0]}, say")
    else:
        cure = "add source: cloudtrail.amazonaws.com, say"
        fields.error("", "the event has no source", cure)
    return None


def _caller(fields: Fields) -> dict[str, str]:
    if fields.flag("root"):
        return {"caller": "root"}
    if (role := fields.text("role")) is not None:
        if not _ROLE.fullmatch(role):
            fields.error("role", f"{visible(role, 100)!r} is no role", "write ROLE or ROLE/SESSION")
        return {"caller": "role", "name": role}
    user = fields.text("user")
    return {} if user is None else {"name": user}


def _object(fields: Fields, key: str) -> dict[str, Any] | None:
    node = fields.node.get(key)
    if node is None:
        return None
    if not isinstance(node, Entries):
        fields.findings.errors.append(
            wrong(fields.document, node, fields.key_path(key), "an object")
        )
        return None
    value = plain(node)
    return value if isinstance(value, dict) else None


def _whole(fields: Fields, time: datetime, number: int) -> Iterator[bytes]:
    """A record as it is written; ``at`` says its time, and what it lacks to be one is added."""
    record = _object(fields, "record")
    if record is None:
        return
    if "at" in fields or "eventTime" not in record:
        record["eventTime"] = format_instant(time)
    if event_time(record) is None:
        fields.error("record", "its eventTime is no time", "write 2025-01-01T00:00:00Z")
        return
    yield _json(merged({"eventID": event_id(number)}, record))


def _of_file(fields: Fields, first: datetime | None, folder: Path) -> Iterator[bytes]:
    name = fields.text("file")
    if name is None:
        return
    records: list[bytes] = []
    try:
        payload = _payload(folder / name)
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


def _payload(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(reason.lower(), code="unreadable") from None
    if not path.is_file():
        raise InputError("it is no file", code="unreadable")
    stored = open_log_file(LogFile(visible(str(path)), size, path=str(path)), limit=_LIMIT)
    unpacked = unpack(stored, limit=_LIMIT)
    if unpacked.fault is not None:
        fault = unpacked.fault
        raise InputError(fault.message, code=fault.code, cure=fault.cure)
    if kind := content_kind(unpacked.payload):
        raise InputError(f"its content is of another kind: {kind}", code=kind)
    return bytes(unpacked.payload)


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
        yield _json(record | {"eventTime": format_instant(time + distance)})


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()

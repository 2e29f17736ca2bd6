"""The events of a test into records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from trailwarden.scan.cases.fields import LONGEST, Fields, wrong
from trailwarden.scan.cases.record_files import json_of, records_in
from trailwarden.scan.cases.sources import near_event, sources_of
from trailwarden.stack.nodes import Entries
from trailwarden.stack.plain import plain
from trailwarden.text import visible
from trailwarden.times import format_instant
from trailwarden.trail.record import event_time
from trailwarden.trail.specimens import Caller, Short, event_id, made, merged

_CALLERS: tuple[Caller, ...] = ("user", "role", "root")
_SHORT = ("event", "source", *_CALLERS, "account", "region", "ip", "mfa", "error", "fields")
_AGAIN = ("times", "every")
KEYS = ("at", *_SHORT, "record", "file", *_AGAIN)
_KEYS_OF = {"event": (*_SHORT, *_AGAIN), "record": _AGAIN, "file": ()}
_MOST_TIMES = 10_000
_APART = 10**15  # between the numbers of an event's repetitions
_HOST = ".amazonaws.com"
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_SOME_ACCOUNT = "111122223333"
_ROLE = re.compile(r"[^/]+(/[^/]+)?")


def records_of(fields: Fields, start: datetime, folder: Path, number: int) -> Iterator[bytes]:
    """The records of one event as JSON (UTF-8). Errors are kept in the fields' findings."""
    way = _way(fields)
    if way is None:
        return
    at = fields.offset("at")
    if way == "file":
        yield from records_in(fields, None if at is None else start + at, folder)
        return
    if "at" not in fields and way == "event":
        fields.error("", "the event has no time", 'say when, after the start: at: "00:02"')
    times = list(_times(fields, start + (at or timedelta())))
    if way == "record":
        if (record := _whole(fields, times)) is not None:
            for place, time in enumerate(times):
                which = number + place * _APART
                yield json_of(_completed(record, time, which, "at" in fields))
    elif (short := _short(fields)) is not None:
        for place, time in enumerate(times):
            yield json_of(made(short, time, number + place * _APART))


def _way(fields: Fields) -> str | None:
    """Which of the three ways to write an event this is."""
    ways = [way for way in _KEYS_OF if way in fields]
    if len(ways) != 1:
        what = " and ".join(ways) if ways else "none of them"
        fields.error(
            "", f"an event is one of event, record and file; here is {what}", "keep one of them"
        )
        return None
    [way] = ways
    for key in (*_SHORT, *_AGAIN):
        if key in fields and key not in _KEYS_OF[way]:
            fields.error(key, f"{key} does not go with {way}", "remove it")
    return way


def _times(fields: Fields, first: datetime) -> Iterator[datetime]:
    """When the event happens: once, or as often as it says, ``every`` so often."""
    times = fields.count("times")
    every = fields.offset("every") or timedelta()
    if "every" in fields and "times" not in fields:
        fields.error("every", "every goes with times only", "add times: 10, say")
    if times is None:
        times = 1
    elif not 0 < times <= _MOST_TIMES or times * every > LONGEST:
        cure = f"write 1 to {_MOST_TIMES:,}, within {LONGEST.days} days"
        fields.error("times", f"{times:,} times cannot be", cure)
        return
    for place in range(times):
        yield first + place * every


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
        if near := near_event(event or ""):
            cure = f"did you mean {near}? Else {cure}"
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


def _whole(fields: Fields, times: list[datetime]) -> dict[str, Any] | None:
    """A record as it is written."""
    record = _object(fields, "record")
    if record is None:
        return None
    if "at" not in fields and "eventTime" in record and event_time(record) is None:
        fields.error("record", "its eventTime is no time", "write 2025-01-01T00:00:00Z")
        return None
    if "every" in fields and "at" not in fields:
        fields.error("every", "every counts from at", "add at, the time of the first")
        return None
    if len(times) > 1 and "eventID" in record:
        message = "a record with an eventID counts once, however often it comes"
        fields.error("times", message, "remove times or the eventID")
        return None
    return record


def _completed(
    record: dict[str, Any], time: datetime, number: int, is_timed: bool
) -> dict[str, Any]:
    """What a record lacks to be one is added. ``is_timed`` says that it happens at ``time``."""
    own = {} if is_timed or "eventTime" not in record else {"eventTime": record["eventTime"]}
    return merged({"eventID": event_id(number)}, record | {"eventTime": format_instant(time)} | own)

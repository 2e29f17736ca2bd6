"""The records of a payload, in whatever packaging and state it is."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import msgspec
from msgspec import Raw

from trailwarden.trail.content import is_utf8
from trailwarden.trail.envelopes import decoded, is_packed_text
from trailwarden.trail.eventtime import instant_of
from trailwarden.trail.faults import Fault, Faults, fault
from trailwarden.trail.nesting import pruned
from trailwarden.trail.packagings import DECODING_ERRORS, RawRecord, Unwrapper, elements_of
from trailwarden.trail.salvage import Salvage
from trailwarden.trail.tables import Table, rows_of, table_of

_BLOCK = 4 * 1024 * 1024  # bytes of lines that are read at once
_LARGE = 128 * 1024 * 1024  # bytes; a longer file is read element by element
_MOST_OBJECTS = 300_000
# CloudTrail writes no record of more than 1 MB. What exceeds that by far is judged by the rest.
_LARGE_RECORD, _LARGE_VALUE = 4 * 1024 * 1024, 256 * 1024

_documents = msgspec.json.Decoder(Raw)
_json_text = msgspec.json.Encoder()
_raw_fields = msgspec.json.Decoder(dict[str, Raw])
_object = msgspec.json.Decoder(dict[str, Any])


class _OddError(Exception):
    """Something is wrong with a document: where, only the salvage can tell."""


def read_records(payload: bytes) -> Iterator[RawRecord | Fault]:
    """Yield every record of an uncompressed file, then what was wrong with it. Never raises.

    One document, an array, one document per line or just one after another; see
    :mod:`~trailwarden.trail.packagings` for what a document can be. Faults of one code are folded.
    """
    text = _as_utf8(bytes(payload))
    if text is None:
        yield fault("utf-16")
        return
    faults = Faults(text)
    if text.isspace():
        faults.add("empty-file")
    elif (table := table_of(text)) is not None:
        yield from _rows(text, table, faults)
        yield from faults
        return
    elif is_packed_text(text):
        yield from _packed(text, faults)
        yield from faults
        return
    for start, end in _blocks(text):
        block = text[start:end]
        found = None if is_heavy(block) else whole_records(block)
        if found is None:
            yield from Salvage(text, faults).records(start)
            break
        yield from found
    yield from faults


def read_heavy(payload: bytes, found: Callable[[RawRecord], None]) -> Iterator[Fault]:
    """Hand every record of a file of very many objects to ``found``, one by one; yield the faults.

    It takes the memory of the file and of one record, whatever the file holds.
    """
    text = _as_utf8(bytes(payload))
    if text is None:
        yield fault("utf-16")
        return
    faults = Faults(text)
    Salvage(text, faults, found).records()
    yield from faults


def is_heavy(payload: bytes) -> bool:
    """True for a file of so many values that they must not all be in memory at once."""
    if len(payload) < _MOST_OBJECTS:
        return False
    return len(payload) > _LARGE or payload.count(b"{") + payload.count(b"[") > _MOST_OBJECTS


def _blocks(payload: bytes) -> Iterator[tuple[int, int]]:
    """Whole lines, so few at once that values much smaller than records do not fill the memory."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start + _BLOCK) + 1 or len(payload)
        yield start, end
        start = end


def _rows(text: bytes, table: Table, faults: Faults) -> Iterator[RawRecord]:
    """The records that a table's rows hold, or tell by column."""
    if table.kind in ("history", "partial"):
        faults.add("event-history-csv" if table.kind == "history" else "partial-rows")
        return
    if table.kind == "columns" and table.missing:
        faults.add("missing-columns", detail=", ".join(table.missing))
    found: list[RawRecord] = []
    unwrapper = Unwrapper(found.append, lambda code, key: faults.add(code, key=key))
    for line, row in rows_of(text, table):
        if row is None:
            faults.add("broken-row", key=f"line {line}")
            continue
        if table.whole is not None:
            unwrapper.document(
                _json_text.encode(row[table.whole]), instant_of(table.time(row)), f"line {line}"
            )
        else:
            unwrapper.columns(dict(zip(table.columns, row, strict=True)), f"line {line}")
        yield from found
        found.clear()


def _packed(text: bytes, faults: Faults) -> Iterator[RawRecord]:
    """The records of text in base64: of one content in several lines, or of one in each line."""
    found: list[RawRecord] = []
    unwrapper = Unwrapper(found.append, lambda code, key: faults.add(code, key=key))
    parts = [text] if decoded(text.decode()) is not None else text.split()
    for part in parts:
        unwrapper.document(_json_text.encode(part.decode()), None)
        yield from found
        found.clear()


def decode_record(data: bytes) -> dict[str, Any]:
    """The fields of a record that :func:`read_records` yielded; ``{}`` for anything absurd.

    What is nested absurdly deep is null, and so is what is absurdly large.
    """
    shallow = pruned(judged(data))
    try:
        return _object.decode(shallow)
    except DECODING_ERRORS:
        pass
    try:
        fields = json.loads(shallow)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def judged(data: bytes) -> bytes:
    """What of a record is judged: all of it, or of one that is absurdly large, its small fields.

    Of such a record the others are null.
    """
    if len(data) <= _LARGE_RECORD:
        return data
    try:
        fields = _raw_fields.decode(pruned(data))
    except DECODING_ERRORS:
        return b"{}"
    small = {name: raw for name, raw in fields.items() if len(bytes(raw)) <= _LARGE_VALUE}
    return _json_text.encode({**dict.fromkeys(fields), **small})


def whole_records(payload: bytes) -> list[RawRecord] | None:
    """All records of a payload; None where anything at all is wrong with it, or it is large."""
    if not is_utf8(payload):
        return None
    found: list[RawRecord] = []
    unwrapper = Unwrapper(found.append, _odd)
    try:
        for document in _documents.decode_lines(payload):
            data = bytes(document)
            elements = elements_of(data) if data.startswith(b"[") else None
            for value in (document,) if elements is None else elements:
                unwrapper.document(bytes(value), None)
    except (*DECODING_ERRORS, _OddError):
        return None
    return found


def _odd(code: str, key: str) -> NoReturn:
    raise _OddError(code, key)


def _as_utf8(payload: bytes) -> bytes | None:
    """The payload as UTF-8 without a byte order mark; None where it only claims to be UTF-16."""
    if payload.startswith(codecs.BOM_UTF8):
        return payload[len(codecs.BOM_UTF8) :]
    encoding = _utf_16(payload)
    if not encoding:
        return payload
    try:
        return payload.decode(encoding).encode()
    except UnicodeDecodeError:
        return None


def is_read_whole(head: bytes) -> bool:
    """True for the beginning of what is no JSON in UTF-8: a table, base64, UTF-16."""
    return bool(_utf_16(head)) or table_of(head) is not None or is_packed_text(head)


def _utf_16(payload: bytes) -> str:
    if payload.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if payload[:2] in (b"{\0", b"[\0"):
        return "utf-16-le"
    return "utf-16-be" if payload[:2] in (b"\0{", b"\0[") else ""

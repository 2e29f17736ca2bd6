"""From a JSON document to the records in it, whatever they are wrapped in.

=====================  ==========================================================================
a record               an object with one of CloudTrail's own fields (``eventName``, …)
log file               ``{"Records": [record, …]}``; whatever object stands there is a record,
                       unless it is an event of another service (see :mod:`.envelopes`)
LookupEvents           ``{"Events": [{"CloudTrailEvent": "record as text"}, …]}``, or one of these
FilterLogEvents        ``{"events": [{"message": "…", "timestamp": ms}, …]}``, or one of these
subscription           ``{"messageType": "DATA_MESSAGE", "logEvents": [{"message": …}, …]}``, also
                       as ``{"awslogs": {"data": base64 of gzip}}``
Logs Insights          ``[{"@message": "…", "@timestamp": "…"}, …]``, or rows of the CLI:
                       ``{"results": [[{"field": "@message", "value": "…"}, …], …]}``
CloudTrail Lake        ``{"QueryResultRows": [[{"eventJson": "…"}, …], …]}``
EventBridge            ``{"detail-type": "AWS API Call via CloudTrail", "detail": record}``
SNS                    ``{"Type": "Notification", "Message": "…"}``
Kinesis, Firehose,     ``{"Records": [{"kinesis": {"data": base64}}, …]}``, ``{"body": "…"}``,
SQS                    ``{"records": [{"recordId": …, "data": base64}, …]}``
Elastic                ``{"_source": {"event": {"original": "…"}}}``, ``{"hits": {"hits": […]}}``
Splunk                 ``{"result": {"_raw": "…"}}``, ``{"results": [{"_raw": "…"}, …]}``
=====================  ==========================================================================

They nest: EventBridge may write to a log group, a queue hold what a topic sent. An object that is
none of these is a fault (``not-cloudtrail``) and no event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec
from msgspec import Raw

from trailwarden.times import from_epoch
from trailwarden.trail import envelopes
from trailwarden.trail.columns import record_of_columns
from trailwarden.trail.compression import unpack
from trailwarden.trail.eventtime import instant_of, plausible
from trailwarden.trail.nesting import pruned
from trailwarden.trail.values import BrokenValueError, Values, skip_space

RECORD_FIELDS = frozenset(
    ("eventVersion", "eventTime", "eventName", "eventSource", "eventID", "userIdentity")
)
# Lists of further documents. The elements of "Records" are records, whatever they hold.
LISTS = (
    *("Records", "Events", "events", "logEvents", "records", "results", "QueryResultRows"),
    *("Messages", "Entries"),
)
# Columns and fields that hold a whole event, as text mostly, and have no namesake in a record.
WHOLE_EVENTS = ("CloudTrailEvent", "@message", "_raw", "eventJson", "event.original")
_TEXTS = ("message", "Message", "body", "Body")
_OBJECTS = ("detail", "Detail", "_source", "result", "hits", "awslogs", "kinesis", "Sns")
_DATA = ("data", "Data")  # base64
_MOST_LAYERS = 8
_TEXT_OR_NULL = (b'"', b"n")  # how the values of cells begin
_LONGEST_TIMESTAMP = 40
_MOST_UNPACKED = 128 * 1024 * 1024  # bytes, of all that is packed inside one piece of a file

DECODING_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class RawRecord(NamedTuple):
    """A record as JSON text, UTF-8. ``delivered`` (UTC) is when CloudWatch Logs got it, if told."""

    data: bytes
    delivered: datetime | None = None


class Report(Protocol):
    """Takes what is wrong with a document: a fault's code, and the path to the place."""

    def __call__(self, code: str, key: str) -> None: ...


Fields = Mapping[str, Raw | bytes]

_fields = msgspec.json.Decoder(dict[str, Raw])
_elements = msgspec.json.Decoder(list[Raw])
_text = msgspec.json.Decoder(str)


class _Place(NamedTuple):
    """Where a document stands, and when its record was delivered."""

    key: str
    layer: int
    delivered: datetime | None

    def below(self, name: str) -> _Place:
        return self._replace(key=f"{self.key}.{name}" if self.key else name, layer=self.layer + 1)

    def at(self, number: int) -> _Place:
        return self._replace(key=f"{self.key}[{number}]")


@dataclass(slots=True)
class Unwrapper:
    """Unwraps documents: records go to ``found``, what is wrong to ``report``."""

    found: Callable[[RawRecord], None]
    report: Report
    _room: int = field(default=_MOST_UNPACKED, init=False)

    def document(
        self, document: bytes, delivered: datetime | None, key: str = "", layer: int = 0
    ) -> None:
        """Unwrap one JSON value (known to be well-formed)."""
        self._document(document, _Place(key, layer, delivered))

    def element(
        self, name: str, element: bytes, delivered: datetime | None, key: str, layer: int = 1
    ) -> None:
        """Unwrap an element of the list with that name."""
        self._element(name, element, _Place(key, layer, delivered))

    def _element(self, name: str, element: bytes, place: _Place) -> None:
        if name != "Records":
            self._document(element, place)
        elif not element.startswith(b"{"):
            self.report("not-an-object", place.key)
        elif envelopes.may_be_one(element) and (fields := _fields_of(element)) is not None:
            if not self._envelope(fields, place):
                self.found(RawRecord(element, place.delivered))
        else:
            self.found(RawRecord(element, place.delivered))

    def _document(self, document: bytes, place: _Place) -> None:
        if place.layer > _MOST_LAYERS:
            self.report("too-deep", place.key)
        elif document.startswith(b"["):
            self._row(document, place)
        elif document.startswith(b'"'):
            self._text(document, place)
        elif not document.startswith(b"{"):
            self.report("not-an-object", place.key)
        elif (fields := _fields_of(document)) is None:
            self.report("too-deep", place.key)
        else:
            self._object(document, fields, place)

    def _object(self, document: bytes, fields: Fields, place: _Place) -> None:
        is_record = not RECORD_FIELDS.isdisjoint(fields)
        for name in WHOLE_EVENTS:
            # Beside the whole event stand columns that were taken from it.
            if name in fields and not (is_record and not _begins_an_object(fields[name])):
                self._value(bytes(fields[name]), _timed(fields, place).below(name))
                return
        if self._envelope(fields, place):
            return
        if is_record:
            self.found(RawRecord(document, place.delivered))
        else:
            self._packaging(fields, place)

    def _envelope(self, fields: Fields, place: _Place) -> bool:
        """Unwrap the event of another service; False where it is none."""
        found = envelopes.content_of(fields)
        if found is None:
            return False
        for part in found:
            inner = _timed(fields, place).below(part.name)
            if part.is_encoded:
                self._encoded(part.value, inner)
            else:
                self._value(part.value, inner)
        return True

    def _packaging(self, fields: Fields, place: _Place) -> None:
        if bytes(fields.get("messageType", b"")) == b'"CONTROL_MESSAGE"':
            return  # CloudWatch Logs asks whether the destination is there
        for name in LISTS:
            if name in fields:
                self._list(name, bytes(fields[name]), place)
                return
        inner = _timed(fields, place)
        if "event" in fields and self._event(bytes(fields["event"]), inner.below("event")):
            return
        for name in (*_TEXTS, *_OBJECTS):
            if name in fields:
                self._value(bytes(fields[name]), inner.below(name))
                return
        for name in _DATA:
            if name in fields:
                self._encoded(bytes(fields[name]), inner.below(name))
                return
        if "fields" in fields and self._event(bytes(fields["fields"]), inner.below("fields")):
            return
        is_ecs = "aws" in fields or "event" in fields
        self.report("partial-rows" if is_ecs else "not-cloudtrail", place.key)

    def _event(self, value: bytes, place: _Place) -> bool:
        """Unwrap what Elastic and Splunk put under ``event``; False where it holds no event.

        ECS keeps the text in ``event.original``, if at all, and there its hits have lists of one.
        """
        if value.startswith(b'"'):
            self._text(value, place)
            return True
        inner = _fields_of(value) if value.startswith(b"{") else None
        if inner is None:
            return False
        for name in ("original", *WHOLE_EVENTS):
            if name in inner:
                only = elements_of(bytes(inner[name]))
                self._value(bytes(only[0] if only else inner[name]), place.below(name))
                return True
        if RECORD_FIELDS.isdisjoint(inner):
            return False
        self._object(value, inner, place)
        return True

    def _list(self, name: str, value: bytes, place: _Place) -> None:
        within = place.below(name)
        elements = elements_of(value)
        if elements is None:
            self.report("no-records", within.key)
            return
        for number, element in enumerate(elements):
            self._element(name, bytes(element), within.at(number))

    def _row(self, value: bytes, place: _Place) -> None:
        """Unwrap a row of a query's result: a list of its cells. Else it is a list of documents."""
        elements = elements_of(value)
        if elements is None:
            self.report("too-deep", place.key)
            return
        cells = list(map(_cell, elements))
        row = dict(cell for cell in cells if cell is not None)
        if not cells or None in cells:
            within = place._replace(layer=place.layer + 1)
            for number, element in enumerate(elements):
                self._document(bytes(element), within.at(number))
        elif any(name in row for name in WHOLE_EVENTS):
            self._object(b"", row, place)
        else:
            self.columns({name: _plain_text(bytes(cell)) for name, cell in row.items()}, place.key)

    def columns(self, row: Mapping[str, str], key: str) -> None:
        """Unwrap a row without the whole event: its columns may be enough to write it again."""
        record = record_of_columns(row)
        if record is None:
            self.report("partial-rows", key)
            return
        if not record.is_whole:
            self.report("odd-columns", key)
        self.found(RawRecord(record.data))

    def _value(self, value: bytes, place: _Place) -> None:
        """Unwrap a document that is an object, or written as text."""
        if value.startswith((b"{", b"[")):
            self._document(value, place)
        else:
            self._text(value, place)

    def _text(self, value: bytes, place: _Place) -> None:
        """Unwrap a document that is written as text inside another."""
        try:
            document = _text.decode(value).strip().encode()
        except (*DECODING_ERRORS, UnicodeEncodeError):
            self.report("not-cloudtrail", place.key)
            return
        if document.startswith((b"{", b"[")):
            self._documents(document, place)
        elif envelopes.is_packed_text(document):
            self._encoded(value, place)
        else:
            self.report("not-cloudtrail", place.key)

    def _encoded(self, value: bytes, place: _Place) -> None:
        """Unwrap what is written in base64, and compressed maybe."""
        if value.startswith(b"{"):  # decoded already, by whoever wrote the file
            self._document(value, place)
            return
        text = _plain_text(value)
        if text.lstrip().startswith(("{", "[")):
            self._text(value, place)
            return
        data = envelopes.decoded(text)
        if data is None:
            self.report("not-cloudtrail", place.key)
            return
        unpacked = unpack(data, limit=self._room)
        payload = bytes(unpacked.payload).strip()
        self._room -= len(payload)
        if unpacked.fault is not None:
            self.report(unpacked.fault.code, place.key)
        if payload.startswith((b"{", b"[")):
            self._documents(payload, place)
        elif payload or unpacked.fault is None:
            self.report("not-cloudtrail", place.key)

    def _documents(self, text: bytes, place: _Place) -> None:
        """Unwrap documents that are not known to be well-formed, one after the other."""
        if text.startswith(b"{") and (fields := _fields_of(text)) is not None:
            if place.layer > _MOST_LAYERS:
                self.report("too-deep", place.key)
            else:
                self._object(text, fields, place)
            return
        values = Values(text)
        at = 0
        while at < len(text):
            try:
                end = values.end(at)
            except BrokenValueError as broken:
                self.report(_nested(broken.code), place.key)
                return
            self._document(text[at:end], place)
            at = skip_space(text, end)


def elements_of(value: bytes) -> list[Raw] | None:
    """The elements of a JSON array, each as JSON; None where it is no array."""
    try:
        return _elements.decode(value)
    except DECODING_ERRORS:
        return None


def _nested(code: str) -> str:
    """The code of damage inside a text: the file itself goes on."""
    return "broken-json" if code == "truncated-json" else code


def _fields_of(document: bytes) -> Fields | None:
    """The fields of a JSON object, each as JSON; None where they cannot be told."""
    for text in (document, pruned(document)):
        try:
            return _fields.decode(text)
        except DECODING_ERRORS:
            pass
    # Escapes of lone surrogates are JSON all the same; only the standard library takes them.
    try:
        fields = json.loads(pruned(document))
        return {name: json.dumps(value).encode() for name, value in fields.items()}
    except (ValueError, RecursionError, AttributeError):
        return None


def _begins_an_object(value: Raw | bytes) -> bool:
    """Whether a field holds an object, or the text of one."""
    return re.match(rb'"?(?:\s|\\[nrt])*\{', bytes(value)) is not None


def _cell(element: Raw) -> tuple[str, Raw | bytes] | None:
    """Name and value of a cell: ``{"field": "@message", "value": "…"}``, ``{"eventJson": "…"}``."""
    cell = bytes(element)
    fields = _fields_of(cell) if cell.startswith(b"{") else None
    if not fields or any(bytes(value)[:1] not in _TEXT_OR_NULL for value in fields.values()):
        return None
    if fields.keys() == {"field", "value"} or fields.keys() == {"field"}:
        return _plain_text(bytes(fields["field"])), fields.get("value", b"null")
    return next(iter(fields.items())) if len(fields) == 1 else None


def _plain_text(value: bytes) -> str:
    """A JSON value as text: a string's own, else as it is written; ``""`` for null."""
    if value == b"null":
        return ""
    try:
        return _text.decode(value)
    except DECODING_ERRORS:
        return value.decode("utf-8", "replace")


def _timed(fields: Fields, place: _Place) -> _Place:
    return place._replace(delivered=_timestamp(fields) or place.delivered)


def _timestamp(fields: Fields) -> datetime | None:
    """The time of a log event: milliseconds since the epoch, or text."""
    for name in ("timestamp", "@timestamp"):
        value = bytes(fields.get(name, b""))
        if re.fullmatch(rb"\d{1,15}", value):
            return _log_event_time(int(value))
        if value.startswith(b'"') and len(value) <= _LONGEST_TIMESTAMP:
            found = instant_of(value.strip(b'"').decode("ascii", "replace"))
            if found is not None:
                return found
    return None


def _log_event_time(milliseconds: int) -> datetime | None:
    """The instant of a log event's ``timestamp``, or None where it is none that can be."""
    try:
        return plausible(from_epoch(milliseconds / 1000))
    except OverflowError:
        return None

"""From a JSON document to the records in it, whatever they are wrapped in.

=====================  ==========================================================================
a record               an object with one of CloudTrail's own fields (``eventName``, …)
log file               ``{"Records": [record, …]}``; whatever object stands there is a record
LookupEvents           ``{"Events": [{"CloudTrailEvent": "record as text"}, …]}``, or one of these
FilterLogEvents        ``{"events": [{"message": "…", "timestamp": ms}, …]}``, or one of these
subscription           ``{"messageType": "DATA_MESSAGE", "logEvents": [{"message": …}, …]}``
Logs Insights          ``[{"@message": "…", "@timestamp": "…"}, …]``
EventBridge            ``{"detail-type": "AWS API Call via CloudTrail", "detail": record}``
=====================  ==========================================================================

They nest: EventBridge may write to a log group. An object that is none of these is a fault
(``not-cloudtrail``) and no event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec
from msgspec import Raw

from trailwarden.times import from_epoch
from trailwarden.trail.eventtime import instant_of, plausible

RECORD_FIELDS = frozenset(
    ("eventVersion", "eventTime", "eventName", "eventSource", "eventID", "userIdentity")
)
# Lists of further documents. The elements of "Records" are records, whatever they hold.
LISTS = ("Records", "Events", "events", "logEvents")
_TEXTS = ("CloudTrailEvent", "message", "@message")
_MOST_LAYERS = 4
_LONGEST_TIMESTAMP = 40

DECODING_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class RawRecord(NamedTuple):
    """A record as JSON text, UTF-8. ``delivered`` (UTC) is when CloudWatch Logs got it, if told."""

    data: bytes
    delivered: datetime | None = None


class Report(Protocol):
    """Takes what is wrong with a document: a fault's code, and the path to the place."""

    def __call__(self, code: str, key: str) -> None: ...


_fields = msgspec.json.Decoder(dict[str, Raw])
_elements = msgspec.json.Decoder(list[Raw])
_text = msgspec.json.Decoder(str)


@dataclass(frozen=True, slots=True)
class Unwrapper:
    """Unwraps documents: records go to ``found``, what is wrong to ``report``."""

    found: Callable[[RawRecord], None]
    report: Report

    def document(
        self, document: bytes, delivered: datetime | None, key: str = "", layer: int = 0
    ) -> None:
        """Unwrap one JSON value (known to be well-formed)."""
        if layer > _MOST_LAYERS:
            self.report("too-deep", key)
            return
        if not document.startswith(b"{"):
            self.report("not-an-object", key)
            return
        fields = _fields_of(document)
        if fields is None:
            self.report("too-deep", key)
        elif not RECORD_FIELDS.isdisjoint(fields):
            self.found(RawRecord(document, delivered))
        else:
            self._packaging(fields, delivered, key, layer)

    def _packaging(
        self, fields: Mapping[str, Raw | bytes], delivered: datetime | None, key: str, layer: int
    ) -> None:
        for name in LISTS:
            if name in fields:
                self._list(name, bytes(fields[name]), delivered, key, layer)
                return
        for name in _TEXTS:
            if name in fields:
                at = _timestamp(fields) or delivered
                self._text(bytes(fields[name]), at, _below(key, name), layer)
                return
        if "detail" in fields:
            self.document(bytes(fields["detail"]), delivered, _below(key, "detail"), layer + 1)
        elif bytes(fields.get("messageType", b"")) != b'"CONTROL_MESSAGE"':
            self.report("not-cloudtrail", key)

    def _list(
        self, name: str, value: bytes, delivered: datetime | None, key: str, layer: int
    ) -> None:
        path = _below(key, name)
        elements = elements_of(value)
        if elements is None:
            self.report("no-records", path)
            return
        for number, element in enumerate(elements):
            self.element(name, bytes(element), delivered, f"{path}[{number}]", layer + 1)

    def element(
        self, name: str, element: bytes, delivered: datetime | None, key: str, layer: int = 1
    ) -> None:
        """Unwrap an element of the list with that name."""
        if name == "Records" and element.startswith(b"{"):
            self.found(RawRecord(element, delivered))
        else:
            self.document(element, delivered, key, layer)

    def _text(self, value: bytes, delivered: datetime | None, key: str, layer: int) -> None:
        """Unwrap a document that is written as text inside another."""
        try:
            document = _text.decode(value).strip().encode()
        except (*DECODING_ERRORS, UnicodeEncodeError):
            self.report("not-cloudtrail", key)
            return
        if not document.startswith(b"{"):
            self.report("not-cloudtrail", key)
        elif _fields_of(document) is None:
            self.report("broken-json", key)
        else:
            self.document(document, delivered, key, layer + 1)


def elements_of(value: bytes) -> list[Raw] | None:
    """The elements of a JSON array, each as JSON; None where it is no array."""
    try:
        return _elements.decode(value)
    except DECODING_ERRORS:
        return None


def _fields_of(document: bytes) -> Mapping[str, Raw | bytes] | None:
    """The fields of a JSON object, each as JSON; None where they cannot be told."""
    try:
        return _fields.decode(document)
    except DECODING_ERRORS:
        pass
    # Escapes of lone surrogates are JSON all the same; only the standard library takes them.
    try:
        fields = json.loads(document)
        return {name: json.dumps(value).encode() for name, value in fields.items()}
    except (ValueError, RecursionError, AttributeError):
        return None


def _timestamp(fields: Mapping[str, Raw | bytes]) -> datetime | None:
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


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name

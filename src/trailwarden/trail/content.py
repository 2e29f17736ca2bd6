"""What a file holds, judged by its content where its name does not tell.

An author of a record can put any text into it, and nearly any object. So a cheap look at the
beginning only raises a suspicion; the whole file decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, Raw, UnsetType

from trailwarden.trail import envelopes
from trailwarden.trail.columns import FIELDS
from trailwarden.trail.packagings import DECODING_ERRORS, LISTS, RECORD_FIELDS

_LOOK = 4096  # bytes
_PLAIN = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
# Looking for each literal is far cheaper than one search for any of them.
_ORDINARY = b'"eventCategory":"Management"'  # one of these, and the file is not of another kind
_OTHER_SERVICE = (b'"eventSource":"aws:', b'"eventSource": "aws:')
_HINTS = (b'"Insight"', b'"Aggregated"', b'"digestStartTime"', b'"CONTROL_MESSAGE"')
# How the first record begins: CloudTrail's own, with any of these fields.
_FIRST_FIELD = re.compile(rb'"Records"\s*:\s*\[\s*\{\s*"([^"\\]*)"')
_OF_CLOUDTRAIL = frozenset(name.encode() for name in FIELDS)
_TEST_EVENT = re.compile(rb'"Event\\?"\s*:\s*\\?"s3:TestEvent')
_EMPTY = re.compile(rb"\[\s*\]")


class _Element(msgspec.Struct):
    eventCategory: object = None  # noqa: N815 - the names are CloudTrail's


class _Events(msgspec.Struct):
    Records: list[dict[str, Raw]]


class _Content(msgspec.Struct):
    Records: list[_Element] | UnsetType = UNSET
    digestStartTime: Raw | UnsetType = UNSET  # noqa: N815
    logFiles: Raw | UnsetType = UNSET  # noqa: N815
    messageType: object = None  # noqa: N815


_events = msgspec.json.Decoder(_Events)
_text = msgspec.json.Decoder(str)
_content = msgspec.json.Decoder(_Content)
_fields = msgspec.json.Decoder(dict[str, Raw] | list[Raw])


def is_plain_records(payload: bytes) -> bool:
    """True for what looks like CloudTrail's own file: one object, ``{"Records": [...]}``, UTF-8."""
    if not _PLAIN.match(payload) or not payload[-64:].rstrip().endswith(b"}"):
        return False
    return is_utf8(payload)


def is_utf8(payload: bytes) -> bool:
    """True where the bytes are UTF-8 text. Cheap for ASCII."""
    if payload.isascii():
        return True
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def content_kind(payload: bytes) -> str:
    """``""`` for records, else what the file holds instead of them, on purpose.

    ``digest``; ``insight`` and ``aggregated`` (only such events); ``notification`` (other services'
    events in a ``Records`` list that carry nothing, such as S3's, or only these in a queue's
    messages); ``control-message`` of a CloudWatch Logs subscription; ``empty`` (a list of no
    records).
    """
    head = payload[:_LOOK]
    if len(payload) <= _LOOK and b'"eventName"' not in head and _is_empty_list(payload):
        return "empty"
    if _may_be_of_another_service(head):
        return "notification" if _are_notices(_events_of(payload)) else ""
    if _ORDINARY in head or not any(hint in head for hint in _HINTS):
        return ""
    return _suspected(payload)


def carries_events(payload: bytes) -> bool:
    """True for a ``Records`` list with other services' events: they may carry records, packed."""
    if not _may_be_of_another_service(payload[:_LOOK]):
        return False
    return any(envelopes.content_of(event) is not None for event in _events_of(payload))


def _may_be_of_another_service(head: bytes) -> bool:
    first = _FIRST_FIELD.search(head)
    if first is None:
        return False
    return first[1] not in _OF_CLOUDTRAIL or any(hint in head for hint in _OTHER_SERVICE)


def _events_of(payload: bytes) -> list[dict[str, Raw]]:
    try:
        return _events.decode(payload).Records
    except DECODING_ERRORS:
        return []  # damaged or of another shape: read what records there are


def _are_notices(events: Sequence[Mapping[str, Raw]], layer: int = 0) -> bool:
    return bool(events) and all(_is_notice(event, layer) for event in events)


def _is_notice(event: Mapping[str, Raw], layer: int) -> bool:
    """An event that says where something happened, and carries no records."""
    carried = envelopes.content_of(event)
    if carried is None or layer > 1:
        return False
    return all(not one.is_encoded and _is_notice_text(one.value, layer) for one in carried)


def _is_notice_text(value: bytes, layer: int) -> bool:
    """A queue's message with S3's notice, maybe as a topic wrapped it, or with its test event."""
    try:
        message = _text.decode(value).encode()
        if _TEST_EVENT.search(message):
            return True
        fields = _fields.decode(message)
        if isinstance(fields, dict) and "Message" in fields:
            message = _text.decode(fields["Message"]).encode()
    except (*DECODING_ERRORS, UnicodeEncodeError):
        return False
    return _are_notices(_events_of(message), layer + 1)


def _suspected(payload: bytes) -> str:
    try:
        content = _content.decode(payload)
    except DECODING_ERRORS:
        return ""  # damaged or of another shape: read what records there are
    if content.Records is UNSET:
        if content.digestStartTime is not UNSET and content.logFiles is not UNSET:
            return "digest"
        return "control-message" if content.messageType == "CONTROL_MESSAGE" else ""
    kinds = {_kind(element) for element in content.Records}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind(element: _Element) -> str:
    return {"Insight": "insight", "Aggregated": "aggregated"}.get(str(element.eventCategory), "")


def _is_empty_list(payload: bytes) -> bool:
    try:
        content = _fields.decode(payload)
    except DECODING_ERRORS:
        return False
    if isinstance(content, list):
        return not content
    lists = [bytes(content[name]) for name in LISTS if name in content]
    return bool(lists) and all(map(_EMPTY.fullmatch, lists)) and RECORD_FIELDS.isdisjoint(content)

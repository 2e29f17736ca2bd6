"""What a file holds, judged by its content where its name does not tell.

An author of a record can put any text into it, and nearly any object. So a cheap look at the
beginning only raises a suspicion; the whole file decides.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import UNSET, Raw, UnsetType

from trailwarden.trail.packagings import DECODING_ERRORS, LISTS, RECORD_FIELDS

_LOOK = 4096  # bytes
_PLAIN = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
# Looking for each literal is far cheaper than one search for any of them.
_ORDINARY = b'"eventCategory":"Management"'  # one of these, and the file is not of another kind
_HINTS = (
    *(b'"Insight"', b'"Aggregated"', b'"digestStartTime"', b'"CONTROL_MESSAGE"'),
    *(b'"eventSource":"aws:', b'"eventSource": "aws:'),
)
_EMPTY = re.compile(rb"\[\s*\]")


class _Element(msgspec.Struct):
    eventCategory: object = None  # noqa: N815 - the names are CloudTrail's
    eventSource: object = None  # noqa: N815


class _Content(msgspec.Struct):
    Records: list[_Element] | UnsetType = UNSET
    digestStartTime: Raw | UnsetType = UNSET  # noqa: N815
    logFiles: Raw | UnsetType = UNSET  # noqa: N815
    messageType: object = None  # noqa: N815


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

    ``digest``; ``insight`` and ``aggregated`` (only such events); ``notification`` (S3's, SQS's or
    Kinesis' message about something, in a ``Records`` list too); ``control-message`` of a
    CloudWatch Logs subscription; ``empty`` (a list of no records).
    """
    head = payload[:_LOOK]
    if len(payload) <= _LOOK and b'"eventName"' not in head and _is_empty_list(payload):
        return "empty"
    if _ORDINARY in head or not any(hint in head for hint in _HINTS):
        return ""
    return _suspected(payload)


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
    if isinstance(element.eventSource, str) and element.eventSource.startswith("aws:"):
        return "notification"
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

"""Events of other services that carry records: of Kinesis, Firehose, SQS and SNS.

Lambda functions get them as ``{"Records": [event, …]}``, like CloudTrail's own files.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import msgspec
from msgspec import Raw

_SOURCES = ("eventSource", "EventSource")
# Where an event carries something: its field, the field below that, and whether it is base64.
_CARRIED = (
    ("kinesis", "data", True),
    ("Sns", "Message", False),
    ("body", "", False),
    ("data", "", True),
    ("records", "", False),  # of Kafka, by topic and partition: they are not read, and said to be
)
# Records of GetRecords and of Firehose, which name no source.
_SHARDED = frozenset(("SequenceNumber", "PartitionKey", "recordId", "sequenceNumber"))
_MARKS = (b'"aws:', b'"SequenceNumber"', b'"recordId"', b'"sequenceNumber"')
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
_GZIP_IN_BASE64, _ZSTD_IN_BASE64, _OBJECT_IN_BASE64 = b"H4sI", b"KLUv", b"ey"
_PACKED = (_GZIP_IN_BASE64, _ZSTD_IN_BASE64, _OBJECT_IN_BASE64)

_fields = msgspec.json.Decoder(dict[str, Raw])


class Carried(NamedTuple):
    """What an event carries: JSON of the field ``name``; a text in base64 if ``is_encoded``."""

    name: str
    value: bytes
    is_encoded: bool


def may_be_one(element: bytes) -> bool:
    """A cheap look: False where the JSON of an object can be no event of another service."""
    return any(mark in element for mark in _MARKS)


def content_of(fields: Mapping[str, Raw | bytes]) -> tuple[Carried, ...] | None:
    """What the event with these fields carries: nothing, if it only tells that something happened.

    None where it is no event of another service. CloudTrail's own ``eventSource`` is a domain.
    """
    source = next((bytes(fields[name]) for name in _SOURCES if name in fields), b"")
    if source.startswith(b'"aws:'):
        return _carried(fields)
    if not _SHARDED.isdisjoint(fields):
        for name in ("data", "Data"):
            if name in fields:
                return (Carried(name, bytes(fields[name]), is_encoded=True),)
    return None


def is_packed_text(text: bytes) -> bool:
    """True for base64 of something that may hold records: gzip, zstd, an object."""
    return text.startswith(_PACKED) and _BASE64.fullmatch(text) is not None


def decoded(text: str) -> bytes | None:
    """The bytes that are written in base64, or None."""
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return None


def _carried(fields: Mapping[str, Raw | bytes]) -> tuple[Carried, ...]:
    for name, inner, is_encoded in _CARRIED:
        if name not in fields:
            continue
        value = bytes(fields[name])
        if inner:
            with suppress(msgspec.MsgspecError, KeyError, RecursionError):
                value = bytes(_fields.decode(value)[inner])
        return (Carried(f"{name}.{inner}" if inner else name, value, is_encoded),)
    return ()

"""Whether a file that has no log's name holds events all the same, by its first bytes."""

from __future__ import annotations

import re
import zlib

from trailwarden.trail.compression import GIT_LFS, GZIP
from trailwarden.trail.tables import table_of

_MOST = 8 * 1024  # bytes
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
# Fields of records, maybe written as text inside another document, and of what carries them.
_EVENTS = re.compile(
    rb'"(?:eventVersion|eventSource|CloudTrailEvent|logEvents|awslogs|kinesis|eventJson)\\*"\s*:'
)
_TABLE_NAME = re.compile(r"\.(?:csv|tsv|txt)(?:\.[a-z]+)?\Z", re.IGNORECASE)


def begins_like_events(head: bytes, name: str) -> bool:
    """True for the first bytes of JSON with CloudTrail's fields, or of a table of events.

    A pointer of Git LFS tells only by the name what it stands for.
    """
    text = _uncompressed(head)
    if text.startswith(GIT_LFS):
        return _TABLE_NAME.search(name) is not None
    if _JSON.match(text):
        return _EVENTS.search(text) is not None
    return table_of(text) is not None


def _uncompressed(head: bytes) -> bytes:
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _MOST)
    except zlib.error:
        return b""

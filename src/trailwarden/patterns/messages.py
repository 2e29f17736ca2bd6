"""A log event's message in the forms that matching needs: its text, and its JSON object."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from trailwarden.patterns.deepjson import decode_deep
from trailwarden.patterns.numbertext import DECODER

Message = str | bytes | dict[str, Any]


def text_of(message: Message) -> str:
    """The raw text; bytes that are not UTF-8 are read as U+FFFD, as an agent would send them.

    The text of a dict is its compact JSON, which is how CloudTrail spells records.
    """
    if isinstance(message, str):
        return message
    if isinstance(message, bytes):
        return message.decode("utf-8", "replace")
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def object_of(message: Message) -> dict[str, Any] | None:
    """The JSON object that the whole message is, or None (rule 5.1). Numbers keep their spelling.

    Bytes that are not UTF-8 spoil the string they stand in (it equals no literal), not the
    message: otherwise one such byte in a user agent would hide a record from every pattern.
    """
    if isinstance(message, dict):
        return message
    text = message if isinstance(message, str) else message.decode("utf-8", "surrogateescape")
    return _object_in(text)


@lru_cache(maxsize=1)  # many patterns are asked about one message
def _object_in(text: str) -> dict[str, Any] | None:
    if not text.lstrip(" \t\n\r").startswith("{"):
        return None
    try:
        value = _decode(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except RecursionError:
        return decode_deep(text)


def well_formed(text: str) -> str:
    """``text`` with each lone surrogate replaced by U+FFFD, so that it can be encoded."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text

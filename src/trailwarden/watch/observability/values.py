"""Fields of a log line, as JSON values: bounded, and without secrets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from trailwarden.errors import TrailwardenError
from trailwarden.settings import Secret
from trailwarden.times import format_instant

LONGEST = 2_000  # characters of one text
_MOST, _DEEPEST = 50, 4  # entries of a list or mapping; levels of them

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


def plain(value: object, depth: int = 0) -> Plain:
    """``value`` as JSON can say it; whatever is unknown, by its ``str``. A secret is ``***``."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Secret():
            return "***"
        case datetime():
            return format_instant(value)
        case TrailwardenError():
            return cut(_one_line(value))
        case Mapping() if depth < _DEEPEST:
            return _mapping(value, depth)
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return _entries(value, depth)
        case Mapping() | list() | tuple() | set() | frozenset():
            return "…"
    return cut(str(value))


def cut(text: str, limit: int = LONGEST) -> str:
    """At most ``limit`` characters of the text."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _mapping(mapping: Mapping[object, object], depth: int) -> dict[str, Plain]:
    kept = dict(list(mapping.items())[:_MOST])
    shown = {cut(str(key)): plain(value, depth + 1) for key, value in kept.items()}
    return shown if len(kept) == len(mapping) else {**shown, "…": len(mapping) - len(kept)}


def _entries(entries: Iterable[object], depth: int) -> list[Plain]:
    every = list(entries)
    shown = [plain(entry, depth + 1) for entry in every[:_MOST]]
    return shown if len(every) <= _MOST else [*shown, f"… {len(every) - _MOST:,} more"]


def _one_line(error: TrailwardenError) -> str:
    place = f"{error.location}: " if error.location else ""
    return f"{place}{error.message}" + (f" (cure: {error.cure})" if error.cure else "")

"""eventTime: ``2023-07-10T11:42:36Z``, sometimes with a fraction."""

from __future__ import annotations

import re
from datetime import datetime

from trailwarden.times import epoch_seconds, parse_instant

_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def instant_of(text: object) -> datetime | None:
    """The UTC instant an eventTime means, or None where it means none."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):
        return None
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):  # a 31st of February; the year 1 with an offset
        return None


def epoch_of_event_time(text: object) -> int | None:
    """Whole seconds since the epoch for an eventTime, or None where it means no instant."""
    instant = instant_of(text)
    return None if instant is None else epoch_seconds(instant)

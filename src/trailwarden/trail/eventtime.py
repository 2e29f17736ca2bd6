"""eventTime: ``2023-07-10T11:42:36Z``, sometimes with a fraction."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from trailwarden.times import EPOCH, epoch_seconds, parse_instant

_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)
# Nothing in AWS is older than the epoch. What claims to lie beyond this century is a slip or a
# forgery, and one such record would stretch a run over thousands of years.
_END = datetime(2100, 1, 1, tzinfo=UTC)


def instant_of(text: object) -> datetime | None:
    """The UTC instant an eventTime means, or None where it means none that can be."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):
        return None
    try:
        return plausible(parse_instant(text))
    except (ValueError, OverflowError):  # a 31st of February; the year 1 with an offset
        return None


def plausible(instant: datetime) -> datetime | None:
    """The instant, or None where CloudTrail cannot have written it: before 1970, after 2099."""
    return instant if EPOCH <= instant < _END else None


def epoch_of_event_time(text: object) -> int | None:
    """Whole seconds since the epoch for an eventTime, or None where it means no instant."""
    instant = instant_of(text)
    return None if instant is None else epoch_seconds(instant)

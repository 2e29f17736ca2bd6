"""UTC instants: parsing what AWS and people write, and the minute grid of CloudWatch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AGO = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_instant(text: str) -> datetime:
    """Parse an ISO 8601 time; one without an offset is UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def parse_when(text: str, *, now: datetime) -> datetime:
    """Parse what a person writes: an ISO 8601 date or time, or a span before ``now`` (``36h``)."""
    match = _AGO.fullmatch(text.strip())
    if match:
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    return parse_instant(text.strip())


def epoch_seconds(instant: datetime) -> int:
    """Whole seconds since 1970-01-01T00:00:00Z, rounded down."""
    return (instant - EPOCH) // timedelta(seconds=1)


def from_epoch(seconds: float) -> datetime:
    """The UTC instant so many seconds after the epoch."""
    return EPOCH + timedelta(seconds=seconds)


def format_instant(instant: datetime) -> str:
    """``2023-07-10T12:00:00Z``; milliseconds only where they are not zero."""
    utc = instant.astimezone(UTC)
    spec = "milliseconds" if utc.microsecond else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=spec) + "Z"

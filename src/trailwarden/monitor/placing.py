"""Records in time, as the columns of a digest."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from trailwarden.monitor.digest import Digest
from trailwarden.monitor.timing import Timing


def placed(
    timing: Timing,
    keys: array[int],
    event_seconds: Sequence[int],
    source: str,
    delivered: datetime | Sequence[datetime | None] | None,
) -> tuple[Digest, Sequence[int]]:
    """A digest without hits, and the second at which each record counts.

    Records that were not asked for lose their key.
    """
    timed = timing.place(event_seconds, delivered, source)
    for position in timed.outside:
        keys[2 * position] = keys[2 * position + 1] = 0
    digest = Digest(
        source=source,
        keys=keys.tobytes(),
        minutes=timed.minutes.tobytes(),
        counts=sorted(Counter(timed.minutes).items()),
        event_minutes=b"" if timed.event_minutes is None else timed.event_minutes.tobytes(),
        first=timed.first,
        last=timed.last,
        problems=timed.problems,
    )
    return digest, timed.seconds

"""What to scan and how, and how far a scan is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trailwarden.errors import UsageError
from trailwarden.monitor.timing import Clock
from trailwarden.trail import DEFAULT_LIMIT, check_archive


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. ``processes`` 0 means one per core; ``max_file_size`` is in bytes."""

    clock: Clock = "event"
    since: datetime | None = None
    until: datetime | None = None
    processes: int = 0
    dedupe: bool = True
    max_file_size: int = DEFAULT_LIMIT
    plain: bool = False

    def check(self, archives: Sequence[str]) -> None:
        """Raise UsageError where there is no archive at all, or none of its records can count."""
        if self.since and self.until and self.since >= self.until:
            raise UsageError("--since must be earlier than --until")
        for archive in archives:
            check_archive(archive)  # a slip in the last one should not cost the work on the others


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is. ``bytes`` are stored bytes, ``at`` the file read last."""

    files: int
    bytes: int
    events: int
    at: str


Tell = Callable[[Progress], None]

"""One file of an archive, not yet opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trailwarden.problems import Problem

# Bytes. CloudTrail writes files of some 50 MB at most; what is larger was put together since.
DEFAULT_LIMIT = 16 * 1024 * 1024 * 1024
WHOLE_LIMIT = 256 * 1024 * 1024  # … of what must be in memory to be read
LARGE = 64 * 1024 * 1024  # … that may be there at once; a larger file is read in parts


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that may hold records. Small and plain, so that it travels to worker processes.

    ``source`` is its name for people: a path, an ``s3://`` URI or ``<stdin>``, on one line and
    without control characters. ``size`` is in bytes as stored, ``delivered`` the minute (UTC)
    that CloudTrail's file name tells. ``path`` is where a local file is, ``bucket`` and ``key``
    where a remote one is; ``content`` holds what could be read only once (a pipe).
    """

    source: str
    size: int
    delivered: datetime | None = None
    is_remote: bool = False
    path: str = ""
    bucket: str = ""
    key: str = ""
    content: bytes | None = field(default=None, repr=False)


def no_log_files(source: str) -> Problem:
    """The problem of an archive that holds nothing to read."""
    return Problem(
        source,
        "no-log-files",
        "this archive holds no log files",
        "check whether it is the right one; a file of any name is read if it is named itself",
    )

"""What to scan and how, and how far a scan is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from os import PathLike, fspath
from typing import get_args

from trailwarden.errors import UsageError
from trailwarden.monitor.timing import Clock
from trailwarden.trail import DEFAULT_LIMIT, check_archive

Archive = str | PathLike[str]
Archives = Archive | Iterable[Archive]


def named(archives: Archives) -> tuple[str, ...]:
    """The archives' names: of one, or of several. Raises TypeError for what is no path."""
    several = (archives,) if isinstance(archives, str | bytes | PathLike) else archives
    if not isinstance(several, Iterable):
        raise TypeError(_no_archive(archives))
    names = tuple(map(_name, several))
    if not names:
        raise UsageError(
            "no archive is named", cure="name a folder, a file or s3://BUCKET/PREFIX, or several"
        )
    return names


def _name(archive: object) -> str:
    name = fspath(archive) if isinstance(archive, PathLike) else archive
    if not isinstance(name, str):
        raise TypeError(_no_archive(archive))
    if isinstance(archive, PathLike) and name.startswith("s3:/"):
        raise ValueError(f"{name!r} as a path has lost a slash: give s3://BUCKET/PREFIX as a str")
    return name


def _no_archive(value: object) -> str:
    return f"an archive must be a str or a path, or several in a list, not {type(value).__name__}"


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. ``processes`` 0 means one per core; ``max_file_size`` is in bytes.

    ``since`` (the first instant) and ``until`` (the first one outside) bound eventTime; they must
    have a time zone. ``clock`` says when records count, ``dedupe`` whether a record counts once
    however often it was delivered. ``plain`` reads slowly, without any index, as a test of itself.
    Raises ValueError or TypeError for a value that cannot be meant.
    """

    clock: Clock = "event"
    since: datetime | None = None
    until: datetime | None = None
    processes: int = 0
    dedupe: bool = True
    max_file_size: int = DEFAULT_LIMIT
    plain: bool = False

    def __post_init__(self) -> None:
        if self.clock not in get_args(Clock):
            known = " or ".join(map(repr, get_args(Clock)))
            raise ValueError(f"clock must be {known}, not {self.clock!r}")
        for name in ("since", "until"):
            time = getattr(self, name)
            if time is None:
                continue
            if not isinstance(time, datetime):
                raise TypeError(f"{name} must be a datetime, not {type(time).__name__}")
            if time.tzinfo is None:
                raise ValueError(f"{name} must have a time zone: datetime(…, tzinfo=UTC)")
        for name, least in (("processes", 0), ("max_file_size", 1)):
            number = getattr(self, name)
            if not isinstance(number, int):
                raise TypeError(f"{name} must be an int, not {type(number).__name__}")
            if number < least:
                raise ValueError(f"{name} must be at least {least}, not {number}")

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

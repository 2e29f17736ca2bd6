"""Where CloudTrail puts its files in S3, and what their names tell.

::

    [PREFIX/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/FILE
    ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz

The time in the name is the minute of delivery. Beside ``CloudTrail`` stand ``CloudTrail-Digest``
(hashes of the log files), ``CloudTrail-Insight``, ``CloudTrail-Aggregated`` (summaries of records
that are delivered elsewhere) and ``CloudTrail-NetworkActivity`` (records like any other).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from trailwarden.trail.eventtime import plausible

# Delivery comes after the event, mostly by minutes, sometimes by hours; clocks may differ a bit.
_DAYS_BEFORE = timedelta(days=1)
_DAYS_AFTER = timedelta(days=2)

# Kinds of CloudTrail's files that hold no records on purpose.
_KINDS = {
    "CloudTrail-Digest": "digest",
    "CloudTrail-Insight": "insight",
    "CloudTrail-Aggregated": "aggregated",
}
_OTHER_SERVICE = "other-service"  # load balancers, flow logs, Config: they share the layout

_LAYOUT = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(?:\d{12}/)?")
_SERVICE = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?\d{12}/([^/]+)/")
_DATE = re.compile(
    r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?\d{12}/CloudTrail(?:-[A-Za-z]+)?/[a-z0-9-]+"
    r"/(\d{4})/(?:(\d\d)/(?:(\d\d)/)?)?$"
)
_NAME = re.compile(
    r"\d{12}_(CloudTrail(?:-[A-Za-z]+)?)_.+?_(\d{8}T\d{4})Z(?:_[^_/]*)?\.json(?:\.gz)?",
    re.ASCII | re.DOTALL,
)


def special_kind(path: str) -> str:
    """The kind of a file that holds no records on purpose, by its path; ``""`` else."""
    folder, _, file = path.rpartition("/")
    service = _service_of(f"{folder}/")
    if service and not service.startswith("CloudTrail"):
        return _OTHER_SERVICE
    name = None if service else _NAME.fullmatch(file)
    return _KINDS.get(name[1] if name else service, "")


@lru_cache(maxsize=256)  # the files of a folder come one after the other
def _service_of(folder: str) -> str:
    service = _SERVICE.search(folder)
    return service[1] if service else ""


def is_in_layout(folder: str) -> bool:
    """True for a folder (with a slash at its end) of CloudTrail's layout."""
    service = _service_of(folder)
    return bool(_LAYOUT.search(folder)) and (not service or service.startswith("CloudTrail"))


def is_day_folder(folder: str) -> bool:
    """True for the folder (with a slash at its end) of one day in CloudTrail's layout."""
    found = _DATE.search(folder)
    return found is not None and found[3] is not None


def delivery_minute(name: str) -> datetime | None:
    """The minute of delivery (UTC) in the name that CloudTrail gave a file."""
    found = _NAME.fullmatch(name)
    return None if found is None else _minute(found[2])


@lru_cache(maxsize=4096)  # many files are delivered together
def _minute(stamp: str) -> datetime | None:
    """The instant of ``20240501T1200``."""
    try:
        return plausible(datetime.strptime(stamp, "%Y%m%dT%H%M").replace(tzinfo=UTC))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose files can hold records with ``since`` ≤ eventTime < ``until``."""

    first: date = date.min
    last: date = date.max

    @classmethod
    def of(cls, since: datetime | None, until: datetime | None) -> Window:
        """The window for an interval of event times, with a margin for late delivery."""
        return cls(
            first=date.min if since is None else _shifted(since, -_DAYS_BEFORE),
            last=date.max if until is None else _shifted(until, _DAYS_AFTER),
        )

    @property
    def is_open(self) -> bool:
        """True where every day is wanted."""
        return self.first == date.min and self.last == date.max

    def takes_folder(self, path: str) -> bool:
        """False for a year, month or day of CloudTrail's layout that cannot matter.

        ``path`` ends with a slash.
        """
        found = None if self.is_open else _DATE.search(path)
        if found is None:
            return True
        year, month, day = (int(part or 0) for part in found.groups())
        try:
            start = date(year, month or 1, day or 1)
            end = date(year, month or 12, day or _days(year, month or 12))
        except ValueError:
            return True  # not a date: not CloudTrail's folder
        return start <= self.last and end >= self.first

    def takes_file(self, delivered: datetime | None) -> bool:
        """False for a file that was delivered on a day that cannot matter."""
        return delivered is None or self.first <= delivered.date() <= self.last


def _shifted(instant: datetime, by: timedelta) -> date:
    try:
        return (instant.astimezone(UTC) + by).date()
    except OverflowError:
        return date.min if by < timedelta(0) else date.max


def _days(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day

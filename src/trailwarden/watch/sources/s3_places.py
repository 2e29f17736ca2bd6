"""Where in a bucket to look: CloudTrail's days, and what lies outside its layout.

::

    [PREFIX/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/FILE
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from trailwarden.trail.layout import Window, is_day_folder, special_kind
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.s3_objects import Bucket, Entry

_REGION = re.compile(
    r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\d{12})/(CloudTrail(?:-[A-Za-z]+)?)/([a-z0-9-]+)/"
)
# The folders above the regions.
_ABOVE = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(?:\d{12}/(?:CloudTrail(?:-[A-Za-z]+)?/)?)?$")
_DAY = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/$")
# Folders that are made of a date, or partitions: there are many, and no layout is below them.
_PARTITION = re.compile(r"(?:\d+|[^/]*=[^/]*)/$")
_MOST_LEVELS = 3  # of folders that are walked in search of the layout
_MOST_STRANGERS = 100  # folders outside the layout that are walked in search of it


@dataclass(slots=True)
class Places:
    """What was found. ``regions`` end with a slash, and lead to ``days``, by date.

    ``plain`` are prefixes outside the layout, ``loose`` objects that lie beside its folders.
    """

    regions: list[str] = field(default_factory=list)
    days: dict[date, list[str]] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    loose: list[Entry] = field(default_factory=list)


def find_places(bucket: Bucket, prefix: str, helpers: Helpers, window: Window) -> Places:
    """Look at the folders below ``prefix``, and the days within ``window``.

    Raises InputError and Stopped.
    """
    found = Places()
    within = _REGION.search(prefix)
    if within is not None and within.end() < len(prefix):
        found.plain.append(prefix)  # a year, a month, a day: named itself
        return found
    _Walk(bucket, helpers, found).base(prefix)
    listings = [
        helpers.submit(partial(_days_of, bucket, region, window)) for region in found.regions
    ]
    for listing in listings:
        days, loose = helpers.result(listing)
        found.loose += loose
        for folder in days:
            day = day_of(folder)
            if day is not None:
                found.days.setdefault(day, []).append(folder)
    return found


class _Walk:
    """The way down to the regions."""

    def __init__(self, bucket: Bucket, helpers: Helpers, found: Places) -> None:
        self._bucket = bucket
        self._helpers = helpers
        self._found = found
        self._strangers = 0

    def base(self, prefix: str) -> None:
        if prefix.endswith("/") and _REGION.search(prefix):
            self._found.regions.append(prefix)
            return
        self._leads(prefix, _MOST_LEVELS)
        if not self._found.regions:
            self._found.plain, self._found.loose = [prefix], []

    def _leads(self, prefix: str, levels: int) -> bool:
        """Walk the folders below; True where any of CloudTrail's is among them."""
        folders, loose = self._helpers.call(partial(self._bucket.folders, prefix))
        leads = False
        plain = []
        for folder in folders:
            if special_kind(f"{folder}x"):
                continue  # digests, Insights, other services' logs: no records
            if _REGION.search(folder):
                self._found.regions.append(folder)
                leads = True
            elif _ABOVE.search(folder):
                leads = self._leads(folder, levels) or leads
            elif self._enters(folder, levels) and self._leads(folder, levels - 1):
                leads = True
            else:
                plain.append(folder)
        if leads or _ABOVE.search(prefix):
            self._found.plain += plain
            self._found.loose += loose
        return leads

    def _enters(self, folder: str, levels: int) -> bool:
        self._strangers += 1
        return levels > 0 and self._strangers <= _MOST_STRANGERS and not _PARTITION.search(folder)


def _days_of(bucket: Bucket, folder: str, window: Window) -> tuple[list[str], list[Entry]]:
    """The folders of the days within ``window``, and objects that lie beside folders."""
    days: list[str] = []
    folders, loose = bucket.folders(folder)
    for below in folders:
        if not window.takes_folder(below):
            continue
        if is_day_folder(below):
            days.append(below)
        elif _PARTITION.search(below):
            more, beside = _days_of(bucket, below, window)
            days += more
            loose += beside
    return days, loose


def day_of(folder: str) -> date | None:
    """The date of a day's folder; None where there is no such day."""
    found = _DAY.search(folder)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def day_folder(region: str, day: date) -> str:
    return f"{region}{day:%Y/%m/%d}/"


def key_at(folder: str, instant: datetime) -> str:
    """A key that sorts before all that CloudTrail delivers to a day's folder from ``instant`` on.

    Empty where that is the whole day.
    """
    found = _REGION.search(folder)
    if found is None or day_of(folder) != instant.date():
        return ""
    return f"{folder}{found[1]}_{found[2]}_{found[3]}_{instant:%Y%m%dT%H%M}"

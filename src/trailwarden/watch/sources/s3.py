"""Log files as they come into a bucket, by listing it.

CloudTrail's layout has a folder for each day of an account and region. All of them are looked for
now and then; in between, only those of today (and yesterday's, after midnight) are listed, from
some hours before the newest key on, as some files come late. What lies outside the layout is
listed as a whole.

How far a run got is a day: every day before it was offered. That is little to keep with each
portion however many accounts and regions there are, and the listing of that day and the one before
it, with the memory of what was taken, finds the rest.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Event

from trailwarden.errors import InputError
from trailwarden.settings import SourceSettings
from trailwarden.text import visible
from trailwarden.trail import s3 as trail_s3
from trailwarden.trail.layout import Window
from trailwarden.watch.portion import Memory, Offer, Stopped
from trailwarden.watch.sources import aws
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.outlet import Outlet, keep_looking
from trailwarden.watch.sources.s3_objects import Bucket, Entry, uri
from trailwarden.watch.sources.s3_places import Places, day_folder, day_of, find_places, key_at
from trailwarden.watch.sources.s3_taking import Taking

POLL = 5.0  # seconds
SWEEP = 600.0  # seconds between two looks at all that is there
_OVERLAP = timedelta(hours=2)  # how much later than its time a key may appear
_AFTER_MIDNIGHT = timedelta(hours=3)  # for which yesterday's folder is listed
_AHEAD = timedelta(hours=1)  # this machine's clock may be late
_MARGIN = timedelta(days=1)  # that a full look goes back before what was complete
_NEW_DAYS = timedelta(days=32)  # how far back a later full look finds folders that are new
_DOWNLOADS = 8
_PATIENCE, _PATIENCE_ONCE = 5, 3  # attempts after which an object no longer holds back Drained
_SWEEP_SHARE = 20  # a full look comes after at least so many times what the last one took
_LISTING_SHARE = 5  # the pause is at least so many times what a listing took
_DATED = re.compile(r"(\d{4})/(\d\d)/(\d\d)/", re.ASCII)
_BEGINNING = date(2000, 1, 1)  # before all logs
_UNDATED = datetime.max.replace(tzinfo=UTC)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_bucket(settings: SourceSettings, *, since: datetime | None, limit: int) -> BucketSource:
    """The source of ``s3://BUCKET/PREFIX``. Raises UsageError."""
    name, prefix = trail_s3.split(settings.address)
    bucket = Bucket(aws.client("s3", region=settings.region), name)
    try:
        bucket.check()
    except InputError as error:
        aws.check(error)  # anything else is told by the run, and may mend itself
    return BucketSource(
        settings.name or visible(settings.address),
        bucket,
        prefix,
        poll=POLL if settings.poll is None else settings.poll,
        since=since,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class BucketSource:
    """A source by listing. ``now`` tells the time (UTC)."""

    name: str
    bucket: Bucket
    prefix: str
    poll: float
    since: datetime | None
    limit: int
    now: Callable[[], datetime] = _utc_now

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        """See :class:`~trailwarden.watch.portion.Source`."""
        outlet = Outlet(self.name, put)
        with Helpers(_DOWNLOADS, stop, name=self.name) as helpers:
            listing = _Listing(self, outlet, memory, helpers, once=once)
            label = visible(uri(self.bucket.name, self.prefix))
            try:
                keep_looking(listing.look, outlet, stop, label=label, once=once)
            except Stopped:
                return


class _Listing:
    """One run over a bucket."""

    def __init__(
        self, source: BucketSource, outlet: Outlet, memory: Memory, helpers: Helpers, *, once: bool
    ) -> None:
        self._source = source
        self._outlet = outlet
        self._helpers = helpers
        self._once = once
        self._taking = Taking(
            source.bucket,
            outlet,
            memory,
            helpers,
            named=source.prefix,
            since=source.since,
            limit=source.limit,
            patience=_PATIENCE_ONCE if once else _PATIENCE,
        )
        self._taking.complete = _day_in(memory.cursor(source.name))
        self._places: Places | None = None
        self._listed_days: set[str] = set()  # folders that were listed from their beginning
        self._newest: dict[str, datetime] = {}  # by folder or prefix
        self._next_sweep = 0.0  # by the monotonic clock
        self._listing_seconds = 0.0

    def look(self) -> float:
        """Offer what is new; return the seconds to wait. Raises InputError and Stopped."""
        at = self._source.now()
        self._listing_seconds = 0.0
        self._taking.retry()
        if self._is_sweep_due():
            self._sweep(at)
        else:
            self._poll(at)
        if self._once:
            self._taking.insist()
        self._taking.complete = at.date()
        self._outlet.mended()
        self._outlet.drained(at)
        return self._pause()

    def _pause(self) -> float:
        pause = max(self._source.poll, self._listing_seconds * _LISTING_SHARE)
        soonest = self._taking.retry_soon()
        return pause if soonest is None else min(pause, soonest)

    def _is_sweep_due(self) -> bool:
        return self._places is None or time.monotonic() >= self._next_sweep

    def _sweep(self, at: datetime) -> None:
        """Look at everything: other accounts and regions, and days that are new or recent."""
        first = self._first_day(at)
        with self._timed():
            places = find_places(
                self._source.bucket,
                self._source.prefix,
                self._helpers,
                Window(first=first),
            )
        recent = at.date() - _MARGIN
        self._taking.take((None, entry) for entry in places.loose)
        for prefix in places.plain:
            self._flat(prefix, after="")
        for day in sorted(places.days):
            folders = [
                folder
                for folder in places.days[day]
                if day >= recent or folder not in self._listed_days
            ]
            self._day(day, [(folder, "") for folder in folders])
            self._listed_days.update(folders)
        self._places = places
        self._next_sweep = time.monotonic() + max(SWEEP, self._listing_seconds * _SWEEP_SHARE)
        self._forget_before(min(first, recent))

    def _forget_before(self, first: date) -> None:
        """Of days that are not listed any more, nothing need be remembered."""
        self._taking.known.drop_before(first)
        old = {folder for folder in self._listed_days if (day_of(folder) or first) < first}
        self._listed_days -= old
        for folder in old:
            self._newest.pop(folder, None)

    def _first_day(self, at: datetime) -> date:
        """The first day to list in a full look."""
        first = Window.of(self._source.since, None).first
        if self._places is not None:
            return max(first, at.date() - _NEW_DAYS)
        if self._taking.complete is not None:
            # A clock that was ahead once must not hide what has come since.
            return max(first, min(self._taking.complete, at.date()) - _MARGIN)
        return first

    def _poll(self, at: datetime) -> None:
        """Look where something new is to be expected."""
        assert self._places is not None  # noqa: S101 - a sweep comes first
        for prefix in self._places.plain:
            self._flat(prefix, after=self._after_dated(prefix, at))
        day, last = (at - _AFTER_MIDNIGHT).date(), (at + _AHEAD).date()
        while day <= last:
            folders = [day_folder(region, day) for region in self._places.regions]
            self._day(day, [(folder, self._after(folder, at)) for folder in folders])
            day += timedelta(days=1)

    def _after(self, folder: str, at: datetime) -> str:
        newest = self._newest.get(folder)
        # A name may tell a time to come; what comes now must not hide behind it.
        return "" if newest is None else key_at(folder, min(newest, at) - _OVERLAP)

    def _after_dated(self, prefix: str, at: datetime) -> str:
        """From where to list a prefix whose keys all begin with their date; else empty."""
        newest = self._newest.get(prefix)
        if newest is None or newest == _UNDATED:
            return ""
        return f"{prefix}{min(newest, at) - _MARGIN:%Y/%m/%d}"

    def _day(self, day: date, listings: list[tuple[str, str]]) -> None:
        """The folders of one day, each from its key on, in the order of delivery."""
        if self._taking.complete is None or day < self._taking.complete or not self._places:
            self._taking.complete = day
        entries: list[Entry] = []
        with self._timed():
            answers = [
                (folder, self._helpers.submit(partial(self._new_in, day, folder, after)))
                for folder, after in listings
            ]
            for folder, answer in answers:
                found, newest = self._helpers.result(answer)
                entries += found
                if newest is not None:
                    self._newest[folder] = max(newest, self._newest.get(folder, newest))
        entries.sort(key=_order)
        self._taking.take((day, entry) for entry in entries)

    def _new_in(self, day: date, folder: str, after: str) -> tuple[list[Entry], datetime | None]:
        """What is not known yet below ``folder``, and the newest time in a name."""
        new: list[Entry] = []
        newest: datetime | None = None
        for page in self._source.bucket.pages(folder, after=after):
            for entry in page.entries:
                delivered = entry.delivered
                if delivered is not None and (newest is None or delivered > newest):
                    newest = delivered
                if not self._taking.known.has(day, entry.key, entry.etag):
                    new.append(entry)
        return new, newest

    def _flat(self, prefix: str, *, after: str) -> None:
        """All objects below a prefix outside the layout, page by page: there may be many."""
        token: str | None = None
        newest = self._newest.get(prefix) if after else None
        while True:
            with self._timed():
                page = self._helpers.call(
                    partial(self._source.bucket.page, prefix, after=after, token=token)
                )
            for entry in page.entries:
                if not entry.key.endswith("/"):
                    dated = _date_in(entry.key[len(prefix) :])
                    newest = dated if newest is None else max(newest, dated)
            self._taking.take((None, entry) for entry in page.entries)
            token = page.token
            if token is None:
                break
        if newest is not None:
            self._newest[prefix] = newest

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start = time.monotonic()
        yield
        self._listing_seconds += time.monotonic() - start


def _order(entry: Entry) -> tuple[datetime, str]:
    return entry.delivered or datetime.min.replace(tzinfo=UTC), entry.key


def _day_in(cursor: str | None) -> date | None:
    """The day in a cursor; None for one that cannot be used, which costs a longer listing."""
    try:
        day = date.fromisoformat(json.loads(cursor or "")["day"])
    except (ValueError, TypeError, KeyError):
        return None
    return max(day, _BEGINNING)


def _date_in(key: str) -> datetime:
    """The date at the beginning of a key below a prefix; the last of all where there is none."""
    found = _DATED.match(key)
    try:
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        dated = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return _UNDATED
    return dated if dated.date() >= _BEGINNING else _UNDATED

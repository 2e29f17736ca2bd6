"""Objects of a bucket, fetched and offered: each once, and in spite of those that fail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from trailwarden.errors import InputError
from trailwarden.text import visible
from trailwarden.trail.faults import too_large
from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import Window
from trailwarden.watch.portion import Memory, Portion
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.outlet import Outlet, problem_of
from trailwarden.watch.sources.s3_known import Known, SetAside, Shelf
from trailwarden.watch.sources.s3_objects import OF_ONE_OBJECT, Bucket, Entry, Fetched, uri

_AT_ONCE = 64 * 1024 * 1024  # bytes that are fetched ahead


class Taking:
    """Takes what listings found. ``named`` is a key that is read whatever its name is.

    ``complete`` is the day before which all was offered, as far as the listing knows; ``patience``
    the number of attempts after which an object no longer holds back Drained.
    """

    def __init__(
        self,
        bucket: Bucket,
        outlet: Outlet,
        memory: Memory,
        helpers: Helpers,
        *,
        named: str,
        since: datetime | None,
        limit: int,
        patience: int,
    ) -> None:
        self._bucket = bucket
        self._outlet = outlet
        self._memory = memory
        self._helpers = helpers
        self._named = named
        self._window = Window.of(since, None)
        self._limit = limit
        self._aside = SetAside(patience)
        self.known = Known()
        self.complete: date | None = None

    def take(self, found: Iterable[tuple[Shelf, Entry]]) -> None:
        """Fetch and offer what is new among them, in their order.

        Raises InputError where the way to the bucket does not work, and Stopped.
        """
        fetched = self._helpers.ahead(
            self._new(found),
            lambda item: self._bucket.fetch(item[1].key, limit=self._limit),
            cost=lambda item: item[1].size,
            most=_AT_ONCE,
        )
        for (shelf, entry), future in fetched:
            try:
                content = future.result()
            except InputError as error:
                self._failed(shelf, entry, error)
            else:
                self._offer(shelf, entry, content)

    def retry(self) -> None:
        """Try what could not be read, where it is time. Raises as ``take`` does."""
        self.take(self._aside.due())

    def retry_soon(self) -> float | None:
        """Seconds until it is time for what Drained waits for; None where nothing is."""
        return self._aside.soonest()

    def insist(self) -> None:
        """Try what could not be read until it can, or must be taken to last."""
        while (wait := self._aside.soonest()) is not None:
            self._helpers.wait(wait)
            self.retry()

    def _new(self, found: Iterable[tuple[Shelf, Entry]]) -> Iterator[tuple[Shelf, Entry]]:
        due = {entry.key for _, entry in self._aside.due()}
        for shelf, entry in found:
            if entry.key.endswith("/") or self.known.has(shelf, entry.key, entry.etag):
                continue
            if entry.key in self._aside and entry.key not in due:
                continue
            if entry.key != self._named and kind_of_name(entry.key):
                self.known.add(shelf, entry.key, entry.etag)
            elif not self._window.takes_file(entry.delivered):
                continue
            elif self._is_taken(entry.key, entry.etag):
                self.known.add(shelf, entry.key, entry.etag)
            elif entry.size > self._limit:
                self._give_up(shelf, entry, too_large(self._limit).error())
            else:
                yield shelf, entry

    def _is_taken(self, key: str, etag: str) -> bool:
        return self._memory.is_taken(self._outlet.name, uri(self._bucket.name, key), etag)

    def _offer(self, shelf: Shelf, entry: Entry, fetched: Fetched) -> None:
        place = uri(self._bucket.name, entry.key)
        version = fetched.etag or entry.etag  # it may have been replaced since it was listed
        self._aside.done(entry.key)
        self._outlet.mended(entry.key)
        if not self.known.has(shelf, entry.key, version):
            self._outlet.offer(
                Portion(
                    source=self._outlet.name,
                    key=place,
                    version=version,
                    label=visible(place),
                    content=fetched.content,
                    delivered=entry.delivered,
                    cursor=self._cursor(),
                )
            )
        self.known.add(shelf, entry.key, version)
        self.known.add(shelf, entry.key, entry.etag)

    def _cursor(self) -> str | None:
        days = [day for day in (self.complete, self._aside.oldest_day()) if day is not None]
        return json.dumps({"day": min(days).isoformat()}) if days else None

    def _failed(self, shelf: Shelf, entry: Entry, error: InputError) -> None:
        if error.code not in OF_ONE_OBJECT:
            raise error  # the same would happen to all others: wait
        if error.code in ("too-large", "vanished"):
            self._give_up(shelf, entry, error)
            return
        lasting = self._aside.failed(entry, shelf)
        self._tell(entry, error, lasting=lasting)

    def _give_up(self, shelf: Shelf, entry: Entry, error: InputError) -> None:
        self._aside.done(entry.key)
        self.known.add(shelf, entry.key, entry.etag)
        self._tell(entry, error, lasting=True)

    def _tell(self, entry: Entry, error: InputError, *, lasting: bool) -> None:
        place = visible(uri(self._bucket.name, entry.key))
        self._outlet.trouble(problem_of(error, place), about=entry.key, lasting=lasting)

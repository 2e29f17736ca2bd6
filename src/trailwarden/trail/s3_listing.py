"""Log files in a bucket, in the order of their keys.

Without an interval a bucket is listed flat, a thousand keys per request. With one, its folders are
walked as far as CloudTrail's layout goes, so that days that cannot matter are never listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trailwarden.errors import InputError
from trailwarden.problems import Problem
from trailwarden.text import visible
from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import Window, delivery_minute, is_day_folder, is_in_layout
from trailwarden.trail.logfile import LogFile, no_log_files
from trailwarden.trail.s3 import client, fail, split
from trailwarden.trail.s3_faults import aws_errors

_MOST_LEVELS = 4  # of folders that are walked in search of CloudTrail's layout


def list_bucket(
    uri: str,
    window: Window,
    problems: Callable[[Problem], None],
    skipped: Callable[[str], None],
) -> Iterator[LogFile]:
    """The log files below ``s3://BUCKET/PREFIX``.

    Raises UsageError for a bucket that does not exist and where there are no credentials; a
    listing that fails otherwise is a problem, and what was listed before it stands.
    """
    bucket, prefix = split(uri)
    listing = _Listing(bucket, window, skipped)
    found = False
    try:
        for file in listing.files(prefix):
            found = True
            yield file
    except InputError as error:
        problems(Problem(visible(uri), error.code, error.message, error.cure))
        return
    if not (found or listing.pruned):
        problems(no_log_files(visible(uri)))


class _Listing:
    """Lists one bucket. ``pruned`` tells afterwards whether the window left anything out."""

    def __init__(self, bucket: str, window: Window, skipped: Callable[[str], None]) -> None:
        self._bucket = bucket
        self._window = window
        self._skipped = skipped
        self._pages = client().get_paginator("list_objects_v2")
        self.pruned = False

    def files(self, prefix: str) -> Iterator[LogFile]:
        """The files whose keys begin with ``prefix``; a file of just that key has any name."""
        if self._window.is_open:
            yield from self._flat(prefix, prefix)
        else:
            yield from self._walk(prefix, prefix, _MOST_LEVELS)

    def _flat(self, prefix: str, named: str) -> Iterator[LogFile]:
        for page in self._listed(prefix):
            for entry in page.get("Contents", ()):
                yield from self._file(entry, named)

    def _walk(self, prefix: str, named: str, levels: int) -> Iterator[LogFile]:
        entries: list[tuple[str, Any]] = []
        for page in self._listed(prefix, Delimiter="/"):
            entries += [(entry["Key"], entry) for entry in page.get("Contents", ())]
            entries += [(entry["Prefix"], None) for entry in page.get("CommonPrefixes", ())]
        for path, entry in sorted(entries, key=lambda item: item[0].encode()):
            if entry is not None:
                yield from self._file(entry, named)
            elif not self._window.takes_folder(path):
                self.pruned = True
            elif is_in_layout(path) and not is_day_folder(path):
                yield from self._walk(path, named, levels)
            elif levels > 0 and not is_day_folder(path):
                yield from self._walk(path, named, levels - 1)
            else:
                yield from self._flat(path, named)

    def _listed(self, prefix: str, **more: str) -> Iterator[Any]:
        try:
            yield from self._pages.paginate(Bucket=self._bucket, Prefix=prefix, **more)
        except aws_errors() as error:
            fail(error, self._bucket)

    def _file(self, entry: Any, named: str) -> Iterator[LogFile]:
        key: str = entry["Key"]
        if key.endswith("/"):
            return  # what the console makes for a folder
        kind = "" if key == named else kind_of_name(key)
        if kind:
            self._skipped(kind)
            return
        delivered = delivery_minute(key.rpartition("/")[2])
        if not self._window.takes_file(delivered):
            self.pruned = True
            return
        yield LogFile(
            source=visible(f"s3://{self._bucket}/{key}"),
            size=entry["Size"],
            delivered=delivered,
            is_remote=True,
            bucket=self._bucket,
            key=key,
        )

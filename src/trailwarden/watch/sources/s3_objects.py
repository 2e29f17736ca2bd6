"""Objects in S3: listed, and fetched within a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from trailwarden.errors import InputError
from trailwarden.text import visible
from trailwarden.trail.faults import too_large
from trailwarden.trail.layout import delivery_minute
from trailwarden.trail.s3_faults import aws_errors, input_error

_CHUNK = 1024 * 1024
_BODY_ATTEMPTS = 3  # of a whole download: boto3 does not repeat a body that breaks off

# What is wrong with one object rather than with the way to all of them.
OF_ONE_OBJECT = frozenset(
    (
        *("access-denied", "archived", "broken-download", "s3-error", "too-large", "vanished"),
        "no-such-bucket",
    )
)


class Entry(NamedTuple):
    """An object as it was listed: ``etag`` without quotation marks, ``size`` in bytes."""

    key: str
    etag: str
    size: int

    @property
    def delivered(self) -> datetime | None:
        """The minute of delivery (UTC) that CloudTrail's name tells."""
        return delivery_minute(self.key.rpartition("/")[2])


class Page(NamedTuple):
    """Part of a listing. ``folders`` are the common prefixes, ``token`` leads to the next page."""

    entries: list[Entry]
    folders: list[str]
    token: str | None


class Fetched(NamedTuple):
    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket. All methods may be called from any thread, and raise InputError."""

    client: Any
    name: str

    def page(
        self, prefix: str, *, delimiter: str = "", after: str = "", token: str | None = None
    ) -> Page:
        """One page of the objects below ``prefix``; with ``after``, of the keys behind that."""
        options: dict[str, str] = {"Bucket": self.name, "Prefix": prefix}
        options |= {"Delimiter": delimiter} if delimiter else {}
        options |= {"StartAfter": after} if after and token is None else {}
        options |= {"ContinuationToken": token} if token is not None else {}
        try:
            answer = self.client.list_objects_v2(**options)
        except aws_errors() as error:
            raise input_error(error, self.name) from None
        return Page(
            [_entry(item) for item in answer.get("Contents", ())],
            [str(item["Prefix"]) for item in answer.get("CommonPrefixes", ())],
            answer.get("NextContinuationToken"),
        )

    def pages(self, prefix: str, *, delimiter: str = "", after: str = "") -> Iterator[Page]:
        token: str | None = None
        while True:
            page = self.page(prefix, delimiter=delimiter, after=after, token=token)
            yield page
            token = page.token
            if token is None:
                return

    def folders(self, prefix: str) -> tuple[list[str], list[Entry]]:
        """The folders directly below ``prefix``, and the objects beside them."""
        folders: list[str] = []
        entries: list[Entry] = []
        for page in self.pages(prefix, delimiter="/"):
            folders += page.folders
            entries += page.entries
        return folders, entries

    def check(self) -> None:
        """Raise InputError where the bucket cannot be listed."""
        try:
            self.client.list_objects_v2(Bucket=self.name, MaxKeys=1)
        except aws_errors() as error:
            raise input_error(error, self.name) from None

    def fetch(self, key: str, *, limit: int) -> Fetched:
        """An object's content of at most ``limit`` bytes. InputError: ``too-large``, and others."""
        for attempt in range(1, _BODY_ATTEMPTS + 1):
            try:
                answer = self.client.get_object(Bucket=self.name, Key=key)
            except aws_errors() as error:
                raise input_error(error, self.name) from None
            body = answer["Body"]
            try:
                if int(answer.get("ContentLength") or 0) > limit:
                    raise too_large(limit).error()
                return Fetched(_read(body, limit), _plain(answer.get("ETag")))
            except aws_errors() as error:
                if attempt == _BODY_ATTEMPTS:
                    raise _broken_off(error) from None
            finally:
                body.close()
        raise AssertionError("the last attempt returns or raises")


def _read(body: Any, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := body.read(_CHUNK):  # the empty last one checks the length
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large(limit).error()
    return b"".join(pieces)


def _broken_off(error: Exception) -> InputError:
    return InputError(
        f"the download broke off again and again: {visible(str(error), 300)}",
        code="broken-download",
        cure="it is tried again; look at the network and at proxies on the way",
    )


def _entry(item: Any) -> Entry:
    return Entry(str(item["Key"]), _plain(item.get("ETag")), int(item.get("Size") or 0))


def _plain(etag: object) -> str:
    return str(etag or "").strip('"')


def uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"

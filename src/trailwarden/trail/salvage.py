"""Reading what is damaged: every whole record, and the place of everything else.

Where a record is broken, reading goes on at the next place that looks like the beginning of one.
One pass forward; nothing is read twice. Errors cost far more than their bytes do elsewhere, so a
file that is made of errors is given up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from trailwarden.trail.content import is_utf8
from trailwarden.trail.eventtime import instant_of
from trailwarden.trail.faults import Faults
from trailwarden.trail.packagings import LISTS, RawRecord, Unwrapper
from trailwarden.trail.values import BrokenValueError, Values, skip_space

# How records and their packagings begin. Inside a text the quotation mark would have a backslash
# before it; what follows a colon is a part of something.
_RECORD = (
    rb'\{\s*"(?:eventVersion|userIdentity|eventTime|eventSource|eventName|awsRegion|eventID'
    rb'|additionalEventData|apiVersion|eventCategory|eventType)"\s*:'
)
_PACKAGING = (
    rb'\{\s*"(?:EventId|CloudTrailEvent|Records|logStreamName|messageType|detail-type)"\s*:'
)
_BEGINNING = re.compile(
    rb"(?<!:)(?<!: )(?:" + _RECORD + rb"|" + _PACKAGING + rb")|(?<=\n)(?:\{|\d{4}-\d\d-\d\dT)"
)
_IS_RECORD = re.compile(_RECORD)
_EXPORTED = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)[ \t]+")
_STRETCH, _OVERLAP = 1024 * 1024, 1024  # bytes that are searched at once, and once more
_LEFT_BEHIND = re.compile(rb"[\]},\s]+")  # by a document that was damaged, or between documents
_LINE = re.compile(rb"(?<=\n)\{")
_CONTROL, _LONGEST_CONTROL = b'"CONTROL_MESSAGE"', 2048
_LINE_END = re.compile(rb"\n|\Z")
# So many faults are borne, and one for so many bytes: lines of another log are not given up.
MOST_FAULTS, BYTES_PER_FAULT = 100_000, 100
MOST_SEARCHED = 256 * 1024 * 1024  # bytes of a file that is read in parts


class _GivenUpError(Exception):
    pass


class More(Protocol):
    """What follows a payload that is only a part of a file."""

    @property
    def is_all(self) -> bool:
        """True when nothing follows any more."""

    def follow(self, data: bytes, at: int) -> bytes:
        """``data`` from ``at`` on, and something of what follows."""

    def lines(self, data: bytes, at: int) -> int:
        """Where the lines end that begin at ``at`` and are read already; ``at`` if none are."""

    def elements(self, data: bytes, at: int) -> tuple[int, int]:
        """Where the records of a list end that begin at ``at`` and are read already, and how many.

        ``at`` and 0 if none are.
        """


class Salvage:
    """Reads the records of a payload; what is wrong goes to ``faults``.

    Records go to ``found``, if given, instead of being collected. ``more``, if given, is asked for
    what follows the payload, which then is only a part of the file.
    """

    def __init__(
        self,
        payload: bytes,
        faults: Faults,
        found: Callable[[RawRecord], None] | None = None,
        more: More | None = None,
    ) -> None:
        self._data = payload
        self._faults = faults
        self._values = Values(payload)
        self._found: list[RawRecord] = []
        self._unwrapper = Unwrapper(found or self._found.append, self._report)
        self._at = 0  # the place of a fault that is being reported
        self._delivered: datetime | None = None
        self._damaged = False
        self._tried = 0  # as far as this, reading has gone on at the next line already
        self._more = more
        self._base = 0  # the place of the payload in the file
        self._searched = 0  # bytes in which nothing began

    def records(self, start: int = 0) -> list[RawRecord]:
        """The records from the document on that begins at ``start``, in order."""
        at = start
        try:
            while (at := self._next(at)) < len(self._data):
                base = self._base
                try:
                    at = self._line(at)
                except BrokenValueError as broken:
                    at = self._after(broken, max(0, at - (self._base - base)))
        except _GivenUpError:
            unread = f"{len(self._data) - self._at:,} bytes" if self._more is None else ""
            self._faults.add("given-up", offset=self._at, detail=unread)
        return self._found

    def _next(self, at: int) -> int:
        """Where the next document begins."""
        at = skip_space(self._data, at)
        if self._more is None:
            return at
        while True:
            at = self._move(at)
            at = skip_space(self._data, at)
            if at == len(self._data) and not self._more.is_all:
                self._passed(len(self._data))
                continue
            end = self._more.lines(self._data, at)
            if end == at:
                return at
            at = end

    def _move(self, at: int) -> int:
        """Where ``at`` is now that enough stands behind it, or all there is.

        Only between values: no other place in the payload may be in use.
        """
        more = self._more
        if more is None or more.is_all:
            return at
        data = more.follow(self._data, at)
        if data is self._data:
            return at
        self._faults.move(at, data)
        self._data, self._values = data, Values(data)
        self._base += at
        self._tried = max(0, self._tried - at)
        self._at = max(0, self._at - at)
        return 0

    def _passed(self, size: int) -> None:
        """Bytes went by in which nothing begins: of a large file only so many are searched."""
        self._searched += size
        if self._searched > MOST_SEARCHED:
            raise _GivenUpError

    def _line(self, at: int) -> int:
        """Read one document, maybe with the time that an export writes before it."""
        exported = _EXPORTED.match(self._data, at)
        if exported is None:
            return self._document(at)
        self._delivered = instant_of(exported[1].decode())
        try:
            if self._data[exported.end() : exported.end() + 1] == b"{":
                return self._document(exported.end())
            self._at = at
            self._report("not-cloudtrail", "")
            return self._find(_LINE_END, at)
        finally:
            self._delivered = None

    def _document(self, at: int) -> int:
        first = self._data[at : at + 1]
        if first == b"{":
            if not _IS_RECORD.match(self._data, at):
                return self._control_message(at) or self._object(at)
            end = self._values.end(at)
            self._take(at, end)
            return end
        if first == b"[":
            return self._list(at, "")
        left = _LEFT_BEHIND.match(self._data, at)
        if left and (self._damaged or first == b","):
            return left.end()
        raise BrokenValueError("not-json", at)

    def _control_message(self, start: int) -> int | None:
        """The end of a message by which CloudWatch Logs asks whether the destination is there."""
        if self._data.find(_CONTROL, start, start + _LONGEST_CONTROL) < 0:
            return None
        try:
            end = self._values.end(start)
            fields = json.loads(self._data[start:end])
        except (BrokenValueError, ValueError, RecursionError):
            return None
        return end if fields.get("messageType") == "CONTROL_MESSAGE" else None

    def _object(self, start: int) -> int:
        """Read an object that may be a packaging: its lists are read element by element."""
        at = skip_space(self._data, start + 1)
        is_unwrapped = False
        while not self._stands(b"}", at):
            name, at = self._name(at)
            if name in LISTS and self._stands(b"[", at):
                at = self._list(at, name)
                is_unwrapped = True
            else:
                at = self._values.end(at)
            at = skip_space(self._data, at)
            if self._stands(b",", at):
                at = skip_space(self._data, at + 1)
            elif not self._stands(b"}", at):
                raise self._broken(at)
        if not is_unwrapped:
            self._take(start, at + 1)
        return at + 1

    def _name(self, at: int) -> tuple[str, int]:
        """A member's name, and the offset of its value."""
        if not self._stands(b'"', at):
            raise self._broken(at)
        end = self._values.end(at)
        colon = skip_space(self._data, end)
        if not self._stands(b":", colon):
            raise self._broken(colon)
        name: str = json.loads(self._data[at:end].decode("latin-1"))
        return name, skip_space(self._data, colon + 1)

    def _list(self, start: int, name: str) -> int:
        """Read the elements of the list with that name, each for itself."""
        at, number = skip_space(self._data, start + 1), 0
        is_quick = name == "Records" and self._delivered is None
        while (at := self._move(at)) < len(self._data):
            at = skip_space(self._data, at)
            if self._stands(b"]", at):
                return at + 1
            if self._more is not None and is_quick and not self._damaged:
                at, count = self._more.elements(self._data, at)
                if count:
                    number += count
                    continue
            key = f"{name}[{number}]"
            try:
                at = self._element(at, name, key)
            except BrokenValueError as broken:
                at = self._after(broken, at, key)
            at = skip_space(self._data, at)
            number += 1
        return self._after(self._broken(at), at, f"{name}[{number}]")

    def _element(self, at: int, name: str, key: str) -> int:
        end = self._values.end(at)
        self._take(at, end, name, key)
        behind = skip_space(self._data, end)
        if self._stands(b",", behind):
            return behind + 1
        if behind == len(self._data) or self._stands(b"]", behind):
            return behind
        raise self._broken(behind)

    def _take(self, start: int, end: int, name: str = "", key: str = "") -> None:
        """Unwrap the value that stands there; ``name`` is that of the list it stands in."""
        document = self._data[start:end]
        self._at = start
        if not is_utf8(document):
            self._report("invalid-utf-8", key)
            document = document.decode("utf-8", "replace").encode()
        if name and not self._damaged:
            self._unwrapper.element(name, document, self._delivered, key)
        else:  # behind damage, the list may be another
            self._unwrapper.document(document, self._delivered, key)

    def _report(self, code: str, key: str) -> None:
        self._faults.add(code, key=key, offset=self._at)
        if self._faults.total > MOST_FAULTS + (self._base + self._at) // BYTES_PER_FAULT:
            raise _GivenUpError

    def _broken(self, at: int) -> BrokenValueError:
        return BrokenValueError("broken-json" if at < len(self._data) else "truncated-json", at)

    def _after(self, broken: BrokenValueError, at: int, key: str = "") -> int:
        """Note the damage to the value at ``at``; return where reading goes on."""
        if self._more is not None and not self._more.is_all:
            return self._after_in_part(broken, at, key)
        resume = max(self._resume(broken.where, at), at + 1)
        following = self._beginning(resume)
        code = broken.code
        if code == "truncated-json" and following < len(self._data):
            code = "broken-json"  # the file goes on
        # Behind damage, an end that is missing at the end of the file tells nothing new.
        if not self._damaged or broken.where < len(self._data):
            self._at = broken.where if following >= broken.where else at
            self._report(code, key)
        self._damaged = True
        return following

    def _after_in_part(self, broken: BrokenValueError, at: int, key: str) -> int:
        """As :meth:`_after`, where more follows: a value that does not end here is too large."""
        is_large = broken.code == "truncated-json"
        resume = len(self._data) if is_large else max(self._resume(broken.where, at), at + 1)
        following = self._beginning(resume)
        self._at = broken.where if following >= broken.where else at
        self._report("too-large-record" if is_large else broken.code, key)
        self._damaged = True
        while following == len(self._data) and self._more is not None and not self._more.is_all:
            self._passed(following)
            # What begins there may be cut, or told by what stands before it.
            following = self._beginning(self._move(max(0, following - _OVERLAP)))
        return following

    def _resume(self, where: int, at: int) -> int:
        """From where to look for the next beginning, after an error ``where`` in a value ``at``."""
        if at >= self._tried:
            # A line that ends too early may have swallowed whole lines behind it.
            self._tried = where
            line = _LINE.search(self._data, at + 1, where)
            if line:
                return line.start()
        # A text that does not end may have swallowed the brace before the next quotation mark.
        end = self._data.rfind(b'"', at, where)
        if end > at and not self._data[end + 1 : where].strip():
            return max(at, self._data.rfind(b'"', at, end))
        return where

    def _beginning(self, at: int) -> int:
        """Where something may begin; what cannot hold that is passed over quickly."""
        data = self._data
        while at < len(data):
            brace, line = data.find(b"{", at), data.find(b"\n", max(at - 1, 0))
            nearest = min((place for place in (brace, line) if place >= 0), default=len(data))
            at = max(at, nearest)
            found = _BEGINNING.search(data, at, at + _STRETCH + _OVERLAP)
            if found:
                return found.start()
            at += _STRETCH
        return len(data)

    def _find(self, pattern: re.Pattern[bytes], at: int) -> int:
        found = pattern.search(self._data, at)
        return found.start() if found else len(self._data)

    def _stands(self, byte: bytes, at: int) -> bool:
        return self._data[at : at + 1] == byte

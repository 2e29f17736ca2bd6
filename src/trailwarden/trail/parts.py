"""The records of a file that is too large to be in memory, whatever it holds.

A window moves over the file. In it, records are read by the ways that are there for whole files:
many at once while nothing is wrong, one by one where something is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from trailwarden.trail.faults import Fault, Faults
from trailwarden.trail.packagings import RawRecord
from trailwarden.trail.reader import is_heavy, whole_records
from trailwarden.trail.salvage import Salvage

_MIB = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
# Between two records of a list, as CloudTrail begins them, and between any objects.
_CUTS = (re.compile(rb'\}\s*+(,)(?=\s*+\{\s*+"event)'), re.compile(rb"\}\s*+(,)(?=\s*+\{)"))
_MOST_REFUSED = 16  # pieces in a row that cannot be read at once: then they are not tried any more


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: what the window holds at least (no value may be larger), pieces, blocks of lines."""

    window: int = 16 * _MIB
    piece: int = 8 * _MIB
    lines: int = 4 * _MIB


def read_parts(
    chunks: Iterator[bytes],
    found: Callable[[RawRecord], None],
    listed: Callable[[bytes], int],
    sizes: Sizes,
) -> Iterator[Fault]:
    """Hand every record of a file to ``found``, one by one; yield the faults at the end.

    ``listed`` is offered elements of a ``Records`` list, with commas between them, and says how
    many it took: all of them, or 0 if they must come one by one.
    """
    window = _Window(chunks, found, listed, sizes)
    first = window.follow(b"", 0)
    faults = Faults(first)
    if first.startswith(_BOM):
        first = first[len(_BOM) :]
        faults = Faults(first)
    Salvage(first, faults, found, window).records()
    yield from faults


class _Window:
    """What follows in the file: see :class:`~trailwarden.trail.salvage.More`."""

    def __init__(
        self,
        chunks: Iterator[bytes],
        found: Callable[[RawRecord], None],
        listed: Callable[[bytes], int],
        sizes: Sizes,
    ) -> None:
        self._chunks = chunks
        self._found = found
        self._listed = listed
        self._sizes = sizes
        self._is_all = False
        self._is_odd = False  # something is wrong with the lines
        self._refused = 0
        self._refused_to = b"", 0  # a window, and how far in it a piece was refused

    @property
    def is_all(self) -> bool:
        return self._is_all

    def follow(self, data: bytes, at: int) -> bytes:
        size = len(data) - at
        if self._is_all or size >= self._sizes.window:
            return data
        pieces = [data[at:]]
        while size < 2 * self._sizes.window:
            piece = next(self._chunks, None)
            if piece is None:
                self._is_all = True
                break
            pieces.append(piece)
            size += len(piece)
        return data if len(pieces) == 1 else b"".join(pieces)

    def lines(self, data: bytes, at: int) -> int:
        if self._is_odd or at == len(data):
            return at
        end = data.find(b"\n", at + self._sizes.lines) + 1
        if not end and self._is_all:
            end = len(data)
        block = data[at:end]
        records = None if not end or is_heavy(block) else whole_records(block)
        if records is None:
            self._is_odd = True
            return at
        for record in records:
            self._found(record)
        return end

    def elements(self, data: bytes, at: int) -> tuple[int, int]:
        window, refused_to = self._refused_to
        if self._refused == _MOST_REFUSED or (window is data and at < refused_to):
            return at, 0
        end = min(at + self._sizes.piece, len(data))
        cut = _last_cut(data, at, end)
        count = self._listed(data[at:cut]) if cut else 0
        if not count:
            self._refused += 1
            self._refused_to = data, cut or end
            return at, 0
        self._refused = 0
        return cut + 1, count


def _last_cut(data: bytes, start: int, end: int) -> int:
    """The offset of the last comma that may stand between two records; 0 if there is none."""
    if data[start : start + 1] != b"{":
        return 0
    for pattern in _CUTS:
        for size in (64 * 1024, _MIB):
            cut = 0
            for found in pattern.finditer(data, max(start, end - size), end):
                cut = found.start(1)
            if cut:
                return cut
    return 0

"""Keeping every match of a file: in its digest while they are few, else in a temporary file."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.hits import Extractor, Hits
from trailwarden.monitor.matches import MatchedRecord, matched_record
from trailwarden.trail import Principal

PIECE = 256 * 1024  # bytes of matches that are held in memory, or travel in one digest
_FRAME = struct.Struct("<I")


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """A match: its position in the digest, the numbers of its filters, and the record."""

    position: int
    filters: tuple[int, ...]
    record: MatchedRecord


class _Collected(msgspec.Struct, array_like=True):
    """The matches of a digest, in pieces of a length and so many bytes.

    They are here, or in the file ``spilled``; ``failure`` says why they are in neither.
    """

    pieces: bytes = b""
    spilled: str = ""
    failure: str = ""


class MatchHits(Hits):
    """Hits with every match beside them, in a file of ``folder`` where they are many."""

    def __init__(self, extractor: Extractor, source: str, *, folder: str) -> None:
        super().__init__(extractor, source)
        self._folder = folder
        self._of = source
        self._pieces = bytearray()
        self._file: IO[bytes] | None = None
        self._failure = ""

    def note(self, hit: Hit, principal: Principal, fields: Mapping[str, Any]) -> None:
        if self._failure:
            return
        found = matched_record(hit, principal, fields, self._of)
        piece = _ENCODER.encode(Kept(hit.position, hit.filters, found))
        self._pieces += _FRAME.pack(len(piece)) + piece
        if len(self._pieces) > PIECE:
            self._spill()

    def _spill(self) -> None:
        """Leave what there is to the file. A full disk must not cost the file its digest."""
        try:
            if self._file is None:
                self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - many pieces go into it
                    dir=self._folder, delete=False
                )
            self._file.write(self._pieces)
        except OSError as error:
            self._failure = error.strerror or str(error)
        self._pieces.clear()

    def put_into(self, digest: Digest) -> None:
        super().put_into(digest)
        collected = _Collected(bytes(self._pieces))
        if self._file is not None:
            self._spill()
            try:
                self._file.close()
            except OSError as error:
                self._failure = error.strerror or str(error)
            collected = _Collected(spilled=self._file.name)
        collected.failure = self._failure
        digest.extra = _ENCODER.encode(collected)


def matches_in(digest: Digest) -> Iterator[Kept]:
    """Every match of a digest that :class:`MatchHits` made. Raises OSError where they are lost."""
    if not digest.extra:
        return
    collected = _COLLECTED.decode(digest.extra)
    if collected.failure:
        raise OSError(0, collected.failure)
    if not collected.spilled:
        yield from _pieces_of(collected.pieces)
        return
    path = Path(collected.spilled)
    with path.open("rb") as file:
        while head := file.read(_FRAME.size):
            yield _KEPT.decode(file.read(_FRAME.unpack(head)[0]))
    path.unlink()


def _pieces_of(data: bytes) -> Iterator[Kept]:
    place = 0
    while place < len(data):
        end = place + _FRAME.size + _FRAME.unpack_from(data, place)[0]
        yield _KEPT.decode(data[place + _FRAME.size : end])
        place = end


_ENCODER = msgspec.msgpack.Encoder()
_COLLECTED = msgspec.msgpack.Decoder(_Collected)
_KEPT = msgspec.msgpack.Decoder(Kept)

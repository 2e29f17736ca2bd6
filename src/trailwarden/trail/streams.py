"""The uncompressed bytes of a large file, piece by piece: never all of them in memory.

What :func:`~trailwarden.trail.compression.unpack` does at once, in the memory of a few pieces.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import zstandard

from trailwarden.trail.compression import GZIP, MOST_LAYERS, ZSTD, ZSTD_WINDOW, reason_of
from trailwarden.trail.faults import Fault, fault, too_large

_READ = 1024 * 1024  # bytes of a stored file that are read at once
_CHUNK = 16 * 1024
_ZSTD_CHUNK = 1024  # a block of 4 bytes can become 128 KiB
_LAYER = 4  # bytes that tell how the content is compressed


class Stream:
    """Uncompressed bytes of a content that is stored as ``read`` gives it, up to ``limit`` bytes.

    ``fault`` says afterwards what was wrong with the compression, ``total`` how many bytes came.
    """

    def __init__(self, read: Callable[[int], bytes], *, limit: int) -> None:
        self._read = read
        self._limit = limit
        self.fault: Fault | None = None
        self.total = 0

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, in pieces of some size. Raises OSError of a file that cannot be read."""
        for piece in self._layers(iter(lambda: self._read(_READ), b""), 0):
            room = self._limit - self.total
            if len(piece) > room:
                self._found(too_large(self._limit))
                self.total += room
                yield piece[:room]
                return
            self.total += len(piece)
            yield piece
        if not self.total:
            self._found(fault("empty-file"))

    def _layers(self, source: Iterator[bytes], layer: int) -> Iterator[bytes]:
        first = b""
        for piece in source:
            first += piece
            if len(first) >= _LAYER:
                break
        whole = _before(first, source)
        if not first.startswith((GZIP, ZSTD)):
            yield from whole
        elif layer == MOST_LAYERS:
            self._found(fault("nested-compression"))
        else:
            unpacked = self._gunzip(whole) if first.startswith(GZIP) else self._unzstd(whole)
            yield from self._layers(unpacked, layer + 1)

    def _gunzip(self, source: Iterator[bytes]) -> Iterator[bytes]:
        """Member after member, and of a damaged one as much as there is."""
        member: zlib._Decompress | None = None
        rest = b""
        for chunk in _chunks(source, _CHUNK):
            rest += chunk
            while len(rest) >= len(GZIP) or (rest and member):
                if member is None:
                    if not rest.startswith(GZIP):
                        self._garbage(rest, source)
                        return
                    member = zlib.decompressobj(wbits=31)
                before = member.copy()
                try:
                    piece = member.decompress(rest)
                except zlib.error as error:
                    yield _before_damage(before, rest)
                    self._found(fault("corrupt-gzip", detail=reason_of(error)))
                    return
                if piece:
                    yield piece
                rest = member.unused_data
                if member.eof:
                    member = None
        if member is not None:
            self._found(fault("truncated-gzip"))
        elif rest.strip(b"\0"):
            self._found(fault("trailing-garbage"))

    def _garbage(self, rest: bytes, source: Iterator[bytes]) -> None:
        """Padding behind the data is harmless; much of it is not looked at to its end."""
        if rest.strip(b"\0") or next(source, b"").strip(b"\0"):
            self._found(fault("trailing-garbage"))

    def _unzstd(self, source: Iterator[bytes]) -> Iterator[bytes]:
        context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        frame: zstandard.ZstdDecompressionObj | None = None
        for chunk in _chunks(source, _ZSTD_CHUNK):
            rest = chunk
            while rest:
                frame = frame or context.decompressobj()
                try:
                    piece = frame.decompress(rest)
                except zstandard.ZstdError as error:
                    self._found(fault("corrupt-zstd", detail=reason_of(error)))
                    return
                if piece:
                    yield piece
                rest = frame.unused_data
                if frame.eof:
                    frame = None
        if frame is not None:
            self._found(fault("truncated-zstd"))

    def _found(self, found: Fault) -> None:
        self.fault = self.fault or found


def _before(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _chunks(source: Iterator[bytes], size: int) -> Iterator[bytes]:
    for stored in source:
        for at in range(0, len(stored), size):
            yield stored[at : at + size]


def _before_damage(member: zlib._Decompress, data: bytes) -> bytes:
    """What comes out of damaged data before the damage, byte by byte."""
    out = bytearray()
    try:
        for at in range(len(data)):
            out += member.decompress(data[at : at + 1])
    except zlib.error:
        pass
    return bytes(out)

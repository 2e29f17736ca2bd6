"""gzip, zstd or plain: the bytes of a file as text, within a limit, whatever their state."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import cast

import deflate
import zstandard

from trailwarden.trail.faults import Fault, fault, too_large

try:
    from trailwarden._speedups import find_gzip_member
except ImportError:  # installed without a C compiler

    def find_gzip_member(data: bytes, start: int) -> int:
        return data.find(_GZIP_MEMBER, start)


GZIP = b"\x1f\x8b"
_GZIP_MEMBER = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
_HEADER, _TRAILER = 10, 8  # bytes of a gzip member around its data
_HIGHEST_RATIO = 1032  # what deflate can reach
MOST_LAYERS = 3  # Firehose compresses what CloudWatch Logs has compressed already
_CHUNK = 16 * 1024
_ZSTD_CHUNK = 1024  # a block of 4 bytes can become 128 KiB
ZSTD_WINDOW = 128 * 1024 * 1024

_FOREIGN = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"Rar!\x1a\x07": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"PAR1": "Parquet",
    b"ORC": "ORC",
    b"Obj\x01": "Avro",
    b"%PDF": "PDF",
    b"SQLite format 3\x00": "SQLite",
}
_MAGICS = tuple(_FOREIGN)
_ZIP = tuple(magic for magic, name in _FOREIGN.items() if name == "zip")
_TAR_AT, _TAR = 257, b"ustar"
GIT_LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The uncompressed content; ``fault`` says what was wrong, even if something was read."""

    payload: bytes
    fault: Fault | None = None


class _TooLargeError(Exception):
    pass


def unpack(data: bytes, *, limit: int) -> Unpacked:
    """Decompress ``data`` (gzip, zstd, or plain already) to at most ``limit`` bytes.

    Never raises. A larger content is refused whole, before it takes up memory.
    """
    first: Fault | None = None
    for _ in range(MOST_LAYERS + 1):
        try:
            layer = _layer(data, limit)
        except _TooLargeError:
            return Unpacked(b"", too_large(limit))
        if layer is None:
            return _plain(data, limit, first)
        data, first = layer.payload, first or layer.fault
    return Unpacked(b"", fault("nested-compression"))


def is_zip(data: bytes) -> bool:
    """True for a zip file, by how it begins."""
    return data.startswith(_ZIP)


def is_tar(data: bytes) -> bool:
    """True for a tar file that is not compressed, by its first header."""
    return data.startswith(_TAR, _TAR_AT)


def is_foreign(head: bytes) -> bool:
    """True for the beginning of what is no log, but packed files, or another format."""
    return head.startswith((*_MAGICS, GIT_LFS)) or is_tar(head)


def _layer(data: bytes, limit: int) -> Unpacked | None:
    if data.startswith(GZIP):
        return _gunzip(data, limit)
    if data.startswith(ZSTD):
        return _unzstd(data, limit)
    return None


def _plain(data: bytes, limit: int, found: Fault | None) -> Unpacked:
    if len(data) > limit:
        return Unpacked(b"", too_large(limit))
    if not data:
        return Unpacked(b"", found or fault("empty-file"))
    if data.startswith(GIT_LFS):
        return Unpacked(b"", found or fault("git-lfs-pointer"))
    if is_foreign(data):
        name = next((name for magic, name in _FOREIGN.items() if data.startswith(magic)), "tar")
        return Unpacked(b"", found or fault("unsupported-format", detail=name))
    return Unpacked(data, found)


def _gunzip(data: bytes, limit: int) -> Unpacked:
    size = int.from_bytes(data[-4:], "little")  # of the last member, modulo 2^32
    if len(data) >= _HEADER + _TRAILER and 0 < size <= min(limit, len(data) * _HIGHEST_RATIO):
        try:
            # A bytearray; as a payload it does for bytes, and a copy would cost a twentieth.
            payload = cast("bytes", deflate.gzip_decompress(data, size))
        except (deflate.DeflateError, ValueError, MemoryError):
            pass  # several members, damaged, cut: the slow way tells
        else:
            if not _goes_on(data, len(payload)):
                return Unpacked(payload)
    return _gunzip_slowly(data, limit)


def _goes_on(data: bytes, size: int) -> bool:
    """Whether more than the member of ``size`` bytes may follow: libdeflate reads just the first.

    Where another member begins, the size of the one before it stands just in front.
    """
    trailer = size.to_bytes(4, "little")
    place = find_gzip_member(data, _HEADER)
    while place >= 0:
        if data[place - 4 : place] == trailer:
            return True
        place = find_gzip_member(data, place + 1)
    return False


def _gunzip_slowly(data: bytes, limit: int) -> Unpacked:
    """Member after member, and of a damaged one as much as there is."""
    out = bytearray()
    rest = memoryview(data)
    while rest:
        if bytes(rest[:2]) != GZIP:
            garbage = bytes(rest).strip(b"\0")  # padding is harmless
            return Unpacked(bytes(out), fault("trailing-garbage") if garbage else None)
        member = zlib.decompressobj(wbits=31)
        try:
            used = _inflate(member, rest, out, limit)
        except zlib.error as error:
            return Unpacked(bytes(out), fault("corrupt-gzip", detail=reason_of(error)))
        if not member.eof:
            return Unpacked(bytes(out), fault("truncated-gzip"))
        rest = rest[used:]
    return Unpacked(bytes(out))


def _inflate(member: zlib._Decompress, data: memoryview, out: bytearray, limit: int) -> int:
    """Decompress one member to ``out``; return how many bytes of ``data`` it took."""
    for start in range(0, len(data), _CHUNK):
        chunk: bytes | memoryview = data[start : start + _CHUNK]
        before = member.copy()
        try:
            _feed(member, chunk, out, limit)
        except zlib.error:
            # Byte by byte, what stands before the damage comes out.
            for byte in range(len(chunk)):
                _feed(before, chunk[byte : byte + 1], out, limit)
            raise
        if member.eof:
            return start + len(chunk) - len(member.unused_data)
    return len(data)


def _feed(member: zlib._Decompress, data: bytes | memoryview, out: bytearray, limit: int) -> None:
    while data:
        room = limit - len(out) + 1
        out += member.decompress(data, room)
        if len(out) > limit:
            raise _TooLargeError
        data = member.unconsumed_tail


def _unzstd(data: bytes, limit: int) -> Unpacked:
    out = bytearray()
    rest = memoryview(data)
    context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    while rest:
        frame = context.decompressobj()
        used = 0
        try:
            while used < len(rest) and not frame.eof:
                out += frame.decompress(rest[used : used + _ZSTD_CHUNK])
                if len(out) > limit:
                    raise _TooLargeError
                used += len(rest[used : used + _ZSTD_CHUNK]) - len(frame.unused_data)
        except zstandard.ZstdError as error:
            return Unpacked(bytes(out), fault("corrupt-zstd", detail=reason_of(error)))
        if not frame.eof:
            return Unpacked(bytes(out), fault("truncated-zstd"))
        rest = rest[used:]
    return Unpacked(bytes(out))


def reason_of(error: Exception) -> str:
    """What a library says is wrong with compressed data."""
    return str(error).rpartition(": ")[2][:80]

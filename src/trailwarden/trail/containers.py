"""Packed files (zip and tar), read as folders: member by member, never written to a disk.

Everything in one is bounded: how many members there are, how much they come to, how deep packed
files stand in each other. A member's name is only ever shown.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple, cast

import zstandard

from trailwarden.problems import Problem
from trailwarden.text import visible
from trailwarden.trail.beginnings import begins_like_events
from trailwarden.trail.compression import (
    GZIP,
    ZSTD,
    ZSTD_WINDOW,
    is_foreign,
    is_tar,
    is_zip,
    unpack,
)
from trailwarden.trail.content import content_kind
from trailwarden.trail.faults import Fault, fault, too_large
from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.logfile import WHOLE_LIMIT
from trailwarden.trail.reader import is_read_whole
from trailwarden.trail.streams import Stream

MOST_ENTRIES = 100_000
_MOST_LAYERS = 2  # packed files inside a packed file: somebody sent one in one
_TIMES_THE_LIMIT = 4  # what all members may come to, of what one file may
_LONGEST_NAME = 300  # characters
_LONGEST_TAR_HEADER = 1024 * 1024  # bytes: names, and what else is known of a member
_HEAD, _LOOK = 512, 8 * 1024  # bytes: of a tar file, and of a member
_ZIP_ENTRY = b"PK\x01\x02"
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, zstandard.ZstdError, OSError, EOFError),
    *(ValueError, NotImplementedError, RuntimeError, KeyError, IndexError, OverflowError),
)


class Content(NamedTuple):
    """What one log file holds, uncompressed. ``stored`` is its size, in bytes, as it was stored.

    ``kind`` names what holds no records on purpose. Members of a packed file have ``source`` s of
    their own, and bytes that are counted once, with the first of them. What is too large to be in
    memory comes as a ``stream`` instead.
    """

    source: str
    payload: bytes = b""
    stored: int = 0
    kind: str = ""
    problems: tuple[Problem, ...] = ()
    stream: Stream | None = None


class _TooMuchError(Exception):
    """The members come to more than is read."""


class _Room:
    """What may still be unpacked from one packed file, in bytes and in members."""

    def __init__(self, limit: int, large: int | None) -> None:
        self.limit = limit  # of one content
        self.large = limit if large is None else min(limit, large)  # … that is no stream
        self.whole = (
            limit if large is None else min(limit, max(large, WHOLE_LIMIT))
        )  # … or must not
        self.bytes = self.whole * _TIMES_THE_LIMIT
        self.entries = MOST_ENTRIES

    def take(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise _TooMuchError


class _Member(NamedTuple):
    """``kind`` or ``fault`` say why there is no ``data``."""

    name: str
    data: bytes = b""
    kind: str = ""
    fault: Fault | None = None


def contents(
    data: bytes, source: str, *, limit: int, large: int | None = None
) -> Iterator[Content]:
    """What a file holds that is stored as ``data``: one content, or one for each packed member.

    ``limit`` bounds, in bytes, what one content may come to; one of more than ``large`` is given as
    a stream, if that is said. Never raises for what is in the file.
    """
    yield from _contents(data, source, _Room(limit, large), 0)


def _contents(data: bytes, source: str, room: _Room, layer: int) -> Iterator[Content]:
    unpacked = unpack(data, limit=room.large)
    found = unpacked.fault
    # What is packed is no plain text, so nothing came out; damage may have been found first.
    kind = _container(data) if found is not None and not unpacked.payload else ""
    if kind:
        if layer == _MOST_LAYERS:
            yield Content(source, stored=len(data), problems=(_problem("nested-archive", source),))
        else:
            yield from _packed(data, kind, source, room, layer)
        return
    if found is not None and found.code == "too-large" and room.large < room.limit:
        stream = _streamed(data, room)
        if stream is not None:
            yield Content(source, stored=len(data), stream=stream)
            return
        unpacked = unpack(data, limit=room.whole)
        found = unpacked.fault
    problems = () if found is None else (found.problem(source),)
    payload = unpacked.payload
    yield Content(source, payload, len(data), content_kind(payload), problems)


def _streamed(data: bytes, room: _Room) -> Stream | None:
    """A large content as a stream; None for one that must be in memory to be read."""
    head = next(iter(Stream(io.BytesIO(data).read, limit=room.limit)), b"")
    return None if is_read_whole(head) else Stream(io.BytesIO(data).read, limit=room.limit)


def file_content(file: IO[bytes], source: str, size: int, *, limit: int) -> Content | None:
    """The content of a large file on a disk, as a stream; None if it must be in memory."""
    head = next(iter(Stream(file.read, limit=limit)), b"")
    file.seek(0)
    if is_read_whole(head) or is_foreign(head):
        return None
    return Content(source, stored=size, stream=Stream(file.read, limit=limit))


def _packed(data: bytes, kind: str, source: str, room: _Room, layer: int) -> Iterator[Content]:
    stored = len(data)
    problem = None
    try:
        for member in _zipped(data, room) if kind == "zip" else _tarred(data, room):
            for content in _of_member(member, source, room, layer):
                room.take(len(content.payload))
                yield content._replace(stored=stored)
                stored = 0
    except _TooMuchError:
        problem = _too_much(source, room)
    except _BROKEN as error:
        problem = _problem("broken-archive", source, type(error).__name__)
    if problem is not None:
        yield Content(source, stored=stored, problems=(problem,))
    elif stored:
        yield Content(source, stored=stored, kind="empty")


def _of_member(member: _Member, source: str, room: _Room, layer: int) -> Iterator[Content]:
    path = f"{source}/{visible(member.name, _LONGEST_NAME)}"
    if member.kind:
        yield Content(path, kind=member.kind)
    elif member.fault is not None:
        yield Content(path, problems=(member.fault.problem(path),))
    else:
        yield from _contents(member.data, path, room, layer + 1)


def _container(data: bytes) -> str:
    """``zip`` or ``tar`` where that is what could not be read as a log; ``""`` else."""
    if is_zip(data):
        return "zip"
    try:
        return "tar" if is_tar(_stream(data).read(_HEAD)) else ""
    except _BROKEN:
        return ""


def _zipped(data: bytes, room: _Room) -> Iterator[_Member]:
    # The directory is read at once, whatever its size.
    if data.count(_ZIP_ENTRY) > room.entries:
        raise _TooMuchError
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            room.entries -= 1
            if entry.is_dir():
                continue
            kind = kind_of_name(entry.filename)
            if kind not in ("", "other"):
                yield _Member(entry.filename, kind=kind)
            elif entry.flag_bits & 1:
                yield _Member(entry.filename, fault=fault("encrypted-archive"))
            elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                other = fault("unsupported-format", detail="another compression than deflate")
                yield _Member(entry.filename, fault=other)
            else:
                yield from _members(archive, entry, room, kind)


def _members(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: _Room, kind: str
) -> Iterator[_Member]:
    """The one member; a damaged one costs no other."""
    try:
        with archive.open(entry) as stream:
            yield _read(entry.filename, stream, room, kind)
    except _BROKEN as error:
        broken = fault("broken-archive", detail=type(error).__name__)
        yield _Member(entry.filename, fault=broken)


def _tarred(data: bytes, room: _Room) -> Iterator[_Member]:
    stream = cast("IO[bytes]", _Counted(_stream(data), room))
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive:
        while (entry := archive.next()) is not None:
            cast("Any", archive).members.clear()  # which would grow with every member
            room.entries -= 1
            if room.entries < 0:
                raise _TooMuchError
            kind = kind_of_name(entry.name)
            if not entry.isreg() or entry.issparse():
                if not entry.isdir():
                    yield _Member(entry.name, kind=kind or "special")
            elif kind not in ("", "other"):
                yield _Member(entry.name, kind=kind)
            elif (content := archive.extractfile(entry)) is not None:
                yield _read(entry.name, content, room, kind)


def _read(name: str, stream: IO[bytes], room: _Room, kind: str) -> _Member:
    """The member; of one with a name of another ``kind`` the beginning decides."""
    content = b""
    if kind:
        content = stream.read(_LOOK)
        if not begins_like_events(content, name):
            return _Member(name, kind=kind)
    content += stream.read(room.whole + 1 - len(content))
    if len(content) > room.whole:
        return _Member(name, fault=too_large(room.whole))
    return _Member(name, content)


def _stream(data: bytes) -> IO[bytes]:
    """The uncompressed bytes, as they are asked for."""
    stored = io.BytesIO(data)
    if data.startswith(GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stored))
    if data.startswith(ZSTD):
        context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        return cast("IO[bytes]", context.stream_reader(stored, read_across_frames=True))
    return stored


class _Counted:
    """A stream that ends a run over more than there is room for."""

    def __init__(self, stream: IO[bytes], room: _Room) -> None:
        self._stream = stream
        self._room = room

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._room.take(len(data))
        return data


class _Header(tarfile.TarInfo):
    """A member's header. Long names stand in blocks of their own, which are read at once."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if not self.isreg() and not self.isdir() and self.size > _LONGEST_TAR_HEADER:
            raise tarfile.ReadError("a header is too long")
        # The way of the standard library to read each kind of header.
        return super()._proc_member(archive)  # type: ignore[misc,no-any-return]


def _problem(code: str, source: str, detail: str = "") -> Problem:
    return fault(code, detail=detail).problem(source)


def _too_much(source: str, room: _Room) -> Problem:
    detail = f"{MOST_ENTRIES:,} files, {room.whole * _TIMES_THE_LIMIT:,} bytes"
    return _problem("too-many-entries", source, detail)

"""Archives: what a person names on the command line, as log files."""

from __future__ import annotations

import atexit
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from trailwarden.errors import InputError, Location, UsageError
from trailwarden.problems import Problem
from trailwarden.text import visible
from trailwarden.trail.faults import fault, too_large
from trailwarden.trail.folders import FolderWalk, local_file, unreadable
from trailwarden.trail.kinds import unread_format
from trailwarden.trail.layout import Window
from trailwarden.trail.logfile import DEFAULT_LIMIT, LARGE, WHOLE_LIMIT, LogFile, no_log_files
from trailwarden.trail.pseudo import is_made_up, open_regular, special_file

STDIN = "<stdin>"
_S3 = "s3://"
_CHUNK = 1024 * 1024
_POINTER = 1024  # bytes; a file so small may be a pointer of Git LFS

Problems = Callable[[Problem], None]
Skipped = Callable[[str], None]


def check_archive(archive: str) -> None:
    """Raise UsageError for an archive that cannot be meant: a path to nothing, no bucket's name.

    Cheap, and without a network: for naming every mistake before any work begins.
    """
    if archive == "-":
        return
    if archive.startswith(_S3):
        from trailwarden.trail import s3  # noqa: PLC0415 - boto3 may not be installed

        s3.check(archive)
        return
    try:
        if not archive:
            raise ValueError("its name is empty")
        Path(archive).stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"there is no archive here: {reason}",
            location=Location(visible(archive, 500)) if archive else None,
            cure="name a folder or file that exists, s3://BUCKET/PREFIX, or - for standard input",
        ) from None


def list_archive(
    archive: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    problems: Problems,
    skipped: Skipped,
    limit: int = DEFAULT_LIMIT,
) -> Iterator[LogFile]:
    """The log files of a folder, a file, ``s3://BUCKET/PREFIX`` or ``-``, in a fixed order.

    ``since`` and ``until`` leave out days that cannot hold records of that interval, where
    CloudTrail's layout or names tell the day. ``skipped`` is told the kind of every file left out
    for what it is. ``limit`` bounds, in bytes, what is taken from a pipe. Raises UsageError for
    what :func:`check_archive` finds; whatever else goes wrong is told to ``problems``.
    """
    check_archive(archive)
    window = Window.of(since, until)
    if archive == "-":
        yield from _pipe(sys.stdin.buffer, STDIN, limit, problems)
    elif archive.startswith(_S3):
        from trailwarden.trail import s3_listing  # noqa: PLC0415 - boto3 may not be installed

        yield from s3_listing.list_bucket(archive, window, problems, skipped)
    elif Path(archive).is_dir():
        yield from _folder(archive, window, problems, skipped)
    else:
        yield from _file(archive, limit, problems)


def _folder(
    archive: str, window: Window, problems: Problems, skipped: Skipped
) -> Iterator[LogFile]:
    complaints = 0

    def complain(problem: Problem) -> None:
        nonlocal complaints
        complaints += 1
        problems(problem)

    walk = FolderWalk(window, complain, skipped)
    found = False
    for file in walk.files(archive.rstrip("/") or "/"):
        found = True
        yield file
    if not (found or walk.pruned or complaints):
        problems(no_log_files(visible(archive)))


def _file(path: str, limit: int, problems: Problems) -> Iterator[LogFile]:
    """A file that was named itself is read whatever its name is."""
    try:
        about = Path(path).stat()
        if is_made_up(about) and stat.S_ISREG(about.st_mode):
            problems(special_file(path))
            return
        if stat.S_ISREG(about.st_mode):
            yield local_file(path, about.st_size)
            return
        with Path(path).open("rb") as stream:
            yield from _pipe(stream, visible(path), limit, problems)
    except OSError as error:
        problems(unreadable(path, error))


def _pipe(stream: IO[bytes], source: str, limit: int, problems: Problems) -> Iterator[LogFile]:
    """What can be read only once, and only in this process, is read at once."""
    content = bytearray()
    while chunk := stream.read(_CHUNK):
        content += chunk
        if len(content) > limit:
            problems(too_large(limit).problem(source))
            return
        if len(content) > LARGE:
            yield from _spooled(stream, source, bytes(content), limit, problems)
            return
    yield LogFile(source=source, size=len(content), content=bytes(content))


def _spooled(
    stream: IO[bytes], source: str, begun: bytes, limit: int, problems: Problems
) -> Iterator[LogFile]:
    """What is too large for the memory rests in a temporary file until the run is over."""
    try:
        with tempfile.NamedTemporaryFile(prefix="trailwarden-", delete=False) as file:
            atexit.register(Path(file.name).unlink, missing_ok=True)
            size = file.write(begun)
            while chunk := stream.read(_CHUNK):
                size += file.write(chunk)
                if size > limit:
                    problems(too_large(limit).problem(source))
                    return
    except OSError as error:
        problem = unreadable(tempfile.gettempdir(), error, "folder")
        problems(replace(problem, cure="make room there, or set TMPDIR to a folder with room"))
        return
    yield LogFile(source=source, size=size, path=file.name)


def open_log_file(file: LogFile, *, limit: int | None = None) -> bytes:
    """The content as stored, maybe compressed. Safe to call from several threads.

    Raises InputError, whose ``code`` says why the file cannot be read; ``too-large`` where it is
    stored in more than ``limit`` bytes.
    """
    if file.content is not None:
        return file.content
    if limit is not None:
        limit = min(limit, WHOLE_LIMIT)
        if file.size > limit:
            raise too_large(limit).error()
    unread = unread_format(file.key or file.path)
    if unread and file.size > _POINTER:
        raise fault("unsupported-format", detail=unread).error()  # as its content would say
    if file.is_remote:
        from trailwarden.trail import s3  # noqa: PLC0415 - boto3 may not be installed

        return s3.fetch(file.bucket, file.key)
    try:
        return _content(file.path, file.size, limit)
    except OSError as error:
        problem = unreadable(file.path, error)
        raise InputError(problem.message, code=problem.code, cure=problem.cure) from None


def open_large_file(file: LogFile) -> IO[bytes] | None:
    """The stored bytes of a large file on a disk; None of a file that is to be read at once.

    Raises InputError, as :func:`open_log_file`.
    """
    if file.size <= LARGE or not file.path or unread_format(file.path):
        return None
    try:
        return os.fdopen(open_regular(file.path), "rb")
    except OSError as error:
        problem = unreadable(file.path, error)
        raise InputError(problem.message, code=problem.code, cure=problem.cure) from None


def _content(path: str, size: int, limit: int | None) -> bytes:
    """A file's content, without the layers of a Python file: archives are mostly tiny files."""
    handle = open_regular(path)
    try:
        content = os.read(handle, size + 1)
        if len(content) == size:
            return content  # as it was listed
        pieces, total = [content], len(content)
        while piece := os.read(handle, _CHUNK):
            pieces.append(piece)
            total += len(piece)
            if limit is not None and total > limit:
                raise too_large(limit).error()
        return b"".join(pieces)
    finally:
        os.close(handle)

"""A state that cannot be used is told from a disk that is full for now.

What the watch reads back of its own has a checksum beside it: SQLite finds damage to the structure
of its file, and not to the values in it.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from trailwarden.errors import Location, UsageError

_Value_co = TypeVar("_Value_co", covariant=True)
# What may mend itself: a full disk, a slow one, another process that looks at the file.
_PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    )
)


class StateError(UsageError):
    """The state database cannot be used, now or ever."""


class _Decoder(Protocol[_Value_co]):
    def decode(self, data: bytes, /) -> _Value_co: ...


def unusable(path: Path, why: str) -> StateError:
    """The error of a state at ``path``."""
    return StateError(
        f"the state cannot be used: {why}",
        location=Location(str(path)),
        cure="put it aside (what was taken will be read again), or use another --home",
    )


def damaged(path: Path, what: str) -> StateError:
    """The error of a state that holds what no watch has written."""
    return unusable(path, f"it is damaged ({what})")


def seal(value: bytes) -> int:
    """The checksum that stands beside a value."""
    return zlib.crc32(value)


def decoded(
    path: Path, what: str, value: object, checksum: object, by: _Decoder[_Value_co]
) -> _Value_co:
    """``value`` as ``by`` reads it. Raises StateError where it is not what was written."""
    whole = bytes_of(path, what, value, checksum)
    try:
        return by.decode(whole)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        raise damaged(path, f"{what} cannot be read") from None


def bytes_of(path: Path, what: str, value: object, checksum: object) -> bytes:
    """``value`` itself. Raises StateError where it is not what was written."""
    if not isinstance(value, bytes) or seal(value) != checksum:
        raise damaged(path, f"{what} is not as it was written")
    return value


def is_passing(error: sqlite3.Error) -> bool:
    """Whether it is worth to try again."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own: a text of odd bytes, or a wrong use of ours
        return "UTF-8" not in str(error)
    return code & 0xFF in _PASSING


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Errors of SQLite that no patience mends become StateError; the others stay as they are."""
    try:
        yield
    except sqlite3.Error as error:
        if is_passing(error):
            raise
        raise damaged(path, str(error)) from None


@contextmanager
def storage_told(path: Path) -> Iterator[None]:
    """All errors of SQLite become StateError: for what is done before anything can wait."""
    try:
        with damage_told(path):
            yield
    except sqlite3.Error as error:
        raise unusable(path, str(error)) from None
    except UnicodeDecodeError:  # SQLite's words about a damaged schema hold the damage
        raise damaged(path, "its tables cannot be read") from None

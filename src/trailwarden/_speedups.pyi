"""Compiled from ``src/speedups`` where a C compiler was at hand when Trailwarden was installed."""

from typing import final

Span = tuple[int, int, int]  # a record's position in the file, start, and the place behind its end

def find_gzip_member(data: bytes, start: int) -> int:
    """The first place from ``start`` on where a gzip member may begin, or -1."""

def keep_freed_memory(block: int, rest: int) -> None:
    """Let the C library keep up to ``rest`` bytes of freed memory, and blocks of up to ``block``.

    Does nothing where the C library cannot be told.
    """

@final
class WideKeySet:
    """A set of 128-bit keys; where the first half is 0, there is none.

    ``seed`` randomises hashing.
    """

    def __new__(cls, seed: int) -> WideKeySet: ...
    def __len__(self) -> int: ...
    def add(self, keys: bytes) -> list[int]:
        """Add keys, two unsigned 64-bit numbers each; returns the positions of those not new."""

    def keys(self) -> bytes:
        """All keys, in no order."""

@final
class RecordSkimmer:
    """Reads chosen fields of the records in a file of JSON: ``{"<array>": [{...}, ...]}``.

    ``id`` and ``time`` are the paths of a record's id and time, ``paths`` (sorted, all different)
    those of its columns: what may make it worth a closer look. ``seed`` randomises hashing.
    ``parts`` are the columns that belong to a record's key, ``secret`` the numbers it is made with.
    """

    def __new__(
        cls,
        array: str,
        id: tuple[str, ...],  # noqa: A002
        time: tuple[str, ...],
        paths: tuple[tuple[str, ...], ...],
        seed: int,
        parts: tuple[int, ...],
        secret: bytes,
    ) -> RecordSkimmer: ...
    def leave_unwatched(self, column: int) -> None:
        """Say that no value in ``column`` is of interest."""

    def bore(self, column: int, value: bytes) -> None:
        """Learn that ``value`` (UTF-8) in ``column`` is of no interest."""

    def bore_nothing(self, column: int, absent: bool, null: bool) -> None:
        """Say whether an absent or a null value in ``column`` is of no interest."""

    def skim(
        self, payload: bytes
    ) -> (
        tuple[
            bytes,  # per record: its key, two unsigned 64-bit integers, 0 for none
            bytes,  # per record: its time, seconds since the epoch, -1 where it has none
            bytes,  # per record: the minute of that time, -1 for none, a signed 32-bit integer
            list[tuple[int, int]] | None,  # minute and records in it; None: very many minutes
            int,  # the earliest and the latest time
            int,
            list[Span],  # records whose key or time others find out: key 0 or time -1
            list[Span],  # records with a value in some column that is not known to be boring
            bool,  # whether all text is ASCII: else it is still to be checked for valid UTF-8
        ]
        | None
    ):
        """Skim one file (bytes or a bytearray). None where it is no valid JSON of that shape."""

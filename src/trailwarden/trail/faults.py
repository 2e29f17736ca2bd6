"""What can be wrong inside a log file, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trailwarden.errors import InputError
from trailwarden.problems import Problem

# code → (message, cure). The codes are part of the reports: they stay as they are.
_TEXTS = {
    "empty-file": (
        "the file is empty",
        "fetch it again: CloudTrail never delivers an empty file",
    ),
    "too-large": (
        "the file is larger than what is read of one",
        "raise --max-file-size if that says so and its origin is trusted, or split it",
    ),
    "truncated-gzip": (
        "the gzip data ends too early; what could be read was read",
        "fetch the file again: its end is missing",
    ),
    "corrupt-gzip": (
        "the gzip data is damaged; what could be read before the damage was read",
        "fetch the file again",
    ),
    "trailing-garbage": (
        "something that is no gzip data follows the gzip data and was left out",
        "fetch the file again, or cut off what does not belong to it",
    ),
    "truncated-zstd": (
        "the zstd data ends too early; what could be read was read",
        "fetch the file again: its end is missing",
    ),
    "corrupt-zstd": (
        "the zstd data is damaged; what could be read before the damage was read",
        "fetch the file again",
    ),
    "unsupported-format": (
        "the file is in a format that is not read",
        "unpack or convert it first: JSON is read, plain or compressed with gzip or zstd, also in "
        "zip and tar files",
    ),
    "git-lfs-pointer": (
        "this is a pointer of Git LFS, not the file itself",
        "fetch what it stands for with git lfs pull",
    ),
    "broken-archive": (
        "the packed file is damaged; what could be read before the damage was read",
        "fetch the file again, or unpack it yourself and name the folder",
    ),
    "encrypted-archive": (
        "a file is packed under a password and was left out",
        "unpack it yourself and name the folder",
    ),
    "too-many-entries": (
        "the packed file holds more than is read from one, and the rest was left out",
        "unpack it yourself and name the folder",
    ),
    "nested-archive": (
        "packed files stand inside each other more often than is read",
        "unpack them yourself and name the folder",
    ),
    "nested-compression": (
        "the file is compressed too many times over",
        "decompress it first",
    ),
    "utf-16": (
        "the file claims to be UTF-16 and is not",
        "write it again as UTF-8",
    ),
    "invalid-utf-8": (
        "a record holds bytes that are not UTF-8; it counts with U+FFFD in their place",
        "find what rewrote the file: CloudTrail writes UTF-8",
    ),
    "not-json": (
        "something that is not JSON stands here",
        "remove it if it does not belong to the log; JSON, JSON lines and exports of "
        "CloudWatch Logs are read",
    ),
    "broken-json": (
        "a record is broken JSON and was left out",
        "fetch the file again, or mend the record at this place",
    ),
    "truncated-json": (
        "the JSON ends in the middle; the whole records before that were read",
        "fetch the file again: its end is missing",
    ),
    "too-many-records": (
        "the file holds more records, or more that match, than are read from one, and the rest "
        "was left out",
        "split the file",
    ),
    "too-deep": (
        "a record is nested too deeply and was left out",
        "look at it by hand: CloudTrail writes no such record",
    ),
    "too-large-record": (
        "a JSON value is too large for a record and was left out",
        "look at it by hand: CloudTrail writes no record of more than 1 MB",
    ),
    "given-up": (
        "too much of the file is broken, and the rest was left unread",
        "fetch the file again, or leave it out: this is hardly a log",
    ),
    "not-an-object": (
        "something else stands where a record should be",
        "find what wrote the file: every record is a JSON object",
    ),
    "not-cloudtrail": (
        "this JSON is no CloudTrail record and holds none",
        "leave the file out, or check whether the archive is the right one",
    ),
    "partial-rows": (
        "these are some fields of events, not the events themselves, and they were left out",
        "ask for the whole event: @message in Logs Insights, eventJson in CloudTrail Lake, _raw in "
        "Splunk, event.original in Elastic (preserve_original_event), all columns in Athena",
    ),
    "missing-columns": (
        "the table lacks columns that filters ask for: events may match more than was found",
        "query all columns of the table of CloudTrail",
    ),
    "odd-columns": (
        "a column that should hold JSON holds something else, so that filters cannot look into it",
        "query Athena's table for CloudTrail, or eventJson in CloudTrail Lake",
    ),
    "broken-row": (
        "a row of the table is broken and was left out",
        "export the table again: it has another number of cells than its first line",
    ),
    "event-history-csv": (
        "the CSV of CloudTrail's event history lacks most fields of the events",
        "download the event history as JSON, or use aws cloudtrail lookup-events --output json",
    ),
    "no-records": (
        "something else stands where the list of records should be",
        "find what wrote the file: CloudTrail writes a list there",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong inside a file, before the file has a name.

    ``line`` and ``column`` count from 1, in the uncompressed file; ``key`` is the path to the
    record (``Records[17]``). ``count`` says how many like it were folded into this one.
    """

    code: str
    message: str
    cure: str
    line: int | None = None
    column: int | None = None
    key: str | None = None
    count: int = 1

    def error(self) -> InputError:
        """The error it is where it ends the reading of a file."""
        return InputError(self.message, code=self.code, cure=self.cure)

    def problem(self, source: str) -> Problem:
        """The problem it is once the file is known."""
        return Problem(
            source=source,
            code=self.code,
            message=self.message,
            cure=self.cure,
            line=self.line,
            column=self.column,
            key=self.key,
            count=self.count,
        )


# What becomes of a format that is not read, by its name.
_CONVERTING = {
    "Parquet": "write its events as JSON lines first, as with duckdb -c \"COPY (FROM 'IN.parquet') "
    "TO 'OUT.jsonl'\"",
    "ORC": "write its events as JSON lines first, with the engine that wrote the file",
    "Avro": "write its events as JSON lines first, as with avro-tools tojson",
    "SQLite": "export the table with the events as JSON lines first",
}


def fault(code: str, *, detail: str = "") -> Fault:
    """The fault with this code; ``detail`` is appended to its message."""
    message, cure = _TEXTS[code]
    cure = _CONVERTING.get(detail, cure)
    return Fault(code, f"{message} ({detail})" if detail else message, cure)


def too_large(limit: int) -> Fault:
    """The fault of a file that holds more than ``limit`` bytes."""
    return fault("too-large", detail=f"{limit:,} bytes")


class Faults:
    """Collects the faults of one file: one of each code, with the place of the first."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._found: dict[str, Fault] = {}
        self._lines = self._columns = 0  # before the payload
        self.total = 0

    def add(self, code: str, *, key: str = "", offset: int | None = None, detail: str = "") -> None:
        """Note a fault at a byte ``offset`` of the payload; ``detail`` is that of the first."""
        self.total += 1
        known = self._found.get(code)
        if known is not None:
            self._found[code] = replace(known, count=known.count + 1)
            return
        new = replace(fault(code, detail=detail), key=key or None)
        if offset is not None:
            line, column = position(self._payload, offset)
            column += self._columns if line == 1 else 0
            new = replace(new, line=self._lines + line, column=column)
        self._found[code] = new

    def move(self, at: int, payload: bytes) -> None:
        """From now on offsets are those in ``payload``, which begins ``at`` in the one before."""
        line, column = position(self._payload, at)
        self._columns = column - 1 + (self._columns if line == 1 else 0)
        self._lines += line - 1
        self._payload = payload

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found.values())


def position(payload: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte offset, both from 1; columns are characters."""
    start = payload.rfind(b"\n", 0, offset) + 1
    before = payload[start:offset]
    characters = len(before if before.isascii() else before.decode("utf-8", "replace"))
    return payload.count(b"\n", 0, offset) + 1, characters + 1

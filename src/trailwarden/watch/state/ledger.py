"""What the watch writes down and reads back: its side of the state database."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from threading import Lock

import msgspec

from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.live import LiveMemory
from trailwarden.monitor.outcome import Transition
from trailwarden.problems import Problem
from trailwarden.times import epoch_seconds, format_instant
from trailwarden.watch.portion import Portion
from trailwarden.watch.state.damage import bytes_of, damage_told, damaged, decoded, seal
from trailwarden.watch.state.database import Database
from trailwarden.watch.state.outbox import announcement_of

_LIVE, _SINCE, _STACK, _SECRET = "live", "since", "stack", "secret"
MOST_HELD = 10_000  # digests whose time has not come
_EXAMPLE = 500  # characters of a problem that are kept


class Ledger:
    """Reads and writes the tables of ``database``.

    The methods that write are to be called inside :meth:`Database.transaction`, in one thread.
    """

    def __init__(self, database: Database) -> None:
        self._connection = database.connection
        self._path = database.path

    # --- small things that stay ----------------------------------------------------------
    def live_memory(self) -> LiveMemory:
        value = self._meta(_LIVE)
        if value is None:
            return LiveMemory()
        return decoded(self._path, "the alarms' memory", value, seal(value), _live_decoder)

    def keep_live_memory(self, memory: LiveMemory) -> None:
        self._keep_meta(_LIVE, _encoder.encode(memory))

    def since(self) -> datetime | None:
        """From when on records count, as the first run of this state chose it."""
        value = self._meta(_SINCE)
        if value is None:
            return None
        try:
            since = datetime.fromisoformat(value.decode())
            epoch_seconds(since)
        except (ValueError, TypeError):
            raise damaged(self._path, "the time of the first records cannot be read") from None
        return since

    def keep_since(self, since: datetime) -> None:
        self._keep_meta(_SINCE, since.isoformat().encode())

    def secret(self) -> bytes | None:
        """What the keys in the kept digests were made with."""
        return self._meta(_SECRET)

    def keep_secret(self, secret: bytes) -> None:
        self._keep_meta(_SECRET, secret)

    def filters(self) -> bytes | None:
        """Which metric filters the kept digests speak of: a fingerprint."""
        return self._meta(_STACK)

    def keep_filters(self, fingerprint: bytes) -> None:
        self._keep_meta(_STACK, fingerprint)

    def _meta(self, name: str) -> bytes | None:
        row = self._connection.execute(
            "SELECT value, seal FROM meta WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else bytes_of(self._path, f"what it holds as {name!r}", *row)

    def _keep_meta(self, name: str, value: bytes) -> None:
        row = (name, value, seal(value))
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", row)

    # --- portions ------------------------------------------------------------------------
    def is_taken(self, portion: Portion) -> bool:
        return _is_taken(self._connection, portion.source, portion.key, portion.version)

    def take(self, portion: Portion, at: datetime) -> None:
        """Note that a portion was taken, and how far its source has come with it."""
        self._connection.execute(
            "INSERT OR IGNORE INTO taken VALUES (?, ?, ?, ?)",
            (portion.source, portion.key, portion.version, at.timestamp()),
        )
        if portion.cursor is not None:
            self._connection.execute(
                "INSERT OR REPLACE INTO cursors VALUES (?, ?)", (portion.source, portion.cursor)
            )

    def forget_taken(self) -> None:
        """Let everything be offered again: records that were taken still count once."""
        self._connection.execute("DELETE FROM taken")
        self._connection.execute("DELETE FROM cursors")

    def keep_digest(self, digest: Digest, duplicates: Iterable[int], newest: int) -> None:
        """Keep a digest; ``newest`` is the newest minute that one of its records speaks of."""
        packed, left_out = _packer.encode(digest), array("Q", duplicates).tobytes()
        self._connection.execute(
            "INSERT INTO digests (newest, digest, duplicates, seal) VALUES (?, ?, ?, ?)",
            (newest, packed, left_out, seal(packed + left_out)),
        )

    def digests(self) -> Iterator[tuple[Digest, list[int]]]:
        """The kept digests with the positions of their duplicates, in the order they came."""
        for _, digest, duplicates in self._numbered():
            yield digest, duplicates

    def numbered_digests(self) -> Iterator[tuple[int, Digest]]:
        """The kept digests with their numbers."""
        for number, digest, _ in self._numbered():
            yield number, digest

    def _numbered(self) -> Iterator[tuple[int, Digest, list[int]]]:
        rows = self._connection.execute(
            "SELECT number, digest, duplicates, seal FROM digests ORDER BY number"
        )
        for number, packed, left_out, checksum in rows:
            what = "what was kept of a log file"
            if seal(packed + left_out) != checksum:
                raise damaged(self._path, f"{what} is not as it was written")
            digest = decoded(self._path, what, packed, seal(packed), _digest_decoder)
            yield number, digest, list(array("Q", left_out))

    def change_digest(self, number: int, digest: Digest) -> None:
        """Replace a kept digest."""
        packed = _packer.encode(digest)
        (left_out,) = self._connection.execute(
            "SELECT duplicates FROM digests WHERE number = ?", (number,)
        ).fetchone()
        row = (packed, seal(packed + left_out), number)
        self._connection.execute("UPDATE digests SET digest = ?, seal = ? WHERE number = ?", row)

    def newest_minute(self) -> int | None:
        """The newest minute that a record of the kept digests speaks of."""
        (newest,) = self._connection.execute("SELECT max(newest) FROM digests").fetchone()
        return newest if newest is not None and newest >= 0 else None

    def hold(self, portion: str, digest: Digest, due: int) -> bool:
        """Keep a digest until the minute ``due``; False where too many are kept already."""
        (count,) = self._connection.execute("SELECT count(*) FROM ahead").fetchone()
        if count >= MOST_HELD:
            return False
        packed = _packer.encode(digest)
        self._connection.execute(
            "INSERT INTO ahead (due, portion, digest, seal) VALUES (?, ?, ?, ?)",
            (due, portion, packed, seal(packed)),
        )
        return True

    def first_held(self) -> int | None:
        """The first minute that a digest is kept for."""
        (due,) = self._connection.execute("SELECT min(due) FROM ahead").fetchone()
        return None if due is None else int(due)

    def held(self, before: float) -> list[tuple[int, str, Digest]]:
        """Digests kept for minutes before this one, with their numbers and portions."""
        rows = self._connection.execute(
            "SELECT number, portion, digest, seal FROM ahead WHERE due < ? ORDER BY number",
            (before,),
        )
        what = "what was kept for later"
        return [
            (number, portion, decoded(self._path, what, packed, checksum, _digest_decoder))
            for number, portion, packed, checksum in rows
        ]

    def let_go(self, number: int) -> None:
        """A digest that was kept need not be any longer."""
        self._connection.execute("DELETE FROM ahead WHERE number = ?", (number,))

    def forget_digests(self, before: int) -> None:
        """Drop digests all of whose records are older than the minute ``before``."""
        self._connection.execute("DELETE FROM digests WHERE newest < ?", (before,))

    # --- what was found ------------------------------------------------------------------
    def add_matches(self, matches: Mapping[tuple[str, str], int]) -> None:
        """Add to how often principals matched filters."""
        self._connection.executemany(
            "INSERT INTO principals VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " matches = matches + excluded.matches",
            [(name, _text(principal), n) for (name, principal), n in matches.items()],
        )

    def matches_of(self, filter_name: str, principal: str) -> int:
        """How often ``principal`` has matched the filter."""
        row = self._connection.execute(
            "SELECT matches FROM principals WHERE filter = ? AND principal = ?",
            (filter_name, _text(principal)),
        ).fetchone()
        return int(row[0]) if row else 0

    def add_transition(self, alarm: str, change: Transition, decided: datetime) -> None:
        """Write down a decided change of state."""
        at = format_instant(change.time)
        row = (alarm, at, change.from_state, change.to_state, format_instant(decided))
        self._connection.execute(
            "INSERT OR IGNORE INTO transitions"
            " (alarm, at, from_state, to_state, decided, transition) VALUES (?, ?, ?, ?, ?, ?)",
            (*row, _encoder.encode(change)),
        )

    def announce(self, announcement: Announcement) -> bool:
        """Keep what is to be told; False where it has been told or is on its way already."""
        text = _encoder.encode(announcement)
        done = self._connection.execute(
            "INSERT OR IGNORE INTO announcements VALUES (?, ?, ?, ?, ?)",
            (
                announcement.id,
                announcement.alarm,
                announcement.decided.timestamp(),
                text,
                seal(text),
            ),
        )
        return done.rowcount == 1

    def announcement(self, identity: str) -> Announcement | None:
        """What was told with the id ``identity``."""
        row = self._connection.execute(
            "SELECT announcement, seal FROM announcements WHERE id = ?", (identity,)
        ).fetchone()
        return None if row is None else announcement_of(self._path, *row)

    def add_problem(self, problem: Problem, at: datetime) -> None:
        """Count a problem under its source and code."""
        example = _text(f"{problem.location}: {problem.message}")[:_EXAMPLE]
        self._connection.execute(
            "INSERT INTO problems VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " count = count + excluded.count, last = excluded.last, example = excluded.example",
            (_text(problem.source), problem.code, problem.count, at.timestamp(), example),
        )


class SharedMemory:
    """What sources ask, from their own threads: see :class:`~trailwarden.watch.portion.Memory`."""

    def __init__(self, database: Database) -> None:
        self._connection = database.another()
        self._path = database.path
        self._lock = Lock()

    def is_taken(self, source: str, key: str, version: str) -> bool:
        with self._lock, damage_told(self._path):
            return _is_taken(self._connection, source, key, version)

    def cursor(self, source: str) -> str | None:
        with self._lock, damage_told(self._path):
            row = self._connection.execute(
                "SELECT cursor FROM cursors WHERE source = ?", (source,)
            ).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _is_taken(connection: sqlite3.Connection, source: str, key: str, version: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM taken WHERE source = ? AND key = ? AND version = ?", (source, key, version)
    ).fetchone()
    return row is not None


def _text(text: str) -> str:
    """Text that SQLite takes: no lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode()


_encoder = msgspec.json.Encoder()
_packer = msgspec.msgpack.Encoder()
_digest_decoder = msgspec.msgpack.Decoder(Digest)
_live_decoder = msgspec.json.Decoder(LiveMemory)

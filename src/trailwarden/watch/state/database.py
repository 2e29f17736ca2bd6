"""The state of a continuous run: one SQLite database, one transaction for what goes together.

After a death at any instant it holds the work up to some portion, whole: what was taken, what
follows from it, and what is still to be told.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from trailwarden.errors import Location, UsageError
from trailwarden.watch.state.damage import damage_told, damaged, storage_told, unusable
from trailwarden.watch.state.schema import TABLES, VERSION

FILE_NAME = "state.sqlite3"
_APPLICATION_ID = 0x54524C57  # "TRLW": tells our databases from others
_BUSY = 10.0  # seconds to wait for another connection of this process


class Database:
    """The file ``home/state.sqlite3``; ``home`` is made if missing, readable by its owner only.

    One process at a time may use it: a second one gets UsageError, as does a database that is
    damaged, newer than this program, or no database at all. A context manager.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / FILE_NAME
        self._lock: int | None = None
        try:
            _make_private(home)
            self._lock = _locked(home / "lock")
            # Before any connection: closing a file lets go of all locks of this process on it,
            # those of SQLite too, and another process would then take the journal away.
            handle = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
            os.fchmod(handle, 0o600)  # SQLite gives its journal the same
            os.close(handle)
            with storage_told(self.path):
                self.connection = _connected(self.path)
        except OSError as error:
            self._let_go()
            raise unusable(self.path, error.strerror or str(error)) from None
        except UsageError:
            self._let_go()
            raise
        try:
            with storage_told(self.path):
                self._prepare()
        except UsageError:
            self.close()
            raise

    def _prepare(self) -> None:
        connection = self.connection
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (kind,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not tables:
            # One statement list in one transaction: a death in between leaves an empty database.
            connection.executescript(
                f"BEGIN IMMEDIATE;{TABLES};PRAGMA user_version = {VERSION};"
                f"PRAGMA application_id = {_APPLICATION_ID};COMMIT;"
            )
        elif kind != _APPLICATION_ID:
            raise unusable(self.path, "this is a database of another program")
        elif version != VERSION:
            raise UsageError(
                f"the state has version {version}, this program reads version {VERSION}",
                location=Location(str(self.path)),
                cure="use the program that wrote it, or another --home",
            )
        if _tables_of(connection) != _tables_wanted():
            raise damaged(self.path, "a table is missing, or another one than was made")
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise damaged(self.path, found)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what happens inside.

        sqlite3.Error where it cannot be stored for now, StateError where the state is damaged.
        """
        with damage_told(self.path), transaction_of(self.connection):
            yield self.connection

    def another(self) -> sqlite3.Connection:
        """Another connection to the same database, for use in another thread."""
        with storage_told(self.path):
            return _connected(self.path)

    @property
    def size(self) -> int:
        """Bytes of the database and its journal on disk."""
        files = (self.path, self.path.with_name(FILE_NAME + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        self.connection.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def transaction_of(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what happens inside on this connection."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # what was the matter first is what counts
                connection.execute("ROLLBACK")
        raise


def _tables_of(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    return {row for row in rows if row[3] is not None}


def _tables_wanted() -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        return _tables_of(connection)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    # A commit reaches the disk before a source is told that its portion is safe.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _make_private(home: Path) -> None:
    """Make the folder, and see that it is its owner's only where it is nothing but a home."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = home.stat()
    is_shared = about.st_mode & 0o077 and not about.st_mode & stat.S_ISVTX
    names = {entry.name for entry in home.iterdir()} if is_shared else set()
    if is_shared and about.st_uid == os.geteuid() and (not names or FILE_NAME in names):
        home.chmod(0o700)


def _locked(path: Path) -> int:
    """Hold the home for this process. The kernel lets go of it when the process dies."""
    import fcntl  # noqa: PLC0415 - POSIX

    lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise UsageError(
            "another watch is using this home",
            location=Location(str(path.parent)),
            cure="stop it, or give this one a --home of its own",
        ) from None
    return lock

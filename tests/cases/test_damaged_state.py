"""A damaged state is refused by name: no traceback, and no channel that falls silent."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.records import log_file, record
from tests.watch.parts import Listed, Quiet, Recording, portion, watched
from trailwarden.cli.failures import run
from trailwarden.cli.root import trailwarden
from trailwarden.errors import DeliveryError, TrailwardenError, UsageError
from trailwarden.watch import Database, Waiting
from trailwarden.watch.delivery import Delivery

_FILE = "state.sqlite3"
_STOP = record("StopLogging", 5, number=1)
_DAMAGED = r"the state cannot be used: it is damaged \("


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with digests, states, and a message that still waits."""
    home = tmp_path_factory.mktemp("used")
    files = [portion([record(minute=n, number=10 + n, user=f"user{n}")], f"f{n}") for n in range(4)]
    waits = Recording(failures=[DeliveryError("down", retryable=True)] * 9, pauses=3600.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trailwarden.watch.run._FLUSH", 0.2)
        watched(home, Listed(*files, portion([_STOP], "stop")), postman=waits)
    return home


@pytest.fixture
def home(used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("trailwarden.watch.run._FLUSH", 0.05)
    shutil.copytree(used, tmp_path / "home")
    return tmp_path / "home"


def change(home: Path, *statements: str) -> None:
    connection = sqlite3.connect(home / _FILE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = x'00ff' WHERE name = 'live'",
        "UPDATE meta SET value = CAST(replace(CAST(value AS TEXT), '\"decided\":', '\"decided\":9')"
        " AS BLOB) WHERE name = 'live'",
        "UPDATE meta SET value = x'5b5d' WHERE name = 'stack'",
        "UPDATE digests SET digest = substr(digest, 1, length(digest) - 1)",
        "UPDATE digests SET duplicates = x'01'",
        "UPDATE announcements SET announcement = x'7b7d'",
        "DELETE FROM announcements",
        "UPDATE outbox SET created = 1e300",
        "DROP TABLE outbox",
        "DROP TABLE deliveries",
        "DROP INDEX digests_by_age",
        "ALTER TABLE taken ADD COLUMN more TEXT",
    ],
)
def test_each_damage_is_refused_by_name(home: Path, statement: str) -> None:
    change(home, statement)
    with pytest.raises(UsageError, match=_DAMAGED) as found:
        watched(home, Listed())
    assert "put it aside" in found.value.cure


def test_every_flipped_bit_of_what_is_read_back_is_noticed(home: Path) -> None:
    columns = {"meta": "value", "digests": "digest", "announcements": "announcement"}
    change(home, "DELETE FROM announcements WHERE id NOT IN (SELECT announcement FROM outbox)")
    random = Random(14)
    for table, column in columns.items():
        connection = sqlite3.connect(home / _FILE)
        ((key, value),) = connection.execute(f"SELECT seal, {column} FROM {table} LIMIT 1")
        for _ in range(8):
            damaged = bytearray(value)
            damaged[random.randrange(len(value))] ^= 1 << random.randrange(8)
            update = f"UPDATE {table} SET {column} = ? WHERE seal = ?"
            with connection:
                connection.execute(update, (bytes(damaged), key))
            with pytest.raises(UsageError, match=_DAMAGED):
                watched(home, Listed())
            with connection:
                connection.execute(update, (value, key))
        connection.close()
    watched(home, Listed())


@pytest.mark.parametrize("seed", range(60))
def test_no_flipped_bits_are_a_traceback(home: Path, seed: int) -> None:
    """Either the state is refused, or it is used: what SQLite cannot see may be a count."""
    random = Random(seed)
    path = home / _FILE
    content = bytearray(path.read_bytes())
    for _ in range(1 + seed % 40):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)
    try:
        watched(home, Listed(portion([record("StopLogging", 7, number=99)], "later")))
    except UsageError as error:
        said = error.message
    else:
        said = "the state is used"
    assert said.startswith("the state ")


def test_the_command_says_it_with_exit_status_2(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(home, "UPDATE meta SET value = x'00ff' WHERE name = 'live'")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(log_file([_STOP]))
    arguments = ["watch", str(tmp_path / "in"), "--once", "--home", str(home)]
    monkeypatch.setattr("sys.argv", ["trailwarden", *arguments])
    assert run(trailwarden) == 2
    said = capsys.readouterr().err
    assert "the state cannot be used: it is damaged" in said
    assert "cure: put it aside" in said


def test_damage_that_comes_while_a_watch_runs_ends_it_with_a_message(tmp_path: Path) -> None:
    """A channel whose thread cannot go on does not fall silent."""
    home = tmp_path / "home"

    class Damaging(Recording):
        def send(self, group: Sequence[Waiting]) -> None:
            change(home, "UPDATE announcements SET announcement = x'00'")
            raise DeliveryError("down", retryable=True)

    with pytest.raises(UsageError, match=_DAMAGED):
        watched(home, Listed(portion([_STOP], "stop"), stays=True), postman=Damaging())


def test_a_channel_with_a_bug_ends_the_watch_with_a_message(tmp_path: Path) -> None:
    class Broken(Recording):
        def ready(self, waiting: Sequence[Waiting], now: object) -> None:  # type: ignore[override]
            raise KeyError("no such thing")

    with pytest.raises(TrailwardenError, match="channel people ended with KeyError"):
        watched(tmp_path, Listed(portion([_STOP], "stop")), postman=Broken())


class TestAFullDiskAfterASend:
    def test_the_message_is_sent_once_and_noted_when_there_is_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusals = iter(range(5))
        original = Delivery._write_down
        postman = Recording()

        def full(self: Delivery) -> None:
            if self._unnoted is not None and next(refusals, None) is not None:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            original(self)

        monkeypatch.setattr(Delivery, "_write_down", full)
        monkeypatch.setattr("trailwarden.watch.delivery._STORAGE_PAUSE", 0.01)
        _, _, observer = watched(tmp_path, Listed(portion([_STOP], "stop")), postman=postman)
        assert postman.attempts == 1
        assert [one.transition.to_state for one in postman.sent] == ["ALARM"]
        assert observer.of("storage") == [("database or disk is full",)] * 5 + [(None,)]
        with Database(tmp_path) as database:
            assert database.connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)

    def test_the_pauses_grow(self, tmp_path: Path) -> None:
        class Full(Delivery):
            def _write_down(self) -> None:
                raise sqlite3.OperationalError("database or disk is full")

        with Database(tmp_path) as database:
            delivery = Full(Recording(), database, Quiet())
            pauses = [delivery._stored_round() for _ in range(9)]
        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]

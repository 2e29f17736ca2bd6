"""The watch as a whole, with simple sources and postmen."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.records import START, alarm, metric_filter, record, stack
from tests.watch.parts import STACK, Listed, Recording, portion, watched
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.live import Live
from trailwarden.problems import Problem
from trailwarden.watch import Database, Destination, Watch
from trailwarden.watch.desk import Desk
from trailwarden.watch.portion import Portion, Trouble

STOP = record("StopLogging", 5, number=1)


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "state.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_alarm_goes_from_a_file_to_its_channel(tmp_path: Path) -> None:
    source = Listed(portion([record(minute=0), STOP], "a"))
    watch, postman, observer = watched(tmp_path, source)
    assert [(a.kind, a.alarm, a.transition.to_state) for a in postman.sent] == [
        ("transition", "stopped", "ALARM")
    ]
    assert postman.sent[0].transition.events[0].event_name == "StopLogging"
    assert watch.summary.portions == 1
    assert watch.summary.records == 2
    decided = [(name, t.to_state) for name, t in observer.of("changed")]
    assert decided == [("stopped", "OK"), ("stopped", "ALARM"), ("stopped", "OK")]
    assert rows(tmp_path, "SELECT to_state FROM transitions ORDER BY number") == [
        ("OK",),
        ("ALARM",),
        ("OK",),
    ]
    assert rows(tmp_path, "SELECT channel, result FROM deliveries") == [("people", "delivered")]


def test_a_second_run_takes_and_tells_nothing_again(tmp_path: Path) -> None:
    source = Listed(portion([STOP], "a"))
    watched(tmp_path, source)
    watch, postman, _ = watched(tmp_path, source)
    assert postman.sent == []
    assert watch.summary.portions == 0


def test_a_record_that_comes_again_in_another_file_counts_once(tmp_path: Path) -> None:
    watched(tmp_path, Listed(portion([STOP], "a")))
    watch, postman, _ = watched(tmp_path, Listed(portion([STOP], "b")))
    assert watch.summary.duplicates == 1
    assert watch.summary.records == 0
    assert postman.sent == []


def test_a_portion_is_acknowledged_once_it_is_safe(tmp_path: Path) -> None:
    seen: list[int] = []

    def acknowledge() -> None:
        seen.append(rows(tmp_path, "SELECT count(*) FROM taken")[0][0])

    watched(tmp_path, Listed(portion([STOP], "a", acknowledge=acknowledge)))
    assert seen == [1]


def test_failed_attempts_are_repeated_until_the_channel_has_it(tmp_path: Path) -> None:
    busy = DeliveryError("busy", retryable=True)
    postman = Recording(failures=[busy, busy])
    _, postman, observer = watched(tmp_path, Listed(portion([STOP], "a")), postman=postman)
    assert postman.attempts == 3
    assert len(postman.sent) == 1
    assert len(observer.of("undelivered")) == 2


def test_a_final_refusal_is_written_down_and_said(tmp_path: Path) -> None:
    postman = Recording(failures=[DeliveryError("no such topic", retryable=False)])
    _, postman, observer = watched(tmp_path, Listed(portion([STOP], "a")), postman=postman)
    assert (postman.attempts, postman.sent) == (1, [])
    assert rows(tmp_path, "SELECT result, detail FROM deliveries") == [("failed", "no such topic")]
    assert observer.of("undelivered")[0][3] is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_could_not_be_delivered_is_delivered_by_the_next_run(tmp_path: Path) -> None:
    class Away(Recording):
        def send(self, group: Any) -> None:
            raise SystemExit  # the process dies here: nothing is written down

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trailwarden.watch.run._FLUSH", 0.1)
        watch, *_ = watched(tmp_path, Listed(portion([STOP], "a")), postman=Away())
    assert watch.summary.undelivered == 1
    _, postman, _ = watched(tmp_path, Listed())
    assert [a.transition.to_state for a in postman.sent] == ["ALARM"]


def test_a_file_that_is_no_log_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = Portion("list", "bad", "1", "bad.json", b"{ not json")
    watch, postman, _ = watched(tmp_path, Listed(bad, portion([STOP], "a")))
    assert len(postman.sent) == 1
    assert watch.summary.problems >= 1
    assert rows(tmp_path, "SELECT source FROM problems") == [("bad.json",)]


def test_a_failing_source_holds_time_up(tmp_path: Path) -> None:
    trouble = Trouble("list", Problem("s3://b", "access-denied", "no", "ask"))
    source = Listed(portion([record(minute=0), STOP], "a"), trouble)
    _, postman, observer = watched(tmp_path, source)
    assert len(postman.sent) == 1  # early: nothing that comes can undo it
    assert observer.of("changed") == []  # but nothing is final
    assert observer.of("trouble") == [(trouble,)]


def test_changed_filters_keep_what_is_still_theirs(tmp_path: Path) -> None:
    held = Listed(portion([record(minute=0), STOP], "a"), at=START)  # nothing decided yet
    watched(tmp_path, held)
    other = stack(
        [metric_filter("{ $.eventName = X }", name="x", metric="X"), *STACK.metric_filters],
        [*STACK.alarms, alarm("second", "Stops", alarm_actions=("arn:t",))],
    )
    _, postman, observer = watched(tmp_path, Listed(), of=other)
    assert ("stopped", "ALARM") in [(n, t.to_state) for n, t in observer.of("changed")]
    assert [a.alarm for a in postman.sent] == ["second"]  # the first was told before


class TestDatabase:
    def test_only_one_watch_uses_a_home(self, tmp_path: Path) -> None:
        with Database(tmp_path), pytest.raises(UsageError, match="another watch"):
            Database(tmp_path)
        Database(tmp_path).close()

    def test_a_damaged_database_is_named(self, tmp_path: Path) -> None:
        watched(tmp_path, Listed(portion([STOP], "a")))
        file = tmp_path / "state.sqlite3"
        content = bytearray(file.read_bytes())
        content[100:4000] = b"\xff" * 3900
        file.write_bytes(content)
        with pytest.raises(UsageError, match="cannot be used") as error:
            Database(tmp_path)
        assert str(file) in str(error.value)

    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "state.sqlite3").write_bytes(b"hello" * 1000)
        with pytest.raises(UsageError, match="cannot be used"):
            Database(tmp_path)

    def test_a_newer_database_is_left_alone(self, tmp_path: Path) -> None:
        Database(tmp_path).close()
        connection = sqlite3.connect(tmp_path / "state.sqlite3")
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        with pytest.raises(UsageError, match="version 99"):
            Database(tmp_path)

    def test_another_programs_database_is_left_alone(self, tmp_path: Path) -> None:
        connection = sqlite3.connect(tmp_path / "state.sqlite3")
        connection.execute("CREATE TABLE t (x)")
        connection.close()
        with pytest.raises(UsageError, match="another program"):
            Database(tmp_path)


def test_a_full_disk_is_said_and_outlived(tmp_path: Path) -> None:
    original = Database.transaction

    refusals = iter([False, False, True, True])  # the first two transactions are those of the start

    def full(self: Database) -> Any:
        if next(refusals, False):
            raise sqlite3.OperationalError("database or disk is full")
        return original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", full)
        patch.setattr("trailwarden.watch.run._PAUSE", 0.01)
        _, postman, observer = watched(tmp_path, Listed(portion([STOP], "a")))
    assert [a.transition.to_state for a in postman.sent] == ["ALARM"]
    assert observer.of("storage") == [
        ("database or disk is full",),
        ("database or disk is full",),
        (None,),
    ]


def test_a_week_later_the_memory_of_digests_is_gone(tmp_path: Path) -> None:
    later = portion([record(minute=6 * 24 * 60)], "b")
    watched(tmp_path, Listed(portion([STOP], "a"), later, at=START + timedelta(days=7)))
    assert rows(tmp_path, "SELECT count(*) FROM digests") == [(1,)]
    assert rows(tmp_path, "SELECT matches FROM principals") == [(1,)]


def test_another_process_may_look_at_the_state_while_it_is_used(tmp_path: Path) -> None:
    look = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM taken')"
    with Database(tmp_path) as database:
        other = database.another()
        for number in range(3):
            with database.transaction() as connection:
                connection.execute(f"INSERT INTO taken VALUES ('s', '{number}', '1', 0)")
            # SQLite takes the journal away when the last one leaves: this is not the last one.
            subprocess.run([sys.executable, "-c", look, str(database.path)], check=True)
        assert database.path.with_name("state.sqlite3-wal").exists()
        assert other.execute("SELECT count(*) FROM taken").fetchone() == (3,)
        other.close()
    assert rows(tmp_path, "SELECT count(*) FROM taken") == [(3,)]


def test_the_end_of_a_muted_alarm_is_muted_too(tmp_path: Path) -> None:
    def quiet(announcement: Announcement, now: datetime) -> list[Destination]:
        del now
        is_by_somebody = bool(announcement.transition.principals)
        return [Destination("arn:t", "people", "known" if is_by_somebody else None)]

    _, postman, _ = watched(tmp_path, Listed(portion([record(minute=0), STOP], "a")), route=quiet)
    assert postman.sent == []
    assert rows(tmp_path, "SELECT result, detail FROM deliveries ORDER BY detail") == [
        ("muted", "its alarm was muted"),
        ("muted", "known"),
    ]


def test_a_lasting_alarm_is_told_again_where_that_is_wanted(tmp_path: Path) -> None:
    lasting = stack(
        [metric_filter(name="stops")],
        [alarm(treat_missing_data="ignore", alarm_actions=("arn:t",))],
    )
    wanted = {"repeats": {"people": 3600.0}, "of": lasting}
    watched(tmp_path, Listed(portion([STOP], "a")), **wanted)
    soon = datetime.now(UTC) + timedelta(hours=2, minutes=30)
    later = {"at": START + timedelta(hours=3), "clock": lambda: soon, **wanted}
    at = later.pop("at")
    _, postman, _ = watched(tmp_path, Listed(at=at), **later)
    assert [(a.kind, a.transition.to_state) for a in postman.sent] == [("repeat", "ALARM")]
    assert postman.sent[0].transition.principals
    _, postman, _ = watched(tmp_path, Listed(at=at + timedelta(minutes=1)), **later)
    assert postman.sent == []  # until the next hour


def test_a_portion_that_we_cannot_work_on_is_left_out_and_the_rest_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Live.observe

    def fails(self: Live, digest: Digest, *arguments: Any, **named: Any) -> Any:
        if digest.source == "bad.json":
            raise ZeroDivisionError
        return original(self, digest, *arguments, **named)

    monkeypatch.setattr(Live, "observe", fails)
    portions = [portion([record(minute=n, number=n + 5)], n_name) for n, n_name in PLACES]
    watch, postman, observer = watched(tmp_path, Listed(*portions, portion([STOP], "z")))
    assert len(postman.sent) == 1
    assert (watch.summary.portions, watch.summary.problems) == (3, 1)
    assert [trouble.problem.code for (trouble,) in observer.of("trouble")] == ["unexpected"]
    assert rows(tmp_path, "SELECT count(*) FROM taken") == [(4,)]


PLACES = [(0, "a"), (1, "bad"), (2, "c")]


@pytest.mark.parametrize("moment", [None, "yesterday"])
def test_a_match_without_a_time_is_no_late_match(tmp_path: Path, moment: str | None) -> None:
    watched(tmp_path, Listed(portion([record(minute=0)], "a")))
    timeless = {**record("StopLogging", 1, number=9), "eventTime": moment}
    watch, postman, _ = watched(tmp_path, Listed(portion([timeless], "b")))
    assert [a.kind for a in postman.sent] == []
    assert watch.summary.problems == 1


def test_what_the_database_never_took_is_not_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged: list[bool] = []
    watches: list[Watch] = []
    original = Watch.__init__

    def noted(self: Watch, *arguments: Any, **named: Any) -> None:
        watches.append(self)
        original(self, *arguments, **named)

    def fails(self: Database) -> Any:
        watches[0].stop()
        raise sqlite3.OperationalError("database or disk is full")

    def bug(self: Desk, *_: Any, **__: Any) -> Any:
        monkeypatch.setattr(Database, "transaction", fails)
        raise ZeroDivisionError

    monkeypatch.setattr(Watch, "__init__", noted)
    monkeypatch.setattr(Desk, "take", bug)
    stopped = portion([STOP], "a", acknowledge=lambda: acknowledged.append(True))
    _, _, observer = watched(tmp_path, Listed(stopped))
    assert acknowledged == []
    assert observer.of("drained") == []
    assert rows(tmp_path, "SELECT count(*) FROM taken") == [(0,)]

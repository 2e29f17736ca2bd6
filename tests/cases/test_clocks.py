"""A machine's clock that is behind, ahead, or jumps: no record is lost, and alarms go on."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.records import START, alarm, metric_filter, record, stack
from tests.watch.parts import STACK, Listed, Recording, portion, watched
from trailwarden.monitor.settling import settling_minutes
from trailwarden.times import epoch_seconds
from trailwarden.watch import Database
from trailwarden.watch.watermark import Horizon, Watermark

MINUTE = epoch_seconds(START) // 60
DAYS = 3650


def told(postman: Recording) -> list[tuple[str, str, str]]:
    return [
        (
            one.kind,
            one.transition.to_state,
            "/".join(p.principal.partition(" ")[0] for p in one.transition.principals),
        )
        for one in postman.sent
    ]


def run(home: Path, source: Listed, now: datetime, **options: Any) -> Recording:
    return watched(home, source, clock=lambda: now, **options)[1]


def decided(home: Path) -> int:
    connection = sqlite3.connect(home / "state.sqlite3")
    (value,) = connection.execute("SELECT value FROM meta WHERE name = 'live'").fetchone()
    connection.close()
    return int(json.loads(value)["decided"])


class TestBehind:
    STOP = record("StopLogging", 5, user="mallory", number=1)

    def test_records_count_once_the_clock_has_passed_them(self, tmp_path: Path) -> None:
        source = Listed(portion([self.STOP], "a"), at=START + timedelta(minutes=40))
        behind = run(tmp_path, source, START - timedelta(days=DAYS))
        assert told(behind) == []
        right = run(tmp_path, source, START + timedelta(minutes=40))
        assert told(right) == [("transition", "ALARM", "user/mallory")]
        again = run(tmp_path, source, START + timedelta(minutes=41))
        assert told(again) == []

    def test_it_is_a_problem_until_then_and_no_longer(self, tmp_path: Path) -> None:
        source = Listed(portion([self.STOP], "a"))
        watch, _, observer = watched(tmp_path, source, clock=lambda: START - timedelta(days=DAYS))
        ((taken, _),) = observer.of("taken")
        assert [problem.code for problem in taken.problems] == ["future-records"]
        assert "count when their time has come" in taken.problems[0].message
        assert watch.summary.problems == 1
        watch, _, _ = watched(tmp_path, source, clock=lambda: START + timedelta(hours=1))
        assert watch.summary.problems == 0

    def test_what_is_of_the_present_counts_now_and_only_the_rest_waits(
        self, tmp_path: Path
    ) -> None:
        early = record("StopLogging", 0, user="early", number=2)
        far = record("StopLogging", 60 * 24 * 365, user="far", number=3)
        later_one = record("StopLogging", 60, user="mallory", number=4)
        source = Listed(portion([early, later_one, far], "a"), at=START + timedelta(hours=3))
        first = run(tmp_path, source, START - timedelta(minutes=118))
        assert told(first) == [("transition", "ALARM", "user/early")]
        # One of the far future holds up nobody, and is not told before its time.
        later = run(tmp_path, source, START + timedelta(hours=3))
        assert "user/mallory" in str(told(later))
        assert "user/far" not in str(told(later))
        last = run(tmp_path, source, START + timedelta(days=365, hours=1))
        assert ("transition", "ALARM", "user/far") in told(last)

    def test_a_copy_that_comes_meanwhile_counts_once(self, tmp_path: Path) -> None:
        behind, right = START - timedelta(days=1), START + timedelta(minutes=30)
        run(tmp_path, Listed(portion([self.STOP], "a")), behind)
        source = Listed(portion([self.STOP], "b"), at=right)
        watch, postman, _ = watched(tmp_path, source, clock=lambda: right)
        assert told(postman) == [("transition", "ALARM", "user/mallory")]
        assert postman.sent[0].transition.event_count == 1
        assert watch.summary.duplicates == 1

    def test_what_waits_follows_the_filters_of_another_template(self, tmp_path: Path) -> None:
        run(tmp_path, Listed(portion([self.STOP], "a")), START - timedelta(days=1))
        more = metric_filter("{ $.eventName = Other }", name="others", metric="Others")
        changed = stack([more, *STACK.metric_filters], list(STACK.alarms))
        right = START + timedelta(hours=1)
        postman = run(tmp_path, Listed(at=right), right, of=changed)
        assert told(postman) == [("transition", "ALARM", "user/mallory")]

    def test_they_are_bounded_in_number(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("trailwarden.watch.state.ledger.MOST_HELD", 1)
        files = [portion([record("StopLogging", 5, number=n)], f"f{n}") for n in range(3)]
        clock = START - timedelta(days=1)
        _, _, observer = watched(tmp_path, Listed(*files), clock=lambda: clock)
        said = [taken.problems[0].message for taken, _ in observer.of("taken")]
        assert [("left out" in one) for one in said] == [False, True, True]


class TestAhead:
    @pytest.mark.parametrize("days", [1, DAYS])
    def test_alarms_go_on_after_a_jump_ahead_and_back(self, tmp_path: Path, days: int) -> None:
        quiet = portion([record(minute=0, number=1)], "a")
        ahead = START + timedelta(days=days)
        run(tmp_path, Listed(quiet, at=ahead), ahead)
        assert decided(tmp_path) <= MINUTE + 1 + settling_minutes(STACK)
        right = START + timedelta(hours=1)
        stop = portion([record("StopLogging", 58, number=2)], "b")
        postman = run(tmp_path, Listed(quiet, stop, at=right), right)
        assert told(postman) == [("transition", "ALARM", "user/alice")]

    def test_alarms_that_went_off_end_without_more_records(self, tmp_path: Path) -> None:
        """Nothing is missed by waiting: all that follows from what is known is decided."""
        stop = portion([record("StopLogging", 0, number=1)], "a")
        late = START + timedelta(days=3)
        _, _, observer = watched(tmp_path, Listed(stop, at=late), clock=lambda: late)
        assert [change.to_state for _, change in observer.of("changed")][-2:] == ["ALARM", "OK"]

    def test_the_command_forgives_a_first_run_in_the_future(self, tmp_path: Path) -> None:
        from trailwarden.cli.watch_run import _first_since
        from trailwarden.settings import Settings
        from trailwarden.watch.state import Ledger

        with Database(tmp_path) as database:
            ledger, source = Ledger(database), portion([], "a")
            with database.transaction():
                ledger.keep_since(datetime.fromisoformat("2996-01-01T00:00:00+00:00"))
                ledger.take(source, START)
            assert _first_since(database, Settings())[0].year < 2996
            assert not ledger.is_taken(source)


class TestHorizon:
    def test_it_follows_the_newest_record_and_the_time_that_runs(self) -> None:
        seconds = [100.0]
        horizon = Horizon(10, lambda: seconds[0])
        assert horizon.minute is None
        now = START + timedelta(days=1)
        horizon.seen(MINUTE, now)
        assert horizon.minute == MINUTE + 10
        seconds[0] += 300
        assert horizon.minute == MINUTE + 15
        horizon.seen(MINUTE + 3, now)
        assert horizon.minute == MINUTE + 15
        horizon.seen(MINUTE + 60, now)
        assert horizon.minute == MINUTE + 70

    def test_no_record_is_later_than_now(self) -> None:
        horizon = Horizon(0, lambda: 0.0)
        horizon.seen(MINUTE + 119, START)
        assert horizon.minute == MINUTE

    def test_the_longest_look_back_and_the_suppressors_count(self) -> None:
        day = alarm("day", period=86_400, evaluation_periods=2)
        assert settling_minutes(stack([metric_filter()], [day])) >= 3 * 24 * 60
        assert settling_minutes(STACK) < 30


def test_the_watermark_does_not_believe_a_clock_that_was_ahead() -> None:
    mark = Watermark(["a"], 900.0)
    mark.drained("a", START + timedelta(days=9))
    assert mark.minute(START + timedelta(days=9)) == MINUTE + 9 * 24 * 60 - 15
    assert mark.minute(START) == MINUTE - 15
    mark.drained("a", START + timedelta(minutes=5))
    assert mark.minute(START + timedelta(minutes=6)) == MINUTE - 10

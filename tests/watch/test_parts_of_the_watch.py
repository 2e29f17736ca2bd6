"""The watermark, the door for portions, and the delivery of messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from tests.records import START, alarm, record, stack
from tests.watch.parts import STACK, Listed, Quiet, Recording, people, portion, watched
from trailwarden.alarms import State
from trailwarden.errors import DeliveryError
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.live import topics_of
from trailwarden.monitor.outcome import Transition
from trailwarden.times import epoch_seconds
from trailwarden.watch import Database
from trailwarden.watch.delivery import Delivery
from trailwarden.watch.intake import MOST_PORTIONS, Intake
from trailwarden.watch.portion import Portion, Stopped
from trailwarden.watch.state import Ledger, Outbox
from trailwarden.watch.state import outbox as outbox_module
from trailwarden.watch.watermark import MOST_PATIENCE, Watermark

MINUTE = epoch_seconds(START) // 60


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def eventually(done: Callable[[], Any], seconds: float = 10.0) -> None:
    end = monotonic() + seconds
    while not done():
        assert monotonic() < end
        sleep(0.005)


class TestWatermark:
    def test_nothing_is_decided_before_all_sources_were_read_to_their_end(self) -> None:
        mark = Watermark(["a", "b"], 900.0)
        mark.drained("a", START)
        assert mark.minute(START) is None
        mark.drained("b", START + minutes(1))
        assert mark.minute(START) == MINUTE - 15

    def test_it_goes_with_the_slowest_source(self) -> None:
        mark = Watermark(["a", "b"], 0.0)
        mark.drained("a", START + minutes(30))
        mark.drained("b", START + minutes(5))
        assert mark.minute(START + minutes(31)) == MINUTE + 5

    def test_it_goes_back_with_a_clock_that_was_ahead(self) -> None:
        """What was decided stays so; but what comes after a jump ahead and back is not late."""
        mark = Watermark(["a"], 0.0)
        mark.drained("a", START + minutes(30))
        assert mark.minute(START + minutes(30)) == MINUTE + 30
        mark.drained("a", START - minutes(600))
        assert mark.minute(START - minutes(600)) == MINUTE - 600

    def test_a_failing_source_is_waited_for_an_hour(self) -> None:
        mark = Watermark(["a"], 0.0)
        mark.drained("a", START)
        mark.failing("a", START + minutes(1))
        assert mark.minute(START + minutes(50)) == MINUTE
        late = START + minutes(2) + MOST_PATIENCE
        assert mark.minute(late) == epoch_seconds(late) // 60
        mark.drained("a", late + minutes(1))
        assert mark.minute(late + minutes(9)) == epoch_seconds(late) // 60 + 1

    def test_a_source_that_was_never_read_is_waited_for_as_long(self) -> None:
        mark = Watermark(["a"], 0.0)
        mark.failing("a", START)
        assert mark.minute(START + minutes(59)) is None
        assert mark.minute(START + minutes(61)) == MINUTE + 61


class TestIntake:
    def test_who_is_ahead_is_held_up_until_there_is_room(self) -> None:
        intake = Intake()
        for number in range(MOST_PORTIONS):
            intake.put(portion([], str(number)))
        held = Thread(target=intake.put, args=(portion([], "more"),))
        held.start()
        held.join(0.1)
        assert held.is_alive()
        assert len(intake.take(0.0, 10)) == 10
        held.join(10)
        assert not held.is_alive()
        assert len(intake) == MOST_PORTIONS - 9

    def test_it_is_bounded_in_bytes_but_takes_one_large_file(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("trailwarden.watch.intake.MOST_BYTES", 10)
        intake = Intake()
        intake.put(Portion("s", "k", "1", "k", b"x" * 100))
        held = Thread(target=intake.put, args=(Portion("s", "l", "1", "l", b"x"),))
        held.start()
        held.join(0.1)
        assert held.is_alive()
        assert [one.key for one in intake.take(0.0, 5) if isinstance(one, Portion)] == ["k"]
        held.join(10)
        assert not held.is_alive()

    def test_closing_lets_everybody_go(self) -> None:
        intake = Intake()
        intake.close()
        with pytest.raises(Stopped):
            intake.put(portion([], "a"))
        assert intake.take(5.0, 1) == []


def announcement(number: int) -> Announcement:
    change = Transition(START, "OK", "ALARM", "because", "{}")
    return Announcement(f"id{number}", "transition", "a", change, START, ("arn:t",))


def delivering(home: Path, postman: Recording, count: int, **options: Any) -> list[Any]:
    """Put messages into the outbox, deliver until it is empty; returns the deliveries' rows."""
    with Database(home) as database:
        outbox, ledger = Outbox(database.connection, database.path), Ledger(database)
        with database.transaction():
            for number in range(count):
                ledger.announce(announcement(number))
                outbox.put(announcement(number), "people", "arn:t", options.get("at", START))
        delivery = Delivery(postman, database, Quiet(), lambda: options.get("now", START))
        delivery.start()
        eventually(lambda: outbox.count("people") == 0)
        delivery.stop(5)
        return database.connection.execute(
            "SELECT announcement, result FROM deliveries ORDER BY announcement"
        ).fetchall()


class TestDelivery:
    def test_messages_keep_their_order_while_one_fails(self, tmp_path: Path) -> None:
        postman = Recording(failures=[DeliveryError("away", retryable=True)] * 3, pauses=0.0)
        rows = delivering(tmp_path, postman, 5)
        assert [one.id for one in postman.sent] == ["id0", "id1", "id2", "id3", "id4"]
        assert {result for _, result in rows} == {"delivered"}
        assert postman.attempts == 8

    def test_what_waits_too_long_is_given_up(self, tmp_path: Path) -> None:
        postman = Recording(failures=[DeliveryError("away", retryable=True)] * 9)
        rows = delivering(tmp_path, postman, 2, at=START, now=START + timedelta(days=4))
        assert postman.sent == []
        assert postman.attempts == 2
        assert [result for _, result in rows] == ["given-up", "given-up"]

    def test_nothing_is_given_up_untried(self, tmp_path: Path) -> None:
        """After days without a watch, or where the clock has jumped ahead."""
        postman = Recording()
        rows = delivering(tmp_path, postman, 2, at=START, now=START + timedelta(days=4))
        assert [one.id for one in postman.sent] == ["id0", "id1"]
        assert {result for _, result in rows} == {"delivered"}

    def test_a_pause_of_a_clock_that_was_ahead_does_not_last(self, tmp_path: Path) -> None:
        with Database(tmp_path) as database:
            outbox, ledger = Outbox(database.connection, database.path), Ledger(database)
            with database.transaction():
                ledger.announce(announcement(0))
                outbox.put(announcement(0), "people", "arn:t", START)
            outbox.later(outbox.waiting("people"), START + timedelta(days=3650))
            postman = Recording()
            delivery = Delivery(postman, database, Quiet(), lambda: START)
            delivery.start()
            eventually(lambda: outbox.count("people") == 0)
            delivery.stop(5)
        assert [one.id for one in postman.sent] == ["id0"]

    def test_the_outbox_is_bounded_and_gives_up_the_oldest(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox_module, "MOST", 3)
        postman = Recording()
        rows = delivering(tmp_path, postman, 5)
        assert [one.id for one in postman.sent] == ["id2", "id3", "id4"]
        assert [result for _, result in rows[:2]] == ["given-up", "given-up"]

    def test_a_mistake_in_a_channel_is_a_failed_attempt(self, tmp_path: Path) -> None:
        class Broken(Recording):
            def send(self, group: Any) -> None:
                if not self.attempts:
                    self.attempts += 1
                    raise ZeroDivisionError
                super().send(group)

        postman = Broken(pauses=0.0)
        delivering(tmp_path, postman, 1)
        assert [one.id for one in postman.sent] == ["id0"]

    def test_a_receiver_that_asks_for_a_pause_gets_it(self, tmp_path: Path) -> None:
        asked = DeliveryError("slow down", retryable=True, retry_after=600.0)
        postman = Recording(failures=[asked], pauses=0.0)
        with Database(tmp_path) as database:
            outbox, ledger = Outbox(database.connection, database.path), Ledger(database)
            with database.transaction():
                ledger.announce(announcement(0))
                outbox.put(announcement(0), "people", "arn:t", START)
            delivery = Delivery(postman, database, Quiet(), lambda: START)
            delivery.start()
            eventually(lambda: postman.attempts == 1 and outbox.waiting("people")[0].attempts)
            delivery.stop(5)
            assert outbox.waiting("people")[0].due == START + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("ALARM", ("arn:a",)), ("OK", ("arn:o",)), ("INSUFFICIENT_DATA", ("arn:i",))],
)
def test_each_state_has_its_own_topics(state: State, expected: tuple[str, ...]) -> None:
    actions = {
        "alarm_actions": ("arn:a",),
        "ok_actions": ("arn:o",),
        "insufficient_data_actions": ("arn:i",),
    }
    assert topics_of(alarm(**actions), state) == expected
    assert topics_of(alarm(**actions, actions_enabled=False), state) == ()


def test_an_alarm_whose_actions_are_disabled_is_recorded_and_not_told(tmp_path: Path) -> None:
    silent = stack(STACK.metric_filters, [alarm(alarm_actions=("arn:t",), actions_enabled=False)])
    items = [record(minute=0), record("StopLogging", 5, number=1)]
    _, postman, observer = watched(tmp_path, Listed(portion(items, "a")), of=silent)
    assert postman.sent == []
    assert "ALARM" in [change.to_state for _, change in observer.of("changed")]
    assert people(observer.of("told")[0][0].announcement, START) == []

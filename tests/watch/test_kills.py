"""Whatever dies, nothing is lost and nothing told twice: real processes, really killed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.watch.killing import Receiver, Story, lived
from trailwarden.notify.channels.answers import stable_uuid
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack import load
from trailwarden.times import format_instant


def check(folder: Path, *, files: int, kills: int) -> None:
    story = Story.of(seed=kills, count=files)
    whole, expected = lived(folder / "whole", story, kills=0)
    killed, found = lived(folder / "killed", story, kills=kills)
    assert whole.transitions()
    assert killed.transitions() == whole.transitions()
    # By their ids, the messages are those of a run that never died: none lost, none told twice.
    assert len(expected.messages) > files // 4
    assert set(found.messages) == set(expected.messages)
    assert found.told == expected.told
    assert set(found.told.values()) == {1}


def test_some_kills(tmp_path: Path) -> None:
    check(tmp_path, files=40, kills=12)


@pytest.mark.soak
def test_two_hundred_kills(tmp_path: Path) -> None:
    check(tmp_path, files=600, kills=200)


def acting(story: Story) -> set[tuple[str, str]]:
    """Each alarm of the story with each of the principals whose records match its filter."""
    return {
        (f"stop-{one['eventName'].removeprefix('Stop')}", principal(one))
        for _, content in story.files
        for one in json.loads(gzip.decompress(content))["Records"]
        if one["eventName"].startswith("Stop")
    }


def principal(item: dict[str, Any]) -> str:
    identity = item["userIdentity"]
    return f"user/{identity['userName']} ({identity['accountId']})"


def named(receiver: Receiver) -> set[tuple[str, str]]:
    """Each alarm with each of the principals that some message of it names."""
    return {
        (one["AlarmName"], who["principal"])
        for one in receiver.messages.values()
        for who in one["Trailwarden"]["principals"]
    }


def check_names(folder: Path, *, files: int, kills: int) -> None:
    """Whoever matched is told, in whatever order files come and whenever the watch dies."""
    story = Story.of(seed=kills, count=files, users=files)
    victims, receiver = lived(
        folder,
        story,
        kills=kills,
        more=("--lateness", "24h"),
        last=("--lateness", "0s"),
        tells=True,
    )
    assert acting(story) <= named(receiver)
    kinds = {one["Trailwarden"]["kind"] for one in receiver.messages.values()}
    assert kinds == {"transition", "amendment"}
    # Nothing twice but with its own id, and no two ids for the same.
    ids = [str(stable_uuid(one)) for (one,) in victims.rows("SELECT id FROM announcements")]
    assert set(receiver.messages) == set(ids)
    assert len(set(ids)) == len(ids)
    bodies = [one | {"Trailwarden": None} for one in receiver.messages.values()]
    assert len({json.dumps(one, sort_keys=True) for one in bodies}) == len(bodies)
    # The states are those of a backtest; alarms and their ends alternate.
    outcome = scan(load(folder / "stack.yaml"), [str(victims.inbox)], ScanOptions(processes=1))
    assert victims.transitions() == sorted(
        (alarm.name, format_instant(one.time), one.to_state)
        for alarm in outcome.alarms
        for one in alarm.transitions
    )
    states: dict[str, str] = {}
    for one in receiver.messages.values():  # in the order in which they came first
        if one["Trailwarden"]["kind"] == "transition":
            assert states.get(one["AlarmName"]) != one["NewStateValue"]
            states[one["AlarmName"]] = one["NewStateValue"]


def test_some_kills_hide_nobody(tmp_path: Path) -> None:
    check_names(tmp_path, files=40, kills=12)


@pytest.mark.soak
def test_many_kills_hide_nobody(tmp_path: Path) -> None:
    check_names(tmp_path, files=600, kills=150)


def check_decisions(folder: Path, *, files: int, kills: int) -> None:
    """Nothing is waited for, so that minutes are decided between the kills."""
    story = Story.of(seed=kills, count=files, users=files)
    victims, receiver = lived(folder, story, kills=kills, more=("--lateness", "0s"), decides=True)
    chains: dict[str, str] = {}
    for alarm, before, after in victims.rows(
        "SELECT alarm, from_state, to_state FROM transitions ORDER BY number"
    ):
        assert before == chains.get(alarm, "INSUFFICIENT_DATA"), alarm  # no change was lost
        chains[alarm] = after
    assert len(chains) == 6
    announced = {stable_uuid(one) for (one,) in victims.rows("SELECT id FROM announcements")}
    kinds = {kind for (kind,) in victims.rows("SELECT announcement ->> 'kind' FROM announcements")}
    assert "late-match" in kinds
    assert {str(one) for one in announced} == set(receiver.messages)
    taken = victims.rows("SELECT count(*) FROM taken")
    assert taken == [(files,)]
    assert acting(story) <= named(receiver)


def test_some_kills_between_decisions(tmp_path: Path) -> None:
    check_decisions(tmp_path, files=12, kills=6)

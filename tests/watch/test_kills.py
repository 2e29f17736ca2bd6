"""Whatever dies, nothing is lost and nothing told twice: real processes, really killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watch.killing import Story, lived
from trailwarden.notify.channels.answers import stable_uuid


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


def check_decisions(folder: Path, *, files: int, kills: int) -> None:
    """Nothing is waited for, so that minutes are decided between the kills."""
    story = Story.of(seed=kills, count=files)
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


def test_some_kills_between_decisions(tmp_path: Path) -> None:
    check_decisions(tmp_path, files=12, kills=6)

"""Whatever dies, nothing is lost and nothing told twice: real processes, really killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watch.killing import Story, lived


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

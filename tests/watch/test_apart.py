"""A file that ended a run does not end the next one."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from tests.records import log_file, metric_filter, record
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.watch.apart import FILE_NAME, Reading
from trailwarden.watch.portion import Portion


def portion(name: str, content: bytes) -> Portion:
    return Portion("folder", name, "1", f"/logs/{name}", content)


class Deadly(Worker):
    """Dies of one file."""

    def content(self, data: bytes, source: str, delivered: datetime | None = None) -> FileDigest:
        if source.endswith("deadly.json"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().content(data, source, delivered)


class Killed(Worker):
    """Ends while it reads, and what was noted stays as it is then."""

    def content(self, data: bytes, source: str, delivered: datetime | None = None) -> FileDigest:
        raise KeyboardInterrupt


def worker(kind: type[Worker] = Worker) -> Worker:
    return kind(Task((metric_filter(),)))


def note(home: Path, one: Portion) -> None:
    """As a run that was killed while it read the portion leaves it."""
    (home / FILE_NAME).write_text("\0".join((one.source, one.key, one.version)))


GOOD = log_file([record("StopLogging")])


def test_a_file_that_kills_again_is_set_aside_by_name(tmp_path: Path) -> None:
    deadly = portion("deadly.json", GOOD)
    note(tmp_path, deadly)
    reading = Reading(tmp_path, worker(Deadly))
    found = reading.read(deadly)
    assert [(one.source, one.code) for one in found.digest.problems] == [
        ("/logs/deadly.json", "set-aside")
    ]
    assert len(reading.read(portion("good.json", GOOD)).digest.hits) == 1
    reading.close()


def test_an_innocent_file_is_read_all_the_same(tmp_path: Path) -> None:
    one = portion("good.json", GOOD)
    note(tmp_path, one)
    reading = Reading(tmp_path, worker())
    found = reading.read(one)
    assert not found.digest.problems
    assert len(found.digest.hits) == 1
    reading.close()


def test_what_is_being_read_is_noted_until_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def content(*_: object) -> FileDigest:
        seen.append((tmp_path / FILE_NAME).read_bytes())
        return FileDigest(None)  # type: ignore[arg-type] # nobody looks at it

    one = worker()
    monkeypatch.setattr(one, "content", content)
    reading = Reading(tmp_path, one)
    reading.read(portion("good.json", GOOD))
    assert seen == [b"folder\0good.json\x001"]
    assert (tmp_path / FILE_NAME).read_bytes() == b""
    reading.close()


def test_a_suspicion_outlives_a_run_that_dies_of_another_file(tmp_path: Path) -> None:
    deadly, other = portion("deadly.json", GOOD), portion("other.json", GOOD)
    note(tmp_path, deadly)
    first = Reading(tmp_path, worker(Killed))
    with pytest.raises(KeyboardInterrupt):
        first.read(other)
    first.close()
    reading = Reading(tmp_path, worker(Deadly))
    assert len(reading.read(other).digest.hits) == 1
    found = reading.read(deadly)
    assert [one.code for one in found.digest.problems] == ["set-aside"]
    assert (tmp_path / FILE_NAME).read_bytes() == b""
    reading.close()

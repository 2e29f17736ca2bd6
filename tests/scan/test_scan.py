"""A stack over an archive, end to end."""

from __future__ import annotations

import gzip
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.records import START, log_file, record, stack
from tests.shared_data import INVICTUS, STRATUS, needs_shared_data
from trailwarden.errors import UsageError
from trailwarden.monitor import Monitor
from trailwarden.monitor.outcome import Outcome
from trailwarden.reading import Task
from trailwarden.scan import ScanOptions, passes, scan
from trailwarden.scan.batches import Size, batches
from trailwarden.scan.pool import Pool
from trailwarden.scan.worker import digest_batch
from trailwarden.stack import load
from trailwarden.stack.model import Stack
from trailwarden.trail import LogFile, list_archive

DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2024/05/01"


def name(minute: int, unique: str = "AbCdEfGhIjKlMnOp") -> str:
    when = START + timedelta(minutes=minute)
    return f"{DAY}/111122223333_CloudTrail_us-east-1_{when:%Y%m%dT%H%MZ}_{unique}.json.gz"


def write(folder: Path, minute: int, records: list[dict[str, Any]], unique: str = "A" * 16) -> None:
    path = folder / name(minute, unique)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(log_file(records)))


def essence(outcome: Outcome) -> Any:
    """All that must not depend on how the archive was read."""
    return replace(outcome, seconds=0.0, stack=stack())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Sixty files of an hour; every tenth minute has a match."""
    for minute in range(60):
        event = "StopLogging" if minute % 10 == 0 else "DescribeTrails"
        records = [record(event, minute, number=minute), record(minute=minute, number=100 + minute)]
        write(tmp_path, minute + 5, records)
    return tmp_path


def run(archive: Path | str, the_stack: Stack | None = None, **options: Any) -> Outcome:
    return scan(the_stack or stack(), [str(archive)], ScanOptions(**options))


def test_whole_archive(archive: Path) -> None:
    outcome = run(archive)
    assert (outcome.input.files, outcome.input.events) == (60, 120)
    assert outcome.filters[0].matches == 6
    assert outcome.input.problems == ()
    assert outcome.input.bytes == sum(p.stat().st_size for p in archive.rglob("*.gz"))
    assert outcome.input.first_event == START
    (fired,) = (t for t in outcome.alarms[0].transitions if t.to_state == "ALARM")
    assert fired.events[0].source.endswith(name(5, "A" * 16))


def test_processes_do_not_change_the_outcome(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(archive, 70, [record("StopLogging", 3, number=3)] * 2, "B" * 16)
    expected = essence(run(archive, processes=1))
    monkeypatch.setattr(passes, "_SMALL", 1)
    monkeypatch.setattr(passes, "batches", lambda files: batches(files, Size(7, 1 << 30)))
    assert essence(run(archive, processes=2)) == expected
    assert essence(run(archive, processes=1, plain=True)) == expected


@pytest.mark.parametrize("plain", [False, True])
def test_an_absurd_time_does_not_stretch_the_run(archive: Path, plain: bool) -> None:
    absurd = ["0001-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    records = [record("StopLogging", eventTime=time) for time in absurd]
    (archive / "odd.json").write_bytes(log_file(records))
    outcome = run(archive, plain=plain)
    assert (outcome.input.events, outcome.filters[0].matches) == (123, 6)
    assert outcome.input.last_event == START + timedelta(minutes=59)
    (problem,) = outcome.input.problems
    assert (problem.code, problem.count) == ("no-event-time", 3)


def test_the_time_a_scan_took_includes_the_evaluation(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    finish = Monitor.finish

    def slow(monitor: Monitor) -> None:
        clock[0] += 7
        finish(monitor)

    monkeypatch.setattr("trailwarden.scan.run.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(Monitor, "finish", slow)
    assert run(archive).seconds == 7


def test_delivery_clock(archive: Path) -> None:
    outcome = run(archive, clock="delivery")
    assert outcome.filters[0].first == START + timedelta(minutes=5)


def test_since_and_until(archive: Path) -> None:
    outcome = run(archive, since=START + timedelta(minutes=10), until=START + timedelta(minutes=30))
    assert (outcome.filters[0].matches, outcome.input.events) == (2, 40)
    with pytest.raises(UsageError, match="earlier"):
        run(archive, since=START, until=START)


def test_duplicates_count_once(archive: Path) -> None:
    again = [record("StopLogging", 0, number=0), record("StopLogging", 1, number=777)]
    write(archive, 66, [*again, again[1]], "C" * 16)
    outcome = run(archive)
    assert (outcome.input.duplicates, outcome.filters[0].matches) == (2, 7)
    assert run(archive, dedupe=False).filters[0].matches == 9


def test_damage_costs_only_what_is_damaged(archive: Path) -> None:
    broken = archive / name(80, "D" * 16)
    broken.write_bytes(gzip.compress(log_file([record("StopLogging", 40.5)]))[:-12])
    (archive / name(81, "E" * 16)).write_bytes(b"\x1f\x8bnot really gzip")
    (archive / name(82, "F" * 16)).write_bytes(gzip.compress(b'{"Records": ["text", 7]}'))
    (archive / "AWSLogs/notes.json").write_text('{"Records": [')
    outcome = run(archive)
    assert outcome.input.events >= 120
    assert outcome.filters[0].matches >= 6
    sources = {problem.source.rpartition("_")[2] for problem in outcome.input.problems}
    assert {f"{letter * 16}.json.gz" for letter in "DEF"} <= sources
    assert any(problem.source.endswith("notes.json") for problem in outcome.input.problems)
    assert all(problem.cure and problem.message for problem in outcome.input.problems)


def test_gzip_bomb_is_refused(archive: Path) -> None:
    (archive / name(90, "G" * 16)).write_bytes(gzip.compress(b" " * 5_000_000))
    outcome = run(archive, max_file_size=1_000_000)
    (problem,) = outcome.input.problems
    assert "G" * 16 in problem.source
    assert outcome.input.events == 120


def test_unexpected_failure_of_one_file_is_a_problem(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trailwarden.monitor import DigestReader

    digest = DigestReader.digest

    def failing(self: DigestReader, payload: bytes, source: str, *rest: Any) -> Any:
        if source.endswith(name(7, "A" * 16)):
            raise ZeroDivisionError("odd")
        return digest(self, payload, source, *rest)

    monkeypatch.setattr(DigestReader, "digest", failing)
    outcome = run(archive, processes=1)
    assert [problem.code for problem in outcome.input.problems] == ["unexpected"]
    assert outcome.input.events == 118


def dying(files: Sequence[LogFile]) -> bytes:
    """Reads files, unless one is named for the death of its process."""
    if any("K" * 16 in file.source for file in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return digest_batch(files)


def test_a_process_that_dies_costs_only_its_file(archive: Path) -> None:
    write(archive, 30, [record()], "K" * 16)
    files = list_archive(str(archive), since=None, until=None, problems=print, skipped=print)
    task = Task(stack().metric_filters)
    with Pool(task, 2, work=dying) as pool:
        found = list(pool.digests(batches(files, Size(5, 1 << 30))))
    assert len(found) == 61
    codes = [problem.code for one in found for problem in one.digest.problems]
    assert codes == ["worker-died"]
    assert sum(len(one.digest.minute_array()) for one in found) == 120


def test_batches_are_bounded_and_keep_their_order() -> None:
    files = [
        LogFile(source=str(number), size=size, delivered=None, is_remote=False)
        for number, size in enumerate([5, 5, 90, 5, 5, 5])
    ]
    found = [[f.source for f in batch] for batch in batches(files, Size(2, 92))]
    assert found == [["0", "1"], ["2"], ["3", "4"], ["5"]]


def test_remote_files_come_in_larger_batches_of_their_own() -> None:
    files = [
        LogFile(source=str(number), size=1 << 20, is_remote=number >= 10) for number in range(40)
    ]
    assert [len(batch) for batch in batches(files)] == [4, 4, 2, 30]


def test_progress_is_told(archive: Path) -> None:
    told: list[Any] = []
    scan(stack(), [str(archive)], ScanOptions(), progress=told.append)
    assert (told[-1].files, told[-1].events) == (60, 120)


# --- real logs --------------------------------------------------------------------------------
@needs_shared_data
@pytest.mark.parametrize("name_of_stack", ["cis", "cis-1.2.0"])
def test_real_archive(name_of_stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    the_stack = load(name_of_stack)
    expected = essence(run(INVICTUS, the_stack, processes=1))
    assert expected.input.events == 2900
    assert expected.input.files == 55
    assert expected.input.problems == ()
    assert any(outcome.fired for outcome in expected.alarms)
    assert essence(run(INVICTUS, the_stack, processes=1, plain=True)) == expected
    monkeypatch.setattr(passes, "_SMALL", 1)
    assert essence(run(INVICTUS, the_stack, processes=2)) == expected


@needs_shared_data
def test_real_denials_are_counted() -> None:
    outcome = run(INVICTUS, load("cis-1.2.0"))
    denials = next(f for f in outcome.filters if "UnauthorizedOperation" in f.filter.filter_pattern)
    text = [
        event
        for path in INVICTUS.rglob("*.gz")
        for event in json.loads(gzip.decompress(path.read_bytes()))["Records"]
    ]
    expected = [
        event
        for event in text
        if event.get("errorCode", "").endswith("UnauthorizedOperation")
        or event.get("errorCode", "").startswith("AccessDenied")
    ]
    assert denials.matches == len(expected) == 60
    assert sum(p.count for p in denials.principals) == 60


@needs_shared_data
def test_real_single_files() -> None:
    outcome = run(STRATUS, load("cis"))
    assert outcome.input.problems == ()
    assert outcome.input.events > 100

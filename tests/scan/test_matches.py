"""Every match of a scan: none sampled, none twice, in the order of time, in bounded memory."""

from __future__ import annotations

import gzip
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.records import START, alarm, log_file, metric_filter, record, stack
from tests.shared_data import INVICTUS, TEMPLATES, needs_shared_data
from trailwarden.errors import UsageError
from trailwarden.monitor.outcome import Outcome
from trailwarden.reading import matches as kept_matches
from trailwarden.scan import Match, MatchLog, ScanOptions, passes, scan
from trailwarden.scan.batches import Size, batches
from trailwarden.scan.sorting import ExternalSort
from trailwarden.stack import load
from trailwarden.stack.model import Stack

TWO = stack(
    [
        metric_filter(),
        metric_filter("{ $.eventSource = ec2.amazonaws.com }", name="any", metric="Any"),
        metric_filter("{ $.eventName = StopLogging }", name="unwatched", metric="Unwatched"),
    ],
    [alarm(), alarm("also"), alarm("other", "Any")],
)


def collected(
    archive: Path, the_stack: Stack = TWO, *, budget: int = 1 << 20, **options: Any
) -> tuple[Outcome, list[Match]]:
    with MatchLog(budget) as log:
        outcome = scan(the_stack, [str(archive)], ScanOptions(**options), matches=log)
        return outcome, list(log)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Forty files in no order of time, each with records of many minutes; some come twice."""
    chance = random.Random(7)
    numbers = list(range(2000))
    chance.shuffle(numbers)
    folder = tmp_path / "logs"
    folder.mkdir()
    for file in range(40):
        mine = numbers[file * 50 : file * 50 + 50]
        records = [
            record("StopLogging" if n % 3 else "RunInstances", n / 2, number=n) for n in mine
        ]
        again = [records[0], *records[:2]] if file % 2 else []
        (folder / f"{file:02}.json.gz").write_bytes(gzip.compress(log_file(records + again)))
    return folder


def expected_rows() -> list[tuple[str, str]]:
    """(time, filter) of each match, as the archive was written."""
    return [
        (f"{START + timedelta(seconds=30 * n):%H:%M:%S}", name)
        for n in range(2000)
        for name in (("stops", "any", "unwatched") if n % 3 else ("any",))
    ]


def rows(found: list[Match]) -> list[tuple[str, str]]:
    return [(f"{one.record.time:%H:%M:%S}", one.filter) for one in found]


def test_every_match_once_in_the_order_of_time(archive: Path) -> None:
    outcome, found = collected(archive)
    assert rows(found) == expected_rows()
    assert len(found) == sum(one.matches for one in outcome.filters)
    alarms = {one.filter: one.alarms for one in found}
    assert alarms == {"stops": ("stopped", "also"), "any": ("other",), "unwatched": ()}


def test_more_matches_than_memory_takes(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_matches, "PIECE", 2000)  # every file leaves its matches to a file
    held: list[int] = []
    add = ExternalSort.add

    def watched(self: ExternalSort, key: int, data: bytes) -> None:
        add(self, key, data)
        held.append(sum(len(one) for _, one in self._items))

    monkeypatch.setattr(ExternalSort, "add", watched)
    _, found = collected(archive, budget=10_000, processes=1)
    assert rows(found) == expected_rows()
    assert max(held) <= 10_000 < sum(1 for _ in found) * 100


@pytest.mark.parametrize("piece", [1 << 20, 1000])
def test_processes_do_not_change_it(
    archive: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    _, alone = collected(archive, processes=1)
    monkeypatch.setattr(kept_matches, "PIECE", piece)
    monkeypatch.setattr(passes, "_SMALL", 1)
    monkeypatch.setattr(passes, "batches", lambda files: batches(files, Size(3, 1 << 30)))
    assert collected(archive, processes=2)[1] == alone
    assert collected(archive, processes=1, plain=True)[1] == alone


def test_what_counts_twice_is_listed_twice(archive: Path) -> None:
    outcome, found = collected(archive, dedupe=False)
    assert len(found) == sum(one.matches for one in outcome.filters) > len(expected_rows())


def test_bounds_in_time_hold(archive: Path) -> None:
    since, until = START + timedelta(minutes=10), START + timedelta(minutes=20)
    _, found = collected(archive, since=since, until=until)
    assert {one.record.time for one in found} == {
        since + timedelta(seconds=30 * step) for step in range(20)
    }


def test_what_is_told_of_a_match(tmp_path: Path) -> None:
    odd = record(
        "StopLogging",
        errorCode="AccessDenied",
        errorMessage="no",
        requestParameters={"name": "audit-trail"},
        userAgent="x" * 100_000,
        userIdentity={
            "type": "AssumedRole",
            "arn": "arn:aws:sts::111122223333:assumed-role/Admin/eve",
            "accountId": "111122223333",
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {"attributes": {"mfaAuthenticated": "false"}},
        },
    )
    (tmp_path / "a.json").write_bytes(log_file([odd]))
    _, found = collected(tmp_path, stack())
    told = found[0].record
    assert (told.principal, told.principal_kind) == ("role/Admin/eve (111122223333)", "AssumedRole")
    assert (told.access_key, told.with_mfa, told.targets) == (
        "ASIAEXAMPLE",
        False,
        ("audit-trail",),
    )
    assert (told.error_code, told.error_message) == ("AccessDenied", "no")
    assert told.file == str(tmp_path / "a.json")
    assert len(told.user_agent) <= 300


def test_the_temporary_files_go(archive: Path, tmp_path: Path, monkeypatch: Any) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    monkeypatch.setattr(kept_matches, "PIECE", 100)
    with MatchLog(1000) as log:
        scan(TWO, [str(archive)], matches=log)
        inside = [path for path in room.rglob("*") if path.is_file()]
        assert len(inside) == 1  # the files of the workers are gone already
        assert oct(inside[0].parent.stat().st_mode & 0o777) == "0o700"
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("writer", ["reading", "sorting"])
def test_no_room_is_said(archive: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if writer == "reading":
        monkeypatch.setattr(kept_matches, "PIECE", 100)
        monkeypatch.setattr(kept_matches.tempfile, "NamedTemporaryFile", full)
    else:
        monkeypatch.setattr(ExternalSort, "_write", full)
    with pytest.raises(UsageError, match="No space left") as caught:
        collected(archive, budget=1000, processes=1)
    assert "TMPDIR" in caught.value.cure


@pytest.mark.parametrize("budget", [1, 500, 1 << 20])
def test_the_sort_is_stable(tmp_path: Path, budget: int) -> None:
    chance = random.Random(1)
    items = [(chance.randrange(-50, 50), f"{number}".encode() * 9) for number in range(3000)]
    items.append((-(1 << 63), b""))
    with (tmp_path / "sorted").open("w+b", buffering=0) as file:
        found = ExternalSort(file, budget)
        for key, data in items:
            found.add(key, data)
        assert list(found) == sorted(items, key=lambda item: item[0])
        assert list(found) == sorted(items, key=lambda item: item[0])


@needs_shared_data
def test_the_real_intrusion_is_listed_whole() -> None:
    the_stack = load(str(TEMPLATES / "original-cloudtrail.yaml"))
    outcome, found = collected(INVICTUS, the_stack)
    assert len(found) == sum(one.matches for one in outcome.filters) == 185
    deleted = [
        one.record.targets
        for one in found
        if one.record.event_name == "DeleteTrail" and not one.record.error_code
    ]
    assert len(deleted) == 2
    assert all(deleted)

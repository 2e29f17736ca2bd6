"""Packed files in a folder, or named: read as folders, bounded, and nothing is lost in silence."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from tests.trail.builders import log_file, record
from trailwarden.monitor.outcome import Outcome
from trailwarden.patterns import parse
from trailwarden.reading import Task, Worker
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack import load
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import containers, contents

STOP = MetricFilter("stops", "trail", "x", parse("{ $.eventName = StopLogging }"), ())


def stopped(number: int) -> bytes:
    return log_file(record(number, eventName="StopLogging"))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(files: dict[str, bytes], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


FILES = {
    "day/one.json": stopped(1),
    "day/two.json.gz": gzip.compress(stopped(2)),
    "day/" + "long" * 40 + ".json": stopped(3),
    "README.md": b"# Logs",
    "__MACOSX/._one.json": b"\x00\x05",
}
PACKINGS = {
    "logs.zip": zipped(FILES),
    "stored.zip": zipped(FILES, zipfile.ZIP_STORED),
    "logs.tar": tarred(FILES),
    "gnu.tar": tarred(FILES, form=tarfile.GNU_FORMAT),
    "logs.tar.gz": gzip.compress(tarred(FILES)),
    "logs.tgz": gzip.compress(tarred(FILES)),
    "logs.tar.zst": zstandard.compress(tarred(FILES)),
    "nested.zip": zipped({"inner.tar.gz": gzip.compress(tarred(FILES))}),
}


def scanned(archive: Path) -> Outcome:
    return scan(load("cis"), [str(archive)], ScanOptions(processes=1))


@pytest.mark.parametrize("name", PACKINGS)
def test_packed_files_are_read_as_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / name).write_bytes(PACKINGS[name])
    (tmp_path / "logs" / "plain.json").write_bytes(stopped(4))
    for archive, events in ((tmp_path / "logs", 4), (tmp_path / "logs" / name, 3)):
        read = scanned(archive).input
        assert read.events == read.files == events
        assert not read.problems
        assert read.skipped == {"hidden": 1, "other": 1}
        assert read.bytes == sum(
            path.stat().st_size for path in (archive.iterdir() if archive.is_dir() else [archive])
        )


def test_a_watch_takes_a_packed_file_as_one() -> None:
    worker = Worker(Task((STOP,)))
    one = worker.content(PACKINGS["logs.zip"], "logs.zip").digest
    apart = [found.digest for found in worker.contents(PACKINGS["logs.zip"], "x")]
    assert [one.action_of(hit).event_name for hit in one.hits] == ["StopLogging"] * 3
    assert one.keys == b"".join(digest.keys for digest in apart)
    assert [hit.position for hit in one.hits] == [0, 1, 2]
    assert [one.principals[hit.principal] for hit in one.hits] == [
        "user/user-1", "user/user-2", "user/user-3",
    ]  # fmt: skip
    assert next(event.source for _, event in one.events) == "logs.zip/day/one.json"
    assert sum(count for _, count in one.counts) == 3


def codes(data: bytes, limit: int = 1024 * 1024) -> list[tuple[str, str]]:
    return [
        (problem.source, problem.code)
        for content in contents(data, "x", limit=limit)
        for problem in content.problems
    ]


def test_damage_is_named_and_costs_nothing_before_it() -> None:
    for packed, code in (
        (tarred(FILES)[:1800], "broken-archive"),
        (gzip.compress(tarred(FILES))[:-30], "broken-archive"),
        (zipped(FILES)[:-30], "broken-archive"),
        (b"PK\x03\x04" + bytes(40), "broken-archive"),
    ):
        assert codes(packed) == [("x", code)]
    cut = list(contents(tarred(FILES)[:1800], "x", limit=1024 * 1024))
    assert cut[0].source == "x/day/one.json"
    whole = zipped({"a.json": stopped(1) * 9, "b.json": stopped(2)})
    at = whole.index(b"a.json") + 12
    damaged = whole[:at] + bytes(8) + whole[at + 8 :]
    found = list(contents(damaged, "x", limit=1024 * 1024))
    assert [problem.code for problem in found[0].problems] == ["broken-archive"]
    assert bytes(found[1].payload) == stopped(2)


def test_a_password_is_named() -> None:
    packed = bytearray(zipped({"a.json": stopped(1)}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + place] |= 1
    assert codes(bytes(packed)) == [("x/a.json", "encrypted-archive")]


def test_bombs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = bytes(900 * 1024)
    many = {f"{number}.json": zeros for number in range(9)}
    assert ("x", "too-many-entries") in codes(zipped(many))
    assert ("x", "too-many-entries") in codes(gzip.compress(tarred(many)))
    assert ("x", "too-many-entries") in codes(
        zipped({f"{number}.json.gz": gzip.compress(zeros) for number in range(9)})
    )
    large = zipped({"a.json": bytes(3 * 1024 * 1024)})
    assert codes(large) == [("x/a.json", "too-large")]
    lying = bytearray(large)
    struct.pack_into("<I", lying, lying.index(b"PK\x01\x02") + 24, 10)
    assert codes(bytes(lying)) in ([("x/a.json", "too-large")], [("x/a.json", "broken-archive")])
    deep = stopped(1)
    for _ in range(5):
        deep = zipped({"a.zip" if deep.startswith(b"PK") else "a.json": deep})
    assert codes(deep) == [("x/a.zip/a.zip", "nested-archive")]
    monkeypatch.setattr(containers, "MOST_ENTRIES", 3)
    assert codes(zipped(FILES)) == codes(tarred(FILES)) == [("x", "too-many-entries")]


def test_a_name_of_a_tar_file_is_bounded() -> None:
    entry = tarfile.TarInfo("long.json")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 5 * 1024 * 1024
    packed = entry.tobuf(tarfile.GNU_FORMAT) + b"a" * entry.size + tarred(FILES)
    assert codes(gzip.compress(packed), 100 * 1024 * 1024) == [("x", "broken-archive")]


def test_names_are_only_shown() -> None:
    names = {"../../etc/a.json": stopped(1), "/b.json": stopped(2), "c\x1b[31m\n.json": stopped(3)}
    sources = [content.source for content in contents(tarred(names), "x", limit=1024 * 1024)]
    assert sources == ["x/../../etc/a.json", "x//b.json", "x/c\\x1b[31m\\n.json"]


@pytest.mark.parametrize("name", ["a.parquet", "b.snappy.parquet", "c.7z", "d.orc", "e.avro.gz"])
def test_what_is_not_read_in_a_folder_is_a_problem_with_a_cure(tmp_path: Path, name: str) -> None:
    (tmp_path / "plain.json").write_bytes(stopped(1))
    (tmp_path / name).write_bytes(b"?" * 2000)
    (problem,) = scanned(tmp_path).input.problems
    assert (problem.code, Path(problem.source).name) == ("unsupported-format", name)
    assert "first" in problem.cure
    (tmp_path / name).write_bytes(b"version https://git-lfs.github.com/spec/v1\nsize 5\n")
    (problem,) = scanned(tmp_path).input.problems
    assert problem.code == "git-lfs-pointer"


def test_an_empty_packed_file_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "plain.json").write_bytes(json.dumps(record()).encode())
    (tmp_path / "empty.zip").write_bytes(zipped({}))
    read = scanned(tmp_path).input
    assert (read.events, read.problems, read.skipped) == (1, (), {"empty": 1})


def test_what_has_no_name_of_a_log_is_looked_at(tmp_path: Path) -> None:
    history = b"Event ID,Event name,Event time\n1,StopLogging,2024-05-01T12:00:00Z\n"
    row = json.dumps(record(1)).replace('"', '""')
    files = {
        "events.csv": f'eventID,eventJson\n1,"{row}"\n'.encode(),
        "more.csv.gz": gzip.compress(f'@timestamp,@message\nx,"{row}"\n'.encode()),
        "trail.txt": stopped(2),
        "trail.json.bak": stopped(3),
        "history.csv": history,
        "people.csv": b"name,mail\neve,eve@example.com\n",
        "notes.txt": b"nothing\n",
        "package.lock": b'{"name": "x"}',
        "x.png": b"\x89PNG" + bytes(100),
        "y.gz.txt": b"\x1f\x8b\x08broken",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "gone.txt").symlink_to("nowhere")
    read = scanned(tmp_path).input
    assert (read.events, read.duplicates, read.files) == (3, 1, 5)
    assert [problem.code for problem in read.problems] == ["event-history-csv"]
    assert read.skipped == {"other": 6}
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "all.zip").write_bytes(zipped(files))
    (packed / "all.tar").write_bytes(tarred(files))
    read = scanned(packed).input
    assert (read.events, read.duplicates) == (3, 5)
    assert [problem.code for problem in read.problems] == ["event-history-csv"] * 2
    assert read.skipped == {"other": 10}

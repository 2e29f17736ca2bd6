"""Archives on disk."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from trailwarden.errors import UsageError
from trailwarden.simulate import Plan, events, write_archive
from trailwarden.trail import list_archive, open_log_file, read_records, unpack

SMALL = Plan(days=2, events_per_day=400, seed=5)


def fingerprint(folder):
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.gz")):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated") / "archive"
    return folder, write_archive(SMALL, folder)


def test_the_summary_tells_what_is_there(archive):
    folder, summary = archive
    files = list(folder.rglob("*.json.gz"))
    records = [
        record
        for path in files
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]
    ]
    ids = Counter(record["eventID"] for record in records)
    times = sorted(record["eventTime"] for record in records)
    assert summary.files == len(files)
    assert summary.events == len(ids)
    assert summary.duplicates == sum(ids.values()) - len(ids)
    assert summary.size == sum(path.stat().st_size for path in files)
    assert summary.payload_size == sum(len(gzip.decompress(path.read_bytes())) for path in files)
    assert summary.accounts == {record["recipientAccountId"] for record in records}
    assert summary.regions == {record["awsRegion"] for record in records}
    assert times[0] < times[-1]
    assert summary.last - summary.first > 40 * 3600
    assert summary.story


def test_the_archive_holds_what_the_library_yields(archive):
    folder, _ = archive
    stored = set()
    for path in folder.rglob("*.json.gz"):
        payload = gzip.decompress(path.read_bytes())
        stored |= {json.dumps(record) for record in json.loads(payload)["Records"]}
    assert stored == {json.dumps(json.loads(event.data)) for event in events(SMALL)}


def test_the_reader_of_archives_finds_every_record(archive):
    folder, summary = archive
    problems, skipped, count = [], [], 0
    files = list(
        list_archive(
            str(folder), since=None, until=None, problems=problems.append, skipped=skipped.append
        )
    )
    for file in files:
        assert file.delivered is not None
        unpacked = unpack(open_log_file(file), limit=2**30)
        assert unpacked.fault is None
        count += sum(1 for _ in read_records(unpacked.payload))
    assert (problems, skipped) == ([], [])
    assert len(files) == summary.files
    assert count == summary.events + summary.duplicates


def test_no_time_is_stored_in_the_files(archive):
    folder, _ = archive
    assert all(path.read_bytes()[4:8] == bytes(4) for path in folder.rglob("*.json.gz"))


def test_equal_plans_give_equal_bytes(archive, tmp_path):
    folder, _ = archive
    write_archive(SMALL, tmp_path / "again", processes=2)
    assert fingerprint(tmp_path / "again") == fingerprint(folder)


def test_another_seed_gives_another_archive(archive, tmp_path):
    folder, _ = archive
    write_archive(Plan(days=2, events_per_day=400, seed=6), tmp_path / "other")
    assert fingerprint(tmp_path / "other") != fingerprint(folder)


def test_records_do_not_depend_on_hash_seeds():
    program = (
        "import hashlib; from trailwarden.simulate import Plan, events;"
        "d = hashlib.sha256();"
        "[d.update(e.data) for e in events(Plan(days=1, events_per_day=200))];"
        "print(d.hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_days_are_reported_as_they_are_written(tmp_path):
    seen = []
    whole = write_archive(SMALL, tmp_path / "new", progress=seen.append)
    assert len(seen) == 2
    assert sum(day.events for day in seen) == whole.events


def test_an_empty_folder_is_welcome(tmp_path):
    assert write_archive(Plan(days=1, events_per_day=50), tmp_path).files > 0


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(UsageError, match="not empty") as caught:
        write_archive(SMALL, tmp_path)
    assert caught.value.cure
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        write_archive(SMALL, tmp_path / "file")


def test_a_place_that_cannot_be_written_is_an_error_with_a_cure(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write") as caught:
        write_archive(SMALL, tmp_path / "file" / "below")
    assert caught.value.cure

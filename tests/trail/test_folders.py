from __future__ import annotations

import io
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from trailwarden.errors import InputError, UsageError
from trailwarden.problems import Problem
from trailwarden.trail import LogFile, check_archive, list_archive, open_log_file

DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2024/05"


class Listed:
    """What a listing came to."""

    def __init__(self, archive: str | Path, **options: Any) -> None:
        self.problems: list[Problem] = []
        self.skipped: Counter[str] = Counter()
        self.files: list[LogFile] = list(
            list_archive(
                str(archive),
                problems=self.problems.append,
                skipped=lambda kind: self.skipped.update((kind,)),
                **options,
            )
        )

    def below(self, root: Path) -> list[str]:
        return [str(Path(file.path).relative_to(root)) for file in self.files]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


def write(root: Path, *names: str, content: bytes = b'{"Records":[]}') -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_every_log_below_a_folder_is_listed_in_the_order_of_paths(tmp_path: Path) -> None:
    write(tmp_path, "b/2.json", "b/10.json", "a.json", "b/sub/1.log.gz", "c", "B.json")
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == [
        "B.json", "a.json", "b/10.json", "b/2.json", "b/sub/1.log.gz", "c",
    ]  # fmt: skip
    assert not listed.problems
    assert listed.files[0].size == 14
    assert not listed.files[0].is_remote
    assert open_log_file(listed.files[0]) == b'{"Records":[]}'


def test_a_trailing_slash_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    assert Listed(f"{tmp_path}/").files == Listed(tmp_path).files


def test_what_cannot_be_a_log_is_skipped_and_counted(tmp_path: Path) -> None:
    write(tmp_path, "a.json", "README.md", "x.png", ".hidden.json", ".git/config.json")
    write(tmp_path, "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/05/01/d.json.gz")
    os.mkfifo(tmp_path / "pipe.json")
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == ["a.json"]
    assert listed.skipped == {"other": 2, "hidden": 2, "digest": 1, "special": 1}
    assert not listed.problems


def test_a_link_to_what_is_no_file_is_a_problem_and_never_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "b.json").symlink_to(tmp_path / "pipe")
    (tmp_path / "c.json").symlink_to("/dev/zero")
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == ["a.json"]
    assert listed.codes == ["special-file", "special-file"]


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="needs Linux's /proc")
def test_what_the_kernel_makes_up_is_no_file(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    (tmp_path / "b.json").symlink_to("/proc/self/status")  # says that it is a regular file
    (tmp_path / "kernel").symlink_to("/proc/self")
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == ["a.json"]
    assert listed.codes == ["special-file", "special-file"]
    assert Listed("/proc/self/status").codes == ["special-file"]


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    (file,) = Listed(tmp_path).files
    (tmp_path / "a.json").unlink()
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(InputError) as caught:
        open_log_file(file)
    assert caught.value.code == "special-file"


def test_days_outside_the_interval_are_not_listed(tmp_path: Path) -> None:
    write(tmp_path, *(f"{DAY}/{day:02}/x{day}.json.gz" for day in range(1, 20)))
    name = "111122223333_CloudTrail_us-east-1_202405{:02}T1200Z_x.json.gz"
    write(tmp_path, *("flat/" + name.format(day) for day in range(1, 20)))
    listed = Listed(
        tmp_path,
        since=datetime(2024, 5, 10, tzinfo=UTC),
        until=datetime(2024, 5, 11, tzinfo=UTC),
    )
    assert listed.below(tmp_path) == [
        *(f"{DAY}/{day:02}/x{day}.json.gz" for day in range(9, 14)),
        *("flat/" + name.format(day) for day in range(9, 14)),
    ]
    assert listed.files[-1].delivered == datetime(2024, 5, 13, 12, tzinfo=UTC)


def test_an_interval_without_files_is_no_problem(tmp_path: Path) -> None:
    write(tmp_path, f"{DAY}/01/x.json.gz")
    listed = Listed(tmp_path, since=datetime(2025, 1, 1, tzinfo=UTC))
    assert not listed.files
    assert not listed.problems


def test_a_folder_without_logs_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "README.md")
    assert Listed(tmp_path).codes == ["no-log-files"]


def test_links_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path, "tree/a.json", "elsewhere/b.json")
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree")
    (tmp_path / "tree" / "up").symlink_to("..")
    (tmp_path / "tree" / "way").symlink_to(tmp_path / "elsewhere")
    listed = Listed(tmp_path / "tree")
    assert listed.below(tmp_path) == ["tree/a.json", "tree/up/elsewhere/b.json"]
    assert not listed.problems


def test_a_link_to_nothing_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    (tmp_path / "gone.json").symlink_to("nowhere")
    (tmp_path / "itself.json").symlink_to("itself.json")
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == ["a.json"]
    assert listed.codes == ["vanished", "unreadable"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_and_file_are_problems(tmp_path: Path) -> None:
    write(tmp_path, "a.json", "closed/b.json", "c.json")
    (tmp_path / "closed").chmod(0)
    (tmp_path / "c.json").chmod(0)
    try:
        listed = Listed(tmp_path)
        assert listed.codes == ["access-denied"]
        with pytest.raises(InputError) as caught:
            open_log_file(listed.files[1])
        assert caught.value.code == "access-denied"
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.json", "closed/b.json")
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    listed = Listed(tmp_path)
    assert listed.below(tmp_path) == ["a.json"]
    assert listed.codes == ["access-denied"]
    assert listed.problems[0].source == str(tmp_path / "closed")


def test_a_file_that_vanishes_is_an_input_error(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    (file,) = Listed(tmp_path).files
    (tmp_path / "a.json").unlink()
    with pytest.raises(InputError) as caught:
        open_log_file(file)
    assert caught.value.code == "vanished"
    assert caught.value.cure


def test_a_stored_size_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.json")
    (file,) = Listed(tmp_path).files
    assert open_log_file(file, limit=14)
    with pytest.raises(InputError) as caught:
        open_log_file(file, limit=13)
    assert caught.value.code == "too-large"


def test_a_file_named_itself_is_read_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path, "README.md")
    (file,) = Listed(tmp_path / "README.md").files
    assert open_log_file(file) == b'{"Records":[]}'


def test_odd_names_are_read_and_shown_harmless(tmp_path: Path) -> None:
    write(tmp_path, "a\x1b[31m\nb.json")
    undecodable = os.fsencode(tmp_path) + b"/\xff.json"
    Path(os.fsdecode(undecodable)).write_bytes(b"[]")
    listed = Listed(tmp_path)
    assert [open_log_file(file) for file in listed.files] == [b'{"Records":[]}', b"[]"]
    assert [file.source.rpartition("/")[2] for file in listed.files] == [
        r"a\x1b[31m\nb.json", r"\udcff.json",
    ]  # fmt: skip


@pytest.mark.parametrize("archive", ["", "nowhere", "no/where", "a\0b", "s3://", "s3:///key"])
def test_an_archive_that_cannot_be_meant_is_bad_usage(archive: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_archive(archive)
    assert caught.value.cure
    with pytest.raises(UsageError):
        Listed(archive)


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[]")))
    (file,) = Listed("-").files
    assert file.source == "<stdin>"
    assert open_log_file(file) == open_log_file(file) == b"[]"


def test_standard_input_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[" * 100)))
    listed = Listed("-", limit=99)
    assert not listed.files
    assert listed.codes == ["too-large"]


def test_a_pipe_named_itself_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"[]",))
    writer.start()
    (file,) = Listed(pipe).files
    writer.join()
    assert open_log_file(file) == b"[]"

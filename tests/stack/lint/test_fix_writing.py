"""Replacing a template's file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trailwarden.errors import UsageError
from trailwarden.stack.lint.fixing.writing import rewrite


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"a: 1\r\n")
    return path


def test_a_file(file: Path) -> None:
    file.chmod(0o604)
    rewrite(file, "a: 1\r\n", "a: 2\r\n")
    assert file.read_bytes() == b"a: 2\r\n"
    assert file.stat().st_mode & 0o777 == 0o604
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_encodings(file: Path, encoding: str) -> None:
    file.write_bytes("a: ü\n".encode(encoding))
    rewrite(file, "a: ü\n", "a: é\n")
    assert file.read_bytes() == "a: é\n".encode(encoding)


def test_a_file_that_somebody_else_has_changed(file: Path) -> None:
    with pytest.raises(UsageError, match="changed meanwhile"):
        rewrite(file, "a: 0\n", "a: 2\n")
    assert file.read_bytes() == b"a: 1\r\n"


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="it is no file"):
        rewrite(tmp_path / "pipe", "", "a: 2\n")
    with pytest.raises(UsageError, match="no such file"):
        rewrite(tmp_path / "none", "", "a: 2\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written_to(file: Path) -> None:
    file.chmod(0o400)
    with pytest.raises(UsageError, match="permission denied"):
        rewrite(file, "a: 1\r\n", "a: 2\r\n")


def test_a_disk_that_is_full(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match="no space left on device"):
        rewrite(file, "a: 1\r\n", "a: 2\r\n")
    assert file.read_bytes() == b"a: 1\r\n"
    assert list(file.parent.iterdir()) == [file]

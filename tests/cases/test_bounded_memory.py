"""The documented container (2 GiB) survives every file, and tells what the others hold."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from tests.records import record

MEMORY = 2 * 1024**3  # as docs/watch.md gives it
MIB = 1024**2
_RECORD = json.dumps(record("StopLogging")).encode()
_BEGUN = b'{"Records":[' + _RECORD[:-1] + b',"x":'


def numbers() -> Iterator[bytes]:
    yield b"["
    yield from repeat(b"0," * (MIB // 2), 600)
    yield b"0]"


def nothing() -> Iterator[bytes]:
    yield from repeat(bytes(MIB), 600)


def endless_text() -> Iterator[bytes]:
    yield _BEGUN + b'"'
    yield from repeat(b"a" * MIB, 600)
    yield b'"}]}'


def tiny_records() -> Iterator[bytes]:
    yield b'{"Records":['
    yield from repeat(b'{"eventName":"a"},' * 10_000, 200)
    yield b"{}]}"


KINDS = (numbers, nothing, endless_text, tiny_records)


def compressed(path: Path, pieces: Iterator[bytes]) -> None:
    packer = zlib.compressobj(1, wbits=31)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(packer.compress(piece))
        file.write(packer.flush())


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_watch_survives_and_tells_the_good_file(
    kind: Callable[[], Iterator[bytes]], tmp_path: Path
) -> None:
    archive = tmp_path / "in"
    archive.mkdir()
    compressed(archive / "a.json.gz", kind())
    good = record(
        "StopLogging", number=7, eventSource="cloudtrail.amazonaws.com", userIdentity={
            "type": "IAMUser", "userName": "bob", "accountId": "111122223333",
            "arn": "arn:aws:iam::111122223333:user/bob",
        },
    )  # fmt: skip
    (archive / "b.json").write_text(json.dumps({"Records": [good]}))
    command = (
        *(sys.executable, "-m", "trailwarden", "watch", str(archive), "--stack", "cis", "--once"),
        *("--home", str(tmp_path / "home"), "--since", "2020-01-01"),
    )
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=bounded, timeout=300, check=False
    )
    assert done.returncode == 3, done.stderr
    assert "user/bob" in done.stdout + done.stderr

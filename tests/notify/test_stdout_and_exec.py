"""Messages to standard output, and to programs of the user's own."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.notify.announcements import HOSTILE, composed, hostile, settings
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.notify import Channel
from trailwarden.notify.channels import open_channel


# --- stdout ----------------------------------------------------------------------------------
def stdout() -> Channel:
    return open_channel(settings("stdout"), home=None)


def test_a_line_per_message(capfd: pytest.CaptureFixture[str]) -> None:
    channel = stdout()
    assert channel.name == "pager"
    for _ in range(2):
        channel.send(composed())
        channel.close()
    assert capfd.readouterr().out == f"{composed().body}\n" * 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_on_a_terminal(capfd: pytest.CaptureFixture[str], name: str) -> None:
    message = hostile(HOSTILE[name])
    stdout().send(message)
    line = capfd.readouterr().out.removesuffix("\n")
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == json.loads(message.body)


def test_a_closed_pipe_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = open(writing, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a descriptor
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(DeliveryError, match="BrokenPipeError") as caught:
        stdout().send(composed())
    assert not caught.value.retryable
    with pytest.raises(BrokenPipeError):
        stream.close()
    with pytest.raises(DeliveryError, match="ValueError"):
        stdout().send(composed())


# --- exec ------------------------------------------------------------------------------------
def script(folder: Path, text: str, **options: Any) -> Channel:
    file = folder / "script.py"
    file.write_text(f"import os, signal, sys, time\n{text}\n", encoding="utf-8")
    command = (sys.executable, "-S", "-E", str(file))
    return open_channel(settings("exec", command=command, **options), home=None)


def failure(channel: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(composed())
    return caught.value


def test_a_command_gets_the_message(tmp_path: Path) -> None:
    message = composed(topic="t\n\ud800\0")
    script(
        tmp_path,
        f"os.chdir({str(tmp_path)!r})\n"
        "open('body', 'wb').write(sys.stdin.buffer.read())\n"
        "told = [os.environ['TRAILWARDEN_' + n] for n in ('ID', 'STATE', 'SUBJECT', 'TOPIC')]\n"
        "open('told', 'w').write('\\n'.join(told))\n",
    ).send(message)
    assert (tmp_path / "body").read_text("utf-8") == message.body
    told = (tmp_path / "told").read_text("utf-8").split("\n")
    assert told == ["a-1", "ALARM", message.subject, "t\\n\\ud800\\x00"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_reach_a_command_as_data(tmp_path: Path, name: str) -> None:
    message = hostile(HOSTILE[name])
    channel = open_channel(
        settings("exec", command=("/bin/sh", "-c", f"cat > {tmp_path}/body")), home=None
    )
    channel.send(message)
    assert (tmp_path / "body").read_bytes() == message.body.encode()


def test_a_command_that_does_not_read(tmp_path: Path) -> None:
    """Nothing waits for it to read a body that is larger than a pipe holds."""
    channel = open_channel(settings("exec", command=("true",)), home=None)
    channel.send(hostile("\U0001f4a3" * 9000))
    channel.close()


@pytest.mark.parametrize(("status", "retryable"), [(75, True), (1, False), (3, False)])
def test_the_status_says_whether_to_try_again(tmp_path: Path, status: int, retryable: bool) -> None:
    fault = failure(
        script(tmp_path, f"sys.stderr.write('no \\x1b[2J disk\\n' * 9000); sys.exit({status})")
    )
    assert fault.retryable is retryable
    assert f"status {status}: " in fault.message
    assert "no \\x1b[2J disk" in fault.message
    assert len(fault.message) < 500


def test_a_command_that_was_ended_from_outside_is_tried_again(tmp_path: Path) -> None:
    fault = failure(script(tmp_path, "os.kill(os.getpid(), signal.SIGTERM)"))
    assert fault.retryable
    assert f"signal {signal.SIGTERM:d}" in fault.message


def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    fault = failure(
        script(
            tmp_path,
            f"held = open({str(fifo)!r}, 'w')\n"
            "held.write('parent' if os.fork() else 'child')\n"
            "held.flush()\n"
            "time.sleep(600)",
            timeout=1,
        )
    )
    assert fault.retryable
    assert "longer than 1 s" in fault.message
    said = b""
    while select.select([reading], [], [], 20)[0] and (part := os.read(reading, 100)):
        said += part
    assert sorted((said.count(b"parent"), said.count(b"child"))) == [1, 1]
    assert os.read(reading, 1) == b""  # the end, not just silence: nobody holds it any more
    os.close(reading)


def test_a_command_that_vanished_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "pager"
    file.write_text("#!/bin/sh\n", encoding="utf-8")
    file.chmod(0o700)
    channel = open_channel(settings("exec", command=(str(file),)), home=None)
    channel.send(composed())
    file.unlink()
    fault = failure(channel)
    assert fault.retryable
    assert "No such file" in fault.message


@pytest.mark.parametrize(
    "command", [(), ("",), ("/no/such/program",), ("no-such-program-x",), ("true", "a\0b")]
)
def test_commands_that_cannot_be_meant(command: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"channels\.pager \(command\)"):
        open_channel(settings("exec", command=command), home=None)

"""What systemd is told, read from a real socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from trailwarden.watch.observability import Watchdog, notify_systemd, watchdog_pause


@pytest.fixture(params=["file", "abstract"])
def systemd(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """The socket of somebody who listens like systemd."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@trailwarden-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(name.replace("@", "\0") if name.startswith("@") else name)
        receiver.settimeout(10)
        yield receiver


def test_systemd_is_told(systemd: socket.socket) -> None:
    for state in ("READY=1", "WATCHDOG=1", "STATUS=12 alarms, one in ALARM", "STOPPING=1"):
        notify_systemd(state)
        assert systemd.recv(2000) == state.encode()


def test_a_status_is_never_two_assignments(systemd: socket.socket) -> None:
    notify_systemd("STATUS=alarm x\nMAINPID=1\n\ud800" + "y" * 5000)
    told = systemd.recv(9000)
    assert told.startswith(rb"STATUS=alarm x\nMAINPID=1\n\ud800yyy")
    assert b"\n" not in told
    assert len(told) < 1100


def test_without_systemd_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify_systemd("READY=1")
    assert not caplog.records


@pytest.mark.parametrize("name", ["/nowhere/notify", "vsock:2:9", "/" + "x" * 300])
def test_a_socket_that_cannot_be_used_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    notify_systemd("READY=1")
    assert "systemd cannot be told" in caplog.text


@pytest.mark.parametrize(
    ("allowed", "process", "pause"),
    [
        ("60000000", None, 30.0),
        ("60000000", "ours", 30.0),
        ("60000000", "1", None),
        ("0", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_the_pause_is_half_of_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, allowed: str | None, process: str | None, pause: float | None
) -> None:
    for name, value in (("WATCHDOG_USEC", allowed), ("WATCHDOG_PID", process)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, str(os.getpid()) if value == "ours" else value)
    assert watchdog_pause() == pause


def test_the_watchdog_hears_no_more_than_it_wants(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    now = 100.0
    watchdog = Watchdog(lambda: now)
    systemd.setblocking(False)
    told = []
    for _ in range(120):  # a minute, twice a second
        watchdog.alive()
        with suppress(BlockingIOError):
            told.append((now, systemd.recv(100)))
        now += 0.5
    assert told == [(100.0, b"WATCHDOG=1"), (130.0, b"WATCHDOG=1")]


def test_without_a_watchdog_nothing_is_told(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    Watchdog().alive()
    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(100)

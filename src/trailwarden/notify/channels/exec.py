"""Messages to a program of the user's own: the body on its standard input."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from threading import Thread
from typing import IO

from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.answers import header_text, quoted
from trailwarden.notify.channels.given import Given
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings

_TRY_AGAIN = os.EX_TEMPFAIL  # 75
_MOST_SAID = 4096  # bytes of standard error that are kept
_CURE = "run the command by hand, with a message on its standard input"


class ExecChannel:
    """Runs a command per message. Exit status 0 says delivered, 75 "try again", others "never".

    A command that takes too long is killed with its process group and tried again; so is one that
    was ended by a signal, as when the machine shuts down.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        given = Given(settings)
        self._name = settings.name
        self._command = given.many("command")
        self._timeout = given.seconds("timeout")
        if any("\0" in part for part in self._command):
            raise given.refused("command", "an argument has a NUL character", "leave it out")
        if shutil.which(self._command[0]) is None:
            raise given.refused(
                "command",
                "there is no such program, or it cannot be executed",
                "give its path, and make it executable",
            )

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Run the command and wait for it. Raises DeliveryError."""
        with tempfile.TemporaryFile() as body:
            body.write(message.body.encode())
            body.seek(0)
            process = self._start(body, message)
        said = _Said(process)
        try:
            status = process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise DeliveryError(
                f"the command took longer than {self._timeout:.0f} s and was killed",
                retryable=True,
                cure="make it quicker, or raise its timeout",
            ) from None
        except BaseException:
            _kill(process)
            raise
        if status != 0:
            raise _failure(status, said.text())

    def close(self) -> None:
        """No command outlives its message."""

    def _start(self, body: IO[bytes], message: Outgoing) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
                self._command,
                stdin=body,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_environment(message),
                start_new_session=True,  # a process group of its own, to be killed as one
            )
        except OSError as error:  # retried: programs are replaced while this runs
            raise DeliveryError(
                f"the command cannot be started: {error.strerror}", retryable=True, cure=_CURE
            ) from None


class _Said:
    """The end of what a process writes to its standard error, read while it runs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._kept = b""
        self._thread = Thread(target=self._read, args=(process.stderr,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while part := os.read(stream.fileno(), 65_536):
                self._kept = (self._kept + part)[-_MOST_SAID:]

    def text(self) -> str:
        # Something that the command left running may hold the pipe: it is not waited for.
        self._thread.join(timeout=1)
        return quoted(self._kept[-_MOST_SAID:])


def _environment(message: Outgoing) -> dict[str, str]:
    return {
        **os.environ,
        "TRAILWARDEN_ID": header_text(message.id),
        "TRAILWARDEN_STATE": message.state,
        "TRAILWARDEN_SUBJECT": header_text(message.subject),
        "TRAILWARDEN_TOPIC": header_text(message.topic),
    }


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(status: int, said: str) -> DeliveryError:
    words = f": {said}" if said else ""
    if status < 0:
        return DeliveryError(
            f"the command was ended by signal {-status}{words}", retryable=True, cure=_CURE
        )
    return DeliveryError(
        f"the command ended with status {status}{words}",
        retryable=status == _TRY_AGAIN,
        cure=_CURE,
    )

"""What systemd wants to know of a service: ready, alive, stopping. Without systemd, nothing."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable

from trailwarden.text import visible

_LONGEST = 1_000  # characters


def notify_systemd(state: str) -> None:
    """Tell systemd one thing: ``READY=1``, ``STOPPING=1``, ``WATCHDOG=1`` or ``STATUS=…``.

    Does nothing where systemd did not ask (no NOTIFY_SOCKET); a failure is logged. What follows a
    line feed in ``state`` never counts as another assignment.
    """
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path  # @: an abstract socket
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.connect(address)
            connection.sendall(visible(state, _LONGEST).encode("utf-8"))
    except OSError as error:
        logging.getLogger("trailwarden").warning(
            "systemd cannot be told", extra={"fields": {"socket": path, "error": error}}
        )


def watchdog_pause() -> float | None:
    """Seconds between two ``WATCHDOG=1``: half of what systemd allows. None where it asks none."""
    allowed = os.environ.get("WATCHDOG_USEC", "")
    process = os.environ.get("WATCHDOG_PID", "")
    if not allowed.isdecimal() or int(allowed) == 0 or process not in ("", str(os.getpid())):
        return None
    return int(allowed) / 2_000_000


class Watchdog:
    """Tells systemd that the work goes on, as often as it wants to hear that, and no more.

    ``clock`` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pause = watchdog_pause()
        self._next = clock()

    def alive(self) -> None:
        """To be called by the loop that does the work, each time round: it costs nothing."""
        if self._pause is None or self._clock() < self._next:
            return
        self._next = self._clock() + self._pause
        notify_systemd("WATCHDOG=1")

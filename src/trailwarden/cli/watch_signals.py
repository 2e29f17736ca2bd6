"""What the system tells a watch, and what it is told."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trailwarden.watch.observability import notify_systemd

if TYPE_CHECKING:
    from trailwarden.watch import Watch


@contextmanager
def stopped_by_signals(runner: Watch) -> Iterator[None]:
    """SIGTERM and the first Ctrl-C stop it gracefully; systemd is told what goes on."""

    def stop(number: int, frame: object) -> None:
        del frame
        notify_systemd("STOPPING=1")
        runner.stop()
        signal.signal(number, signal.SIG_DFL)  # a second one ends it at once

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    notify_systemd("READY=1")
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

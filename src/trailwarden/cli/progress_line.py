"""A progress display on standard error, drawn only once a scan turns out to be long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.scan import Progress

_REDRAW = 0.2  # seconds
_SPINNER = 2  # columns, with a blank


class ProgressLine:
    """Files, bytes, speed and the file being read. ``after`` is in seconds."""

    def __init__(self, *, after: float) -> None:
        self._started = time.monotonic()
        self._next = self._started + after
        self._files = 0
        self._live: Live | None = None
        self._console = Console(stderr=True)

    def update(self, progress: Progress) -> None:
        """Take note of ``progress``; redraw at most a few times a second."""
        now = time.monotonic()
        if progress.files < self._files:  # another pass has begun, with a speed of its own
            self._started = now
        self._files = progress.files
        if now < self._next:
            return
        self._next = now + _REDRAW
        text = Text(self._line(progress, now - self._started))
        text.truncate(self._console.width - _SPINNER, overflow="ellipsis")
        shown = Spinner("dots", text)
        if self._live is None:
            self._live = Live(shown, console=self._console, transient=True, refresh_per_second=8)
            self._live.start()
        else:
            self._live.update(shown)

    def _line(self, progress: Progress, seconds: float) -> str:
        mebibytes = progress.bytes / 1024 / 1024
        return (
            f"{plural(progress.files, 'file')}, {plural(progress.events, 'event')}, "
            f"{mebibytes:,.1f} MiB, {progress.events / max(seconds, _REDRAW):,.0f} events/s  "
            f"{visible(progress.at.rsplit('/', 1)[-1], 70)}"
        )

    def close(self) -> None:
        """Remove the display."""
        if self._live is not None:
            self._live.stop()

"""From the logging module to a stream that may go away at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import RLock
from typing import TextIO

from trailwarden.watch.observability.forms import Form
from trailwarden.watch.observability.line import Line, line_of
from trailwarden.watch.observability.repeats import Repeats


class LineHandler(logging.Handler):
    """Writes each record as a line. Safe to use from any thread.

    A stream that takes nothing (closed, full, nobody reads) never ends a run: what is lost is
    counted, and told once it takes lines again. ``clock`` is monotonic, in seconds.
    """

    def __init__(self, stream: TextIO, form: Form, clock: Callable[[], float]) -> None:
        super().__init__()
        self._stream = stream
        self._form = form
        self._clock = clock
        self._repeats = Repeats()
        self._lost = 0
        self._guard = RLock()

    def emit(self, record: logging.LogRecord) -> None:
        line = line_of(record)
        with self._guard:
            self._write(self._repeats.take(line, self._clock()))

    def write_due(self) -> None:
        """Write the counts whose time has come."""
        with self._guard:
            self._write(self._repeats.due(self._clock()))

    def close(self) -> None:
        with self._guard:
            self._write(self._repeats.rest())
        super().close()

    def _write(self, lines: list[Line]) -> None:
        for line in lines:
            self._lost = 0 if self._put(self._marked(line)) else self._lost + 1

    def _marked(self, line: Line) -> Line:
        return line.after_loss(self._lost) if self._lost else line

    def _put(self, line: Line) -> bool:
        text = self._form(line) + "\n"
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):  # the latter: closed
            return False
        return True

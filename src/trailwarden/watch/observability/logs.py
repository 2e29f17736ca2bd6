"""The log of a watch: lines with fields, for people at a terminal and for machines elsewhere."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, TextIO, get_args

from trailwarden.errors import UsageError
from trailwarden.text import visible
from trailwarden.watch.observability.forms import (
    Form,
    coloured_line,
    human_line,
    json_line,
    wants_colours,
)
from trailwarden.watch.observability.handler import LineHandler
from trailwarden.watch.observability.line import OWN, Level

Style = Literal["auto", "human", "json"]

_NUMBERS: dict[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
# Taken in from warnings up, whatever our level is: below that they write down what they send, with
# its signatures. Other libraries are left alone: Apprise, say, names URLs that hold passwords.
_LIBRARIES = ("boto3", "botocore", "s3transfer", "urllib3")


def open_log(
    style: Style = "auto",
    level: Level = "info",
    stream: TextIO | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Log:
    """The log, on ``stream`` (standard error). Lines that repeat within 60 s are counted.

    ``auto`` is for people on a terminal, JSON lines elsewhere. Raises UsageError for a style or a
    level that does not exist.
    """
    _check("log format", style, get_args(Style))
    _check("log level", level, get_args(Level))
    target = sys.stderr if stream is None else stream
    return Log(LineHandler(target, _form(style, target), clock), _NUMBERS[level])


class Log:
    """Says what happens. A message is constant and plain; what varies stands in the fields.

    Fields may hold anything, strings of attackers too: they are made harmless, cut, and a
    :class:`~trailwarden.settings.Secret` is ``***``. Lines of the same level, message and fields
    (numbers aside) are held back for 60 s and counted. Safe to use from any thread; never raises
    for what the stream does.
    """

    def __init__(self, handler: LineHandler, level: int) -> None:
        self._handler = handler
        self._logger = logging.getLogger(OWN)
        self._before = [
            (logger, logger.level, logger.propagate)
            for logger in map(logging.getLogger, (OWN, *_LIBRARIES))
        ]
        handler.setLevel(level)
        for logger, _, _ in self._before:
            logger.addHandler(handler)
            logger.setLevel(max(level, logging.WARNING))
            logger.propagate = False
        self._logger.setLevel(level)

    def debug(self, message: str, /, **fields: object) -> None:
        self._logger.debug("%s", message, extra={"fields": fields})

    def info(self, message: str, /, **fields: object) -> None:
        self._logger.info("%s", message, extra={"fields": fields})

    def warning(self, message: str, /, **fields: object) -> None:
        self._logger.warning("%s", message, extra={"fields": fields})

    def error(self, message: str, /, **fields: object) -> None:
        self._logger.error("%s", message, extra={"fields": fields})

    def bug(self, message: str, mistake: BaseException, /, **fields: object) -> None:
        """An error of ours, with its traceback."""
        self._logger.error("%s", message, exc_info=mistake, extra={"fields": fields})

    def flush(self) -> None:
        """Write the counts whose time has come. To be called now and then by who is idle."""
        self._handler.write_due()

    def close(self) -> None:
        """Write the counts that are left, and leave the logging module as it was."""
        for logger, level, propagate in self._before:
            logger.removeHandler(self._handler)
            logger.setLevel(level)
            logger.propagate = propagate
        self._handler.close()

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _form(style: Style, stream: TextIO) -> Form:
    if style == "json" or (style == "auto" and not _is_terminal(stream)):
        return json_line
    return coloured_line if wants_colours(stream, os.environ) else human_line


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _check(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise UsageError(
            f"{visible(given, 60)!r} is no {what}", cure=f"choose one of: {', '.join(known)}"
        )

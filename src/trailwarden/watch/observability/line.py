"""One line of the log, before it has a form; made from what the logging module hands over."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from trailwarden.times import from_epoch
from trailwarden.watch.observability.values import Plain, cut, plain

Level = Literal["debug", "info", "warning", "error"]
OWN = "trailwarden"  # the name of our logger

_OWN_KEYS = frozenset({"time", "level", "message"})
_LONGEST_TRACE = 20_000  # characters
_URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://(?:[^\s/?#'\"@]*@)?([^\s/?#'\"]*)[^\s'\"]*", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """``fields`` are in the order of the call; ``trace`` is a traceback, or empty."""

    time: datetime
    level: Level
    message: str
    fields: dict[str, Plain]
    trace: str = ""

    @property
    def sameness(self) -> tuple[object, ...]:
        """What two lines have in common that say the same: all but the time and the numbers."""
        told = ((name, repr(value)) for name, value in self.fields.items() if not _is_number(value))
        return (self.level, self.message, tuple(told), self.trace)

    def repeated(self, count: int) -> Line:
        """The line that says that so many like this one, the last of them, were held back."""
        message = f"{self.message} … {count:,} more"
        return replace(self, message=message, fields={**self.fields, "repeats": count})

    def after_loss(self, count: int) -> Line:
        """The line that also says that so many before it could not be written."""
        return replace(self, fields={**self.fields, "lost_before": count})


def line_of(record: logging.LogRecord) -> Line:
    """A record of the logging module as a line. ``fields`` come as its attribute of that name."""
    is_own = record.name.split(".", 1)[0] == OWN
    message = record.getMessage()
    given = getattr(record, "fields", {})
    fields = {_key(str(name)): plain(value) for name, value in given.items()}
    if not is_own:  # a library's: a URL may hold a secret in its path
        message = _URL.sub(r"\1://\2/…", message)
        fields["logger"] = record.name
    trace = ""
    if record.exc_info and record.exc_info[1] is not None:
        trace = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
    return Line(
        time=from_epoch(record.created),
        level=_level(record.levelno),
        message=cut(message),
        fields=fields,
        trace=cut(trace if is_own else _URL.sub(r"\1://\2/…", trace), _LONGEST_TRACE),
    )


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"


def _key(name: str) -> str:
    return f"{name}_" if name in _OWN_KEYS else cut(name, 100)


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""The forms of a log line: for a person at a terminal, and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TextIO

from trailwarden.text import visible
from trailwarden.times import format_instant
from trailwarden.watch.observability.line import Level, Line
from trailwarden.watch.observability.values import Plain

Form = Callable[[Line], str]

_COLOURS: dict[Level, str] = {"debug": "2", "info": "32", "warning": "33", "error": "1;31"}
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/@+*,%#~")


def json_line(line: Line) -> str:
    """One JSON object in ASCII, so that nothing in it moves a cursor or turns the text around."""
    entries: dict[str, Plain] = {
        "time": format_instant(line.time),
        "level": line.level,
        "message": line.message,
        **line.fields,
    }
    if line.trace:
        entries["trace"] = line.trace
    return json.dumps(entries).replace("\x7f", "\\u007f")


def human_line(line: Line) -> str:
    """Time, level, message and ``key=value``; a traceback follows on lines of its own."""
    return _human(line, lambda text, _code: text)


def coloured_line(line: Line) -> str:
    """The same with colours, for a terminal."""
    return _human(line, lambda text, code: f"\x1b[{code}m{text}\x1b[0m")


def wants_colours(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Colours only for a terminal that can show them, and nobody said NO_COLOR."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def _human(line: Line, paint: Callable[[str, str], str]) -> str:
    head = (
        f"{paint(format_instant(line.time), '2')} "
        f"{paint(f'{line.level.upper():7}', _COLOURS[line.level])} {visible(line.message)}"
    )
    fields = [f"{paint(_name(name), '2')}={_shown(value)}" for name, value in line.fields.items()]
    trace = [f"  {visible(row)}" for row in line.trace.splitlines()]
    return "\n".join(["  ".join([head, " ".join(fields)]) if fields else head, *trace])


def _name(name: str) -> str:
    return visible(name).replace(" ", "_").replace("=", "_")


def _shown(value: Plain) -> str:
    if isinstance(value, str):
        return value if value and _BARE.issuperset(value) else _quoted(value)
    return visible(json.dumps(value, ensure_ascii=False))


def _quoted(text: str) -> str:
    # Backslashes first: what is escaped cannot be told from what was written, otherwise.
    return '"' + visible(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'

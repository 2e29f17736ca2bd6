"""Text streams that cannot hold every character: a report must not fail for its encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_HANDLER = "trailwarden.plain"
_PLAIN = {
    "…": "...",
    "→": "->",
    "×": "x",  # noqa: RUF001
    "●": "*",
    "○": "o",
    "·": "-",
    "≥": ">=",
    "≤": "<=",
    "─": "-",
}


@contextmanager
def lenient(stream: IO[str]) -> Iterator[None]:
    """Let ``stream`` spell in ASCII what its encoding lacks, instead of raising."""
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    before = stream.errors
    stream.reconfigure(errors=_HANDLER)
    try:
        yield
    finally:
        stream.flush()
        stream.reconfigure(errors=before)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(character, character) for character in lost)
    return plain.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(_HANDLER, _plain)

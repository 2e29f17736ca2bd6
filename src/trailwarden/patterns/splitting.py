"""Splitting a message into the values of a space-delimited pattern (rule 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(r"\S+")
_CLOSING = {"[": "]", '"': '"'}


class Piece(NamedTuple):
    """One value of a message; ``start`` is where it begins, its delimiter included."""

    value: str
    start: int


def pieces(message: str) -> Iterator[Piece]:
    """The values of ``message``, in time proportional to its length.

    ``[…]`` and ``"…"`` are one value without their delimiters. Where the next closing delimiter
    is not followed by white space or the end, the opening one is ordinary text.
    """
    closings = _Closings(message)
    at = 0
    while found := _WORD.search(message, at):
        start = found.start()
        closing = _CLOSING.get(message[start])
        end = closings.after(start + 1, closing) if closing else -1
        if end >= 0 and (end + 1 == len(message) or message[end + 1].isspace()):
            yield Piece(message[start + 1 : end], start)
            at = end + 1
        else:
            yield Piece(found[0], start)
            at = found.end()


class _Closings:
    """Finds closing delimiters; each is looked for once, however many openings ask for it."""

    def __init__(self, message: str) -> None:
        self._message = message
        self._found = dict.fromkeys(_CLOSING.values(), 0)

    def after(self, start: int, delimiter: str) -> int:
        """The place of the next ``delimiter`` from ``start`` on, or -1."""
        known = self._found[delimiter]
        if 0 <= known < start:
            known = self._found[delimiter] = self._message.find(delimiter, start)
        return known

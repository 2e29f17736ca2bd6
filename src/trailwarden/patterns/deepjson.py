"""JSON nested deeper than the interpreter's stack: the same decoding, without recursion.

Nesting is in the sender's hand, so it must neither crash a run nor hide a record.
"""

from __future__ import annotations

import re
from typing import Any

from trailwarden.patterns.numbertext import DECODER

_BLANKS = re.compile(r"[ \t\n\r]*")


def decode_deep(text: str) -> Any:
    """Decode ``text``, one JSON value of any depth. Raises ValueError."""
    return _Decoder(text).decode()


class _Decoder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str] = []  # of the members whose values are being read

    def decode(self) -> Any:
        while True:
            if self._take("{"):
                self._open.append({})
                if not self._take("}"):
                    self._key()
                    continue
                value: Any = self._open.pop()
            elif self._take("["):
                self._open.append([])
                if not self._take("]"):
                    continue
                value = self._open.pop()
            else:
                value = self._scalar()
            value = self._close(value)
            if not self._open:
                if self._at < len(self._text):
                    raise ValueError("text after the JSON value")
                return value

    def _close(self, value: Any) -> Any:
        """Put ``value`` where it belongs, and every container that ends with it."""
        while self._open:
            parent = self._open[-1]
            if isinstance(parent, list):
                parent.append(value)
            else:
                parent[self._keys.pop()] = value
            if self._take(","):
                if isinstance(parent, dict):
                    self._key()
                return value
            self._expect("]" if isinstance(parent, list) else "}")
            value = self._open.pop()
        self._skip_blanks()
        return value

    def _key(self) -> None:
        self._skip_blanks()
        if not self._text.startswith('"', self._at):
            raise ValueError("a key must stand here")
        self._keys.append(self._scalar())
        self._expect(":")

    def _scalar(self) -> Any:
        self._skip_blanks()
        value, self._at = DECODER.raw_decode(self._text, self._at)
        return value

    def _take(self, mark: str) -> bool:
        self._skip_blanks()
        if not self._text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"{mark} must stand here")

    def _skip_blanks(self) -> None:
        found = _BLANKS.match(self._text, self._at)
        if found is not None:
            self._at = found.end()

"""Where every key of a TOML text stands. The parser of the standard library does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Place:
    """``line`` and ``column`` (in characters) count from 1."""

    line: int
    column: int


def places_of(text: str) -> Mapping[KeyPath, Place]:
    """The place of every key, table and element of ``text``, which is valid TOML.

    An element of an array is the array's path and its number: ``("sources", 0, "type")``.
    """
    scanner = _Scanner(text)
    scanner.run()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return {path: _place(offset, starts) for path, offset in scanner.found.items()}


def spelled(path: KeyPath) -> str:
    """``sources[0].type``; keys that are no bare keys are quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            shown = part if _BARE.fullmatch(part) else f'"{part}"'
            text += f".{shown}" if text else shown
    return text


def _place(offset: int, starts: list[int]) -> Place:
    line = bisect_right(starts, offset)
    return Place(line, offset - starts[line - 1] + 1)


class _Scanner:
    """Walks over valid TOML and notes the offset of each path."""

    def __init__(self, text: str) -> None:
        self.found: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._sizes: dict[KeyPath, int] = {}  # of arrays of tables

    def run(self) -> None:
        table: KeyPath = ()
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            table = self._header() if self._is_at("[") else self._pair(table)

    def _header(self) -> KeyPath:
        """``[table]`` or ``[[array of tables]]``: the path of the table that it opens."""
        start, is_array = self._at, self._is_at("[[")
        self._at += 2 if is_array else 1
        *parents, last = self._key()
        self._at += 2 if is_array else 1
        path = self._open((), parents, start)
        if not is_array:
            return self._open(path, [last], start)
        path = (*path, last)
        number = self._sizes.get(path, 0)
        self._sizes[path] = number + 1
        self.found.setdefault(path, start)
        self.found[*path, number] = start
        return (*path, number)

    def _open(self, path: KeyPath, parts: list[str], start: int) -> KeyPath:
        """Go down from ``path``; in an array of tables, into its last one."""
        for part in parts:
            path = (*path, part)
            self.found.setdefault(path, start)
            if path in self._sizes:
                path = (*path, self._sizes[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> KeyPath:
        """``key = value`` in ``table``, which is returned."""
        path, start = table, self._at
        for part in self._key():
            path = (*path, part)
            self.found.setdefault(path, start)
        self._skip(_SPACE)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)
        return table

    def _value(self, path: KeyPath) -> None:
        if self._is_at("["):
            self._elements(path)
        elif self._is_at("{"):
            self._members(path)
        else:
            self._skip(_STRING if self._is_at('"') or self._is_at("'") else _SCALAR)

    def _elements(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while self._goes_on("]"):
            self.found[*path, number] = self._at
            self._value((*path, number))
            number += 1

    def _members(self, path: KeyPath) -> None:
        self._at += 1
        while self._goes_on("}"):
            self._pair(path)

    def _goes_on(self, end: str) -> bool:
        """Whether another part comes before the bracket ``end``, which is passed otherwise."""
        self._skip(_BLANK)
        if self._is_at(","):
            self._at += 1
            self._skip(_BLANK)
        if not self._is_at(end):
            return True
        self._at += 1
        return False

    def _key(self) -> list[str]:
        """A key's parts: bare, quoted, joined by dots."""
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            is_quoted = self._is_at('"') or self._is_at("'")
            raw = self._skip(_STRING if is_quoted else _BARE)
            parts.append(tomllib.loads(f"key = {raw}")["key"] if is_quoted else raw)
            self._skip(_SPACE)
            if not self._is_at("."):
                return parts
            self._at += 1

    def _is_at(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError("not the text that was parsed")
        self._at = found.end()
        return found[0]

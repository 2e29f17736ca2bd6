"""JSON templates into nodes. YAML parsers stumble over its tabs and surrogates."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from trailwarden.errors import DefinitionError, Location
from trailwarden.stack.nodes import Document, Mark, Scalar, ScalarKind
from trailwarden.stack.tree import TreeBuilder

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<punctuation>[{}\[\],:])'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z]+)|(?P<blank>[ \t\r\n]+)",
    re.ASCII,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, ScalarKind] = {"true": "flag", "false": "flag", "null": "null"}
_VALUES = frozenset({"string", "number", "word", "{", "["})
_NOTHING = "nothing more"
# What may be due, and by which tokens it is met.
_DUE = {
    "a value": _VALUES,
    "a value or ]": _VALUES | {"]"},
    "a key in double quotes": {"string"},
    "a key in double quotes or }": {"string", "}"},
    "a colon": {":"},
    "a comma or ]": {",", "]"},
    "a comma or }": {",", "}"},
    _NOTHING: frozenset(),
}


def read_json(text: str, source: str) -> Document:
    """Read a JSON document.

    Raises :class:`~trailwarden.errors.DefinitionError` with line and column.
    """
    return _Reader(text, source).read()


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._tree = TreeBuilder(source)
        self._closers: list[str] = []  # of all lists and objects that are open
        self._position = 0
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def read(self) -> Document:
        due = "a value"
        while (token := self._token()) is not None:
            due = self._take(token, due)
            self._position = token.end()
        if due != _NOTHING or self._tree.root is None:
            raise self._refused(f"{due} must stand at the end")
        duplicates = tuple(self._tree.duplicates)
        return Document(self._source, self._tree.root, duplicates=duplicates)

    def _token(self) -> re.Match[str] | None:
        while self._position < len(self._text):
            found = _TOKEN.match(self._text, self._position)
            if found is None:
                raise self._refused("this character cannot stand here")
            if found.lastgroup != "blank":
                return found
            self._position = found.end()
        return None

    def _take(self, token: re.Match[str], due: str) -> str:
        """Use one token where ``due`` is due; return what is due after it."""
        kind = token[0] if token.lastgroup == "punctuation" else token.lastgroup
        if kind not in _DUE[due]:
            raise self._refused(f"{due} must stand here")
        if kind == ":":
            return "a value"
        if kind == ",":
            return "a key in double quotes" if self._closers[-1] == "}" else "a value"
        if kind in ("}", "]"):
            self._closers.pop()
            self._tree.end()
        elif kind in ("{", "["):
            self._tree.begin(self._mark(), is_object=kind == "{")
            self._closers.append("}" if kind == "{" else "]")
            return "a key in double quotes or }" if kind == "{" else "a value or ]"
        else:
            is_key = self._tree.expects_key()
            self._tree.scalar(self._scalar(token))
            if is_key:
                return "a colon"
        return f"a comma or {self._closers[-1]}" if self._closers else _NOTHING

    def _scalar(self, token: re.Match[str]) -> Scalar:
        text, mark = token[0], self._mark()
        if token.lastgroup == "number":
            return Scalar(text, mark, "number")
        if token.lastgroup == "word":
            if text not in _WORDS:
                raise self._refused("a text must stand in double quotes")
            return Scalar(text, mark, _WORDS[text])
        try:
            value: str = json.loads(text)
        except ValueError:
            raise self._refused("the text holds an escape that JSON does not have") from None
        if _SURROGATE.search(value):
            raise self._refused("the text holds half a character (a lone surrogate)")
        return Scalar(value, mark)

    def _mark(self) -> Mark:
        line = bisect_right(self._line_starts, self._position)
        return Mark(line, self._position - self._line_starts[line - 1] + 1)

    def _refused(self, message: str) -> DefinitionError:
        line, column = self._mark()
        return DefinitionError(
            f"the JSON cannot be read: {message}",
            location=Location(self._source, line, column),
            cure="look at the commas, quotes and brackets there and just before",
        )

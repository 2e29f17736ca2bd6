"""Regular expressions of patterns (section 4): checked, and searched for in linear time.

The language is small: no groups, no lookaround, no flags. Each expression is read here and
written anew for RE2, so that what it means never depends on what else an engine understands.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn

import re2

from trailwarden.patterns.messages import well_formed

ALLOWED = frozenset(string.ascii_letters + string.digits + "_#=@/;,-: ^$?[]{}|\\*+.")
_PLAIN = frozenset(string.ascii_letters + string.digits + "_#=@/;,: ")
_HEX = frozenset(string.hexdigits)
_BOUNDS = re.compile(r"\{(?:([0-9]+)|([0-9]*),([0-9]*))\}")
_MOST_REPEATS = 1000  # what RE2 can hold
# Instructions: a hostile text can cost as many steps for each of its characters.
_LARGEST_PROGRAM = 10_000
# Class escape: (outside a class, inside one). RE2's own \s lacks the vertical tab.
_CLASSES = {
    **{letter: (f"\\{letter}", f"\\{letter}") for letter in "dDwW"},
    "s": ("[[:space:]]", "[:space:]"),
    "S": ("[[:^space:]]", "[:^space:]"),
}


class RegexSyntaxError(ValueError):
    """An expression that does not compile. ``offset`` counts from the start of its source."""

    def __init__(self, message: str, offset: int, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.cure = cure


def check(source: str) -> None:
    """Raise RegexSyntaxError where ``source`` (of ALLOWED characters) does not compile."""
    _compiled(source)


def searcher(source: str) -> Callable[[str], bool]:
    """A function that says whether the expression is found in a text."""
    search = _compiled(source).search

    def found(text: str) -> bool:
        try:
            encoded = text.encode("utf-8")
        except UnicodeEncodeError:
            encoded = well_formed(text).encode("utf-8")
        return search(encoded) is not None

    return found


@lru_cache(maxsize=1024)
def _compiled(source: str) -> re2._Regexp:
    translated = _Translator(source).translate()
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(translated.encode("ascii"), options)
    except re2.error:
        compiled = None
    if compiled is None or compiled.programsize > _LARGEST_PROGRAM:
        raise RegexSyntaxError(
            "this regular expression is too large", len(source), "use smaller repetition counts"
        )
    return compiled


class _Translator:
    """Reads an expression and writes it in RE2's syntax."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def translate(self) -> str:
        written: list[str] = []
        repeatable = False
        while self._at < len(self._source):
            char = self._source[self._at]
            if char in "*+?" or (char == "{" and _BOUNDS.match(self._source, self._at)):
                written.append(self._quantifier(repeatable))
                repeatable = False
                continue
            repeatable = char not in "^$|"
            if char == "\\":
                written.append(self._escape(in_class=False)[0])
            elif char == "[":
                written.append(self._class())
            else:
                written.append(char if char in "^$|." else _literal(char))
                self._at += 1
        return "".join(written)

    def _quantifier(self, repeatable: bool) -> str:
        start = self._at
        if not repeatable:
            self._fail("there is nothing to repeat here", start)
        bounds = _BOUNDS.match(self._source, start)
        written = self._bounds(bounds) if bounds else self._source[start]
        self._at = bounds.end() if bounds else start + 1
        if self._source.startswith("?", self._at):  # as few as possible: the same answer
            self._at += 1
        return written

    def _bounds(self, found: re.Match[str]) -> str:
        exact, least, most = found.groups()
        low, high = (exact, exact) if exact else (least or "0", most)
        for count in filter(None, (low, high)):
            if int(count) > _MOST_REPEATS:
                self._fail(f"more than {_MOST_REPEATS:,} repetitions are not supported", self._at)
        if high and int(low) > int(high):
            self._fail("the smaller count must come first", self._at)
        return f"{{{int(low)},{int(high) if high else ''}}}"

    def _escape(self, *, in_class: bool) -> tuple[str, str | None]:
        """Read an escape: what RE2 is given, and the character if it stands for one."""
        start = self._at
        letter = self._source[start + 1 : start + 2]
        self._at += 2
        if not letter:
            self._fail("a character must follow the backslash", len(self._source))
        if letter in _CLASSES:
            return _CLASSES[letter][in_class], None
        if letter == "x":
            digits = self._source[self._at : self._at + 2]
            if len(digits) < 2 or not _HEX.issuperset(digits):
                self._fail("two hexadecimal digits must follow \\x", self._at)
            self._at += 2
            return f"\\x{{{digits}}}", chr(int(digits, 16))
        if letter.isalnum():
            self._fail(
                f"\\{letter} means nothing here",
                start + 1,
                r"the escapes are \d \D \s \S \w \W \xhh, and a backslash before an operator",
            )
        return _literal(letter), letter

    def _class(self) -> str:
        self._at += 1
        written = "["
        if self._source.startswith("^", self._at):
            self._at += 1
            written += "^"
        first = self._at
        while self._at == first or not self._source.startswith("]", self._at):
            text, low = self._member()
            written += text
            if low is not None and self._source.startswith("-", self._at):
                written += self._range_end(low)
        self._at += 1
        return written + "]"

    def _member(self) -> tuple[str, str | None]:
        if self._at >= len(self._source):
            self._fail("] must close the class", len(self._source))
        char = self._source[self._at]
        if char == "\\":
            return self._escape(in_class=True)
        self._at += 1
        return _literal(char), char

    def _range_end(self, low: str) -> str:
        """Read ``-z`` after ``low``; nothing where the hyphen is the last of the class."""
        if self._source.startswith("-]", self._at):
            return ""
        self._at += 1
        start = self._at
        text, high = self._member()
        if high is None or high < low:
            self._fail("this range ends before it begins", start)
        return f"-{text}"

    def _fail(self, message: str, offset: int, cure: str = "") -> NoReturn:
        raise RegexSyntaxError(message, offset, cure)


def _literal(char: str) -> str:
    return char if char in _PLAIN else f"\\{char}"

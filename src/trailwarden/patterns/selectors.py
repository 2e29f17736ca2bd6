"""Parsing a selector: ``$.userIdentity.type``, ``$.items[*].['a/b']``."""

from __future__ import annotations

import re
from functools import lru_cache

from trailwarden.errors import PatternError
from trailwarden.patterns.model import AnyElement, AnyMember, Index, Key, Selector, Step
from trailwarden.patterns.scanner import Scanner

MAX_WILDCARDS = 1
_DIGITS = re.compile(r"[0-9]+")
_TOO_MANY_WILDCARDS = (
    "Your filter pattern has a JSON path selector that exceeds the maximum of "
    f"{MAX_WILDCARDS} wildcard allowed per json selector."
)


@lru_cache(maxsize=4096)
def parse_selector(text: str) -> Selector:
    """Parse ``text``, which must be a selector and nothing else. Raises PatternError."""
    scanner = Scanner(text)
    selector = take_selector(scanner)
    if len(text) != scanner.at or not text.startswith("$"):
        raise PatternError("the selector ends here", pattern=text, offset=scanner.at)
    return selector


def take_selector(scanner: Scanner) -> Selector:
    """The selector that stands here; the scanner is at its ``$``."""
    return _SelectorReader(scanner).read()


class _SelectorReader:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._start = scanner.at
        self._steps: list[Step] = []

    def read(self) -> Selector:
        scanner = self._scanner
        if not scanner.take("$"):
            raise scanner.error("a selector must begin with $")
        if scanner.peek() != ".":
            raise self._error_after_dollar()
        while True:
            start = scanner.at
            if scanner.take("."):
                self._add(self._member(), start)
            elif scanner.take("["):
                self._add(self._index(start), start)
            else:
                return Selector(tuple(self._steps))

    def _add(self, step: Step, start: int) -> None:
        if isinstance(step, AnyElement | AnyMember):
            if Selector(tuple(self._steps)).has_wildcard:
                raise self._scanner.error(
                    f"a selector can have at most {MAX_WILDCARDS} wildcard",
                    offset=start,
                    aws_message=_TOO_MANY_WILDCARDS,
                )
            self._scanner.count_wildcard_selector(start)
        self._steps.append(step)

    def _member(self) -> Step:
        scanner = self._scanner
        if scanner.take("*"):
            return AnyMember()
        key = scanner.take_key()
        if key:
            return Key(key)
        if scanner.take("["):
            return self._bracketed_key()
        char = scanner.peek()
        cure = "a key with other characters is written $.['key']"
        if char == ".":
            cure = "there is no recursive descent: write the whole path"
        message = "a key, * or ['key'] must follow the dot"
        if not char:
            raise scanner.error(message, cure=cure)
        raise scanner.lexical_error(self._start, message, cure)

    def _bracketed_key(self) -> Key:
        scanner = self._scanner
        start = scanner.at - 1
        if not scanner.take("'"):
            cure = ""
            if scanner.peek().isdigit() or scanner.peek() == "*":
                cure = "an index follows without a dot: $.list[0]"
            elif scanner.peek() == '"':
                cure = "keys in brackets have single quotation marks: $.['key']"
            raise scanner.error("a single quotation mark must follow .[", cure=cure)
        close = scanner.text.find("'", scanner.at, scanner.end)
        if close < 0:
            scanner.at = scanner.end
            raise scanner.error(f"the key at offset {start} is never closed: '] must stand here")
        key = scanner.text[scanner.at : close]
        scanner.at = close + 1
        if not scanner.take("]"):
            raise scanner.error("] must follow the key's closing quotation mark")
        return Key(key)

    def _index(self, start: int) -> Step:
        scanner = self._scanner
        if scanner.take("*"):
            step: Step = AnyElement()
        else:
            digits = _DIGITS.match(scanner.text, scanner.at, scanner.end)
            if digits is None:
                raise self._error_in_index(start, "a number or * must follow the bracket")
            scanner.at = digits.end()
            step = Index(int(digits[0]))
        if not scanner.take("]"):
            raise self._error_in_index(start, "] must stand here")
        return step

    def _error_in_index(self, start: int, message: str) -> PatternError:
        char = self._scanner.peek()
        cures = {
            "-": "indexes count from 0 at the start; there are no negative ones",
            ":": "there are no slices: name one index, or * for any",
            "'": "a key in brackets follows a dot: $.a.['key']",
            '"': "a key in brackets follows a dot and has single quotation marks: $.a.['key']",
        }
        if not char:
            return self._scanner.error(message)
        return self._scanner.lexical_error(start, message, cures.get(char, ""))

    def _error_after_dollar(self) -> PatternError:
        scanner = self._scanner
        cure = "a selector looks like $.eventName or $.['a key'].list[0]"
        key = scanner.take_key()
        if key:
            scanner.at -= len(key)
            cure = f"did you mean $.{key}"
        elif scanner.peek() == "[":
            cure = "the message must be an object: a key must come first, as in $.list[0]"
        return scanner.error("a dot must follow the $", cure=cure)

"""Where a JSON value ends, in bytes that may be damaged.

The standard library's decoder reads one value and tells where it ended, or where it went wrong.
It gets a window of the bytes, as Latin-1 so that characters are bytes, and a larger one where the
window cut the value. So the cost stays linear in the size of the file, however often it is broken,
and memory stays bounded.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

_WINDOW = 32 * 1024
_LARGEST_WINDOW = 2 * 1024 * 1024  # the decoder makes objects of what it reads
_TAIL = re.compile(r"[^\s{}\[\],:\"]{0,12}\s*\Z")
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
_BLANK = rb"[ \t\r\n]*+"
_SCALAR = rb"(?:" + _STRING + rb"|" + _NUMBER + rb"|true|false|null)"
_SIMPLE = rb"(?:" + _SCALAR + rb"|\{" + _BLANK + rb"\}|\[" + _BLANK + rb"\])"
_VALUE = re.compile(_BLANK + rb"(?:(?P<open>[\[{])|" + _SCALAR + rb")")
_ELEMENTS = re.compile(rb"(?:" + _BLANK + _SIMPLE + _BLANK + rb",)++")
_MEMBERS = re.compile(
    rb"(?:" + _BLANK + _STRING + _BLANK + rb":" + _BLANK + _SIMPLE + _BLANK + rb",)++"
)
_NAME = re.compile(rb"[ \t\r\n]*+" + _STRING + rb"[ \t\r\n]*+:")
_CLOSED = re.compile(rb"[ \t\r\n]*+[\]}]")
_FOLLOWING = re.compile(rb"[ \t\r\n]*+[,\]}]")
_BRACE, _COMMA = b"{,"
_LONGEST_WORD = 12
_SPACE = re.compile(rb"[ \t\r\n]*")


class BrokenValueError(Exception):
    """A value that cannot be read, because of what stands at ``where``. ``code`` is a fault's."""

    def __init__(self, code: str, where: int) -> None:
        super().__init__(code)
        self.code = code
        self.where = where

    def again(self, start: int) -> BrokenValueError:
        """The same for a value that begins at ``start``, inside the one that was read."""
        return BrokenValueError(self.code, start if self.code == "truncated-json" else self.where)


def _refuse(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


# Numbers need not be understood here, and Python refuses to read very long ones.
_decode = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=_refuse).raw_decode


class Values:
    """Finds the ends of values in ``data``; fast where they are asked for in order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._start = 0
        self._window = ""
        # Where brackets stand that do not close before some error: a value that begins at one of
        # them meets the same, so that nested beginnings are not read to the end again and again.
        self._unclosed: dict[int, BrokenValueError] = {}

    def end(self, at: int) -> int:
        """The offset behind the value that begins at ``at``. Raises BrokenValueError."""
        if at in self._unclosed:
            raise self._unclosed[at].again(at)
        size = _WINDOW
        # An error costs the decoder a pass over its window, so a large one is not kept.
        if len(self._window) > _WINDOW or not 0 <= at - self._start < len(self._window):
            self._load(at, size)
        while True:
            end = self._end_in_window(at)
            if end is not None:
                return end
            if at == self._start:
                size *= 4
            if size > _LARGEST_WINDOW:
                return self._end_by_tokens(at)
            self._load(at, size)

    def _load(self, at: int, size: int) -> None:
        self._start = at
        self._window = self._data[at : at + size].decode("latin-1")

    def _end_in_window(self, at: int) -> int | None:
        """The end of the value; None where the window may have cut it."""
        is_last = self._start + len(self._window) >= len(self._data)
        try:
            end = _decode(self._window, at - self._start)[1]
        except RecursionError:
            return self._end_by_tokens(at)
        except json.JSONDecodeError as error:
            if not self._may_be_cut(error):
                raise BrokenValueError("broken-json", self._start + error.pos) from None
            if is_last:
                raise BrokenValueError("truncated-json", at) from None
            return None
        except ValueError:
            raise BrokenValueError("broken-json", at) from None
        # A number at the very end may have further digits.
        return self._start + end if is_last or end < len(self._window) else None

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or bool(
            _TAIL.match(self._window, error.pos)
        )

    def _end_by_tokens(self, start: int) -> int:
        """The end of a value that is too deep or too wide for the decoder, token by token."""
        opened: list[int] = []  # where the open brackets stand
        try:
            return self._end_of_tokens(start, opened)
        except BrokenValueError as broken:
            self._unclosed.update(dict.fromkeys(opened, broken))
            raise

    def _end_of_tokens(self, start: int, places: list[int]) -> int:
        data, at = self._data, start
        closing = bytearray()  # of the open brackets
        while True:
            found = _VALUE.match(data, at)
            if found is None:
                raise self._broken(start, at)
            at = found.end()
            opened = data[at - 1]
            if found.lastgroup == "open":
                closing.append(opened + 2)  # "[" and "]", "{" and "}" are two apart in ASCII
                places.append(at - 1)
                if (empty := _CLOSED.match(data, at)) is None:
                    at = self._next(start, at, opened + 2)
                    continue
                if data[empty.end() - 1] != closing[-1]:
                    raise self._broken(start, at)
                closing.pop()
                places.pop()
                at = empty.end()
            while closing:
                if (following := _FOLLOWING.match(data, at)) is None:
                    raise self._broken(start, at)
                at = following.end()
                if data[at - 1] == _COMMA:
                    at = self._next(start, at, closing[-1])
                    break
                if data[at - 1] != closing[-1]:
                    raise self._broken(start, at - 1)
                closing.pop()
                places.pop()
            if not closing:
                return at

    def _next(self, start: int, at: int, closing: int) -> int:
        """Where the next value begins that is neither a scalar with a comma nor an empty one."""
        if closing != _BRACE + 2:
            return run.end() if (run := _ELEMENTS.match(self._data, at)) else at
        if run := _MEMBERS.match(self._data, at):
            at = run.end()
        if (name := _NAME.match(self._data, at)) is None:
            raise self._broken(start, at)
        return name.end()

    def _broken(self, start: int, at: int) -> BrokenValueError:
        """What is wrong with the token at ``at``: the end of the file, or another text there."""
        rest = self._data[at : at + 64].lstrip()
        ends = len(self._data) - at <= _LONGEST_WORD or not rest
        if ends or (rest.startswith(b'"') and self._data.find(b'"', at + 64 - len(rest)) < 0):
            return BrokenValueError("truncated-json", start)
        return BrokenValueError("broken-json", at)


def skip_space(data: bytes, at: int) -> int:
    """The offset of the next byte that is not white space."""
    found = _SPACE.match(data, at)
    return found.end() if found else at

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
_LARGEST = 16 * 1024 * 1024
_TAIL = re.compile(r"[^\s{}\[\],:\"]{0,12}\s*\Z")
_MARK = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*")


class BrokenValueError(Exception):
    """A value that cannot be read, because of what stands at ``where``. ``code`` is a fault's.

    ``resume`` is the end of the value where that could be found all the same.
    """

    def __init__(self, code: str, where: int, resume: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.resume = resume


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

    def end(self, at: int) -> int:
        """The offset behind the value that begins at ``at``. Raises BrokenValueError."""
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
            if size > _LARGEST:
                raise BrokenValueError("too-large-record", at, self._behind(at))
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
            raise BrokenValueError("too-deep", at, self._behind(at)) from None
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

    def _behind(self, at: int) -> int:
        """The end of a value that is too much for the decoder, by its brackets alone."""
        depth = 0
        for mark in _MARK.finditer(self._data, at):
            first = self._data[mark.start()]
            if first in b"{[":
                depth += 1
            elif first in b"}]":
                depth -= 1
            if depth <= 0:
                return mark.end()
        return len(self._data)


def skip_space(data: bytes, at: int) -> int:
    """The offset of the next byte that is not white space."""
    found = _SPACE.match(data, at)
    return found.end() if found else at

"""JSON that any terminal, encoding and parser can take: ASCII only, no lone surrogates, finite."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from typing import IO

MAX_DEPTH = 100  # deeper records stay text: not every reader's parser goes further
_UNSAFE = re.compile(r"[^ -~]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def encode(value: object) -> str:
    """``value`` as one line of ASCII JSON.

    A lone surrogate, which no UTF-8 text can hold, becomes the six characters of its escape
    (``\\ud800``). Raises ValueError for a number that is not finite.
    """
    return _UNSAFE.sub(lambda found: _escape(ord(found[0])), _ENCODER.encode(value))


def _escape(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        return f"\\\\u{code:04x}"
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def write(stream: IO[str], value: object, indent: str = "") -> None:
    """Write ``value`` piece by piece: an Iterator becomes an array with one item a line."""
    inner = indent + " "
    if isinstance(value, Iterator):
        separator = "["
        for item in value:
            stream.write(f"{separator}\n{inner}")
            write(stream, item, inner)
            separator = ","
        stream.write("[]" if separator == "[" else f"\n{indent}]")
    elif isinstance(value, dict) and any(isinstance(item, Iterator) for item in value.values()):
        separator = "{"
        for key, item in value.items():
            stream.write(f"{separator}\n{inner}{encode(key)}: ")
            write(stream, item, inner)
            separator = ","
        stream.write(f"\n{indent}}}")
    else:
        stream.write(encode(value))


def text_of(value: object) -> str:
    """What :func:`write` writes, as a text."""
    stream = io.StringIO()
    write(stream, value)
    return stream.getvalue()


def parsed(text: str) -> object:
    """The value of a JSON text; ``text`` itself where no strict parser would read it."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return text
    return value if _is_shallow(value) else text


def finite(value: float | None) -> float | None:
    """``value``, or None where JSON has no number for it."""
    return value if value is not None and math.isfinite(value) else None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is out of range")
    return value


def _is_shallow(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False

"""JSON nested deeper than decoders go: cut, so that what lies above can be read.

How deep a record is lies in the hand of whoever made the call. It must not decide whether the
record is judged, and neither may how much of the interpreter's stack is in use.
"""

from __future__ import annotations

import re

DEEPEST = 200  # levels that are decoded; AWS's own calls have a tenth of that
# Texts, brackets, and what may stand between them: one match for each.
_MARK = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)


def pruned(data: bytes, deepest: int = DEEPEST) -> bytes:
    """A JSON value with ``null`` in place of what is nested deeper than ``deepest`` levels."""
    if data.count(b"{") + data.count(b"[") <= deepest:
        return data
    pieces: list[bytes] = []
    depth = kept = 0
    for mark in _MARK.finditer(data):
        first = data[mark.start()]
        if first in b"{[":
            depth += 1
            if depth == deepest + 1:
                pieces += (data[kept : mark.start()], b"null")
        elif first in b"}]":
            if depth == deepest + 1:
                kept = mark.end()
            depth -= 1
    if not pieces:
        return data
    pieces.append(data[kept:])
    return b"".join(pieces)

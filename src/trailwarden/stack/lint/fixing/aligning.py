"""Which characters of a template stand for which characters of a text in it.

Quotation marks double, escapes stand for characters, lines are folded and indented: an edit of a
part of a text has to find that part as it is written.
"""

from __future__ import annotations

import json
import re

from trailwarden.stack.lint.fixing.spots import ScalarSpot, Style

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|x[0-9a-fA-F]{2}|.)")
_BLANK = " \t\r\n"


def align(text: str, spot: ScalarSpot) -> list[tuple[int, int]] | None:
    """For each character of ``spot.value`` where it begins and ends in ``text``.

    A run of blanks may stand for another one. None where the two cannot be brought together.
    """
    at, stop = spot.begin, spot.end
    if spot.style in ("single", "double", "json"):
        at, stop = at + 1, stop - 1
    elif spot.style == "block":
        at = text.find("\n", at, stop) + 1  # the header: |, >-, |2
    found: list[tuple[int, int]] = []
    for character in spot.value:
        if character in _BLANK:
            end = at
            while end < stop and text[end] in _BLANK and character != " ":
                end += 1
            if character == " " and end < stop and text[end] in _BLANK:
                end = at + 1
            found.append((at, end))
            at = end
            continue
        while at < stop and text[at] in _BLANK:
            at += 1
        size = _size(text, at, stop, character, spot.style)
        if size == 0:
            return None
        found.append((at, at + size))
        at += size
    return found


def _size(text: str, at: int, stop: int, character: str, style: Style) -> int:
    """How many characters of ``text`` stand for this one; 0 where another one stands there."""
    if at >= stop:
        return 0
    if style == "single" and character == "'":
        return 2 if text.startswith("''", at) else 0
    if style in ("double", "json") and text[at] == "\\":
        escape = _ESCAPE.match(text, at, stop)
        return len(escape[0]) if escape and _meaning(escape[0]) == character else 0
    return 1 if text[at] == character else 0


def _meaning(escape: str) -> str:
    if escape[1] == "x":
        return chr(int(escape[2:], 16))
    try:
        return str(json.loads(f'"{escape}"'))
    except ValueError:
        return ""


def written(piece: str, style: Style) -> str | None:
    """``piece`` as it is written inside a text of this style; None where that is not known."""
    if not piece.isprintable():
        return None
    if style == "single":
        return piece.replace("'", "''")
    if style in ("double", "json"):
        return piece.replace("\\", "\\\\").replace('"', '\\"')
    return piece

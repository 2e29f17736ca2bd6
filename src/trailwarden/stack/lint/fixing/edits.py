"""From changes of values to edits of the text, which leave comments, quotes and layout alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trailwarden.stack.lint.fixing.aligning import align, written
from trailwarden.stack.lint.fixing.changes import Change, Drop, Put
from trailwarden.stack.lint.fixing.spots import (
    Member,
    ObjectSpot,
    Path,
    ScalarSpot,
    Spot,
    spot_at,
)


class Edit(NamedTuple):
    """The characters from ``begin`` to ``end`` become ``text``."""

    begin: int
    end: int
    text: str


def edits_of(text: str, root: Spot, change: Change) -> list[Edit] | None:
    """The edits that make ``change``, or None where it cannot be made safely."""
    if isinstance(change, Drop):
        return _drop(text, root, change.path)
    spot = spot_at(root, change.path)
    if isinstance(change, Put):
        parent = spot_at(root, change.path[:-1])
        if not isinstance(parent, ObjectSpot):
            return None
        if change.path[-1] not in parent.members:
            return _insert(text, parent, change)
        return _respell(text, spot, [(0, -1, change.text)])
    if not isinstance(spot, ScalarSpot) or spot.value != change.old:
        return None
    return _respell(text, spot, change.pieces)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all the edits, which do not overlap."""
    parts = []
    at = 0
    for begin, end, new in sorted(edits):
        parts += [text[at:begin], new]
        at = end
    return "".join((*parts, text[at:]))


def overlaps(edit: Edit, others: Sequence[Edit]) -> bool:
    """True where it touches characters that another one touches. Insertions at one place do not.

    ``others`` are sorted and do not overlap each other.
    """
    at = max(0, bisect_left(others, (edit.begin,)) - 1)
    while at < len(others) and others[at].begin < max(edit.end, edit.begin + 1):
        other = others[at]
        if other != edit and edit.begin < other.end and other.begin < edit.end:
            return True
        at += 1
    return False


def _respell(
    text: str, spot: Spot | None, pieces: Sequence[tuple[int, int, str]]
) -> list[Edit] | None:
    """``-1`` as the end of a piece is the end of the value."""
    if not isinstance(spot, ScalarSpot) or not spot.value:
        return None
    places = align(text, spot)
    if places is None:
        return None
    edits = []
    for begin, end, new in pieces:
        shown = written(new, spot.style)
        last = end if end >= 0 else len(places)
        if shown is None or not 0 <= begin < last <= len(places):
            return None
        edits.append(Edit(places[begin][0], places[last - 1][1], shown))
    return edits


def _insert(text: str, parent: ObjectSpot, change: Put) -> list[Edit] | None:
    """A key more, behind one that has a line of its own, where the order of keys is kept."""
    name = str(change.path[-1])
    is_json = text.lstrip()[:1] == "{" and parent.braces
    value = f'"{change.text}"' if is_json and change.quoted else change.text
    pair = f'"{name}": {value}' if is_json else f"{name}: {value}"
    sibling = _sibling(text, parent, name)
    if sibling is None:
        return None
    line, end = _line_start(text, sibling.key), sibling.value.end
    lead = text[line : sibling.key]
    if parent.braces:
        gap = _newline(text, line) + lead if line and not lead.strip() else " "
        return [Edit(end, end, f",{gap}{pair}")]
    if lead.strip(" -"):
        return None
    stop = _line_end(text, end)
    return [Edit(stop, stop, _newline(text, line) + " " * len(lead) + pair)]


def _sibling(text: str, parent: ObjectSpot, name: str) -> Member | None:
    """The key behind which ``name`` is to stand: the last one before it by the alphabet."""
    fit = {
        key: member
        for key, member in parent.members.items()
        if isinstance(member.value, ScalarSpot)
        and member.value.style != "block"
        and "\n" not in text[member.key : member.value.end]
    }
    before = [key for key in fit if key < name]
    if parent.members and list(parent.members) == sorted(parent.members) and before:
        return fit[before[-1]]
    return fit[max(fit, key=lambda key: fit[key].key)] if fit else None


def _drop(text: str, root: Spot, path: Path) -> list[Edit] | None:
    parent = spot_at(root, path[:-1])
    if not isinstance(parent, ObjectSpot) or path[-1] not in parent.members:
        return None
    names = list(parent.members)
    at = names.index(str(path[-1]))
    member = parent.members[names[at]]
    if len(names) < 2:
        return None
    if parent.braces:
        if at:
            begin, end = parent.members[names[at - 1]].value.end, member.value.end
        else:
            begin, end = member.key, parent.members[names[1]].key
        return None if "#" in text[begin : member.key] else [Edit(begin, end, "")]
    begin = _line_start(text, member.key)
    if text[begin : member.key].strip() or _is_block_text(member.value):
        return None
    return [Edit(begin, min(_line_end(text, member.value.end) + 1, len(text)), "")]


def _is_block_text(spot: Spot) -> bool:
    return isinstance(spot, ScalarSpot) and spot.style == "block"


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Where the line with ``at`` ends, before its line break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _newline(text: str, line: int) -> str:
    """The line break that ends the line before the one that begins at ``line``."""
    return "\r\n" if text[max(0, line - 2) : line] == "\r\n" else "\n"

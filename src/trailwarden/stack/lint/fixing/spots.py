"""Where in the text of a template its values stand, so that one can be changed and nothing else.

Offsets count characters from 0. Unlike :mod:`trailwarden.stack.nodes` these know where a value
ends and how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Style = Literal["plain", "single", "double", "block", "json"]
"""How a scalar is written; ``json`` is a text in double quotes by the rules of JSON."""

Step = str | int
Path = tuple[Step, ...]
"""Keys and indices from the root: ``("Resources", "Alarm", "Properties", "Period")``."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the text.

    ``opaque`` marks what must not be looked into: aliases, anchored values, short forms of
    functions.
    """

    begin: int
    end: int
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class ScalarSpot(Spot):
    """A single value, from its opening quotation mark to the closing one; ``value`` is read."""

    value: str = ""
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class ListSpot(Spot):
    items: Sequence[Spot] = ()


class Member(NamedTuple):
    """``key`` is where the key begins."""

    key: int
    value: Spot


@dataclass(frozen=True, slots=True)
class ObjectSpot(Spot):
    """``braces`` is True where it is written ``{…}``."""

    members: Mapping[str, Member] = field(default_factory=dict)
    braces: bool = False


def spot_at(root: Spot, path: Path) -> Spot | None:
    """What stands at ``path``, or None where nothing does, or nothing that may be touched."""
    spot: Spot | None = root
    for step in path:
        if spot is None or spot.opaque:
            return None
        if isinstance(spot, ObjectSpot) and isinstance(step, str):
            member = spot.members.get(step)
            spot = member.value if member else None
        elif isinstance(spot, ListSpot) and isinstance(step, int) and step < len(spot.items):
            spot = spot.items[step]
        else:
            return None
    return None if spot is None or spot.opaque else spot


class SpotBuilder:
    """Takes values in the order of the text; ``root`` is the whole."""

    def __init__(self) -> None:
        self.root: Spot | None = None
        self._open: list[_Open] = []

    def begin(self, begin: int, *, is_object: bool, braces: bool, opaque: bool = False) -> None:
        self._open.append(_Open(begin, is_object, braces, opaque))

    def end(self, end: int) -> None:
        """The innermost one ends; without brackets it ends where its last value does."""
        done = self._open.pop()
        last = end if done.braces else max([done.begin, *(spot.end for spot in done.values)])
        if done.is_object:
            self.add(ObjectSpot(done.begin, last, done.opaque, done.members, done.braces))
        else:
            self.add(ListSpot(done.begin, last, done.opaque, done.values))

    def add(self, spot: Spot) -> None:
        if not self._open:
            self.root = spot
            return
        level = self._open[-1]
        if not level.is_object:
            level.values.append(spot)
        elif level.key is None:
            level.key = spot
        else:
            level.values.append(spot)
            if isinstance(level.key, ScalarSpot):
                level.members[level.key.value] = Member(level.key.begin, spot)
            level.key = None


@dataclass(slots=True)
class _Open:
    begin: int
    is_object: bool
    braces: bool
    opaque: bool
    values: list[Spot] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    key: Spot | None = None

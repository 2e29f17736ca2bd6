"""What a fix changes, said of the template's values, not of its characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trailwarden.stack.lint.fixing.spots import Path


class Piece(NamedTuple):
    """The characters from ``begin`` to ``end`` of a text become ``text``."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Put:
    """Give the key at the end of ``path`` a value; ``quoted`` says that JSON has it in quotes."""

    path: Path
    text: str
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove the key at the end of ``path`` with its value."""

    path: Path


@dataclass(frozen=True, slots=True)
class Respell:
    """Change parts of the text at ``path``; ``pieces`` are in order and do not overlap."""

    path: Path
    old: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole text as it is afterwards."""
        new = self.old
        for begin, end, text in reversed(self.pieces):
            new = new[:begin] + text + new[end:]
        return new


Change = Put | Drop | Respell

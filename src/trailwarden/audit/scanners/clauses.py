"""The clauses that scanners look for in the text of a filter pattern.

Scanners do not parse patterns, they search their text with regular expressions. What those find
is found here by plain scanning, in linear time whatever the text. White space and word characters
are those of Python's ``re``, which Prowler uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

# What may stand around the value: one character of any kind before it (Prowler), nothing, double
# quotation marks, or either of these (Powerpipe).
Quotes = Literal["any", "none", "must", "may"]
Sign = Literal["=", "!=", "NOT EXISTS"]
_BETWEEN = re.compile(r"\)\s+&&\s+")  # the two clauses of a pair


@dataclass(frozen=True, slots=True)
class Clause:
    """``$.field sign value`` as a scanner reads it; ``NOT EXISTS`` has no value.

    With ``whole`` the value must end where a word ends. With ``dots`` a dot of the value stands
    for any character.
    """

    field: str
    sign: Sign
    value: str = ""
    quotes: Quotes = "any"
    whole: bool = False
    dots: bool = False

    def parts(self) -> tuple[Clause, ...]:
        return (self,)

    def at(self, text: str, start: int) -> int | None:
        """Where the clause ends that begins at ``start``; None where none begins there."""
        head = f"$.{self.field}"
        if not text.startswith(head, start):
            return None
        at = start + len(head)
        if self.sign == "NOT EXISTS":  # exactly one blank, twice
            return _after(text, at, " NOT EXISTS")
        sign = _after(text, skip_space(text, at), self.sign)
        return None if sign is None else self._value_at(text, skip_space(text, sign))

    def find(self, text: str, start: int = 0) -> int | None:
        """The end of the first such clause at or after ``start``."""
        if not self.dots and text.find(self.value, start) < 0:  # most texts lack most names
            return None
        return _first(self, f"$.{self.field}", text, start)

    def is_meant(self, text: str) -> bool:
        """Whether the clause is somewhere in the text, if only in another spelling."""
        if self.sign == "NOT EXISTS":
            words = " ".join(text.split())
            return f"$.{self.field} NOT EXISTS" in words
        return replace(self, quotes="any", whole=True).find(text) is not None

    def _value_at(self, text: str, at: int) -> int | None:
        if self.quotes == "must":
            opened = _after(text, at, '"')
            closed = None if opened is None else self._plain_value_at(text, opened)
            return None if closed is None else _after(text, closed, '"')
        end = self._plain_value_at(text, at)
        if end is None and (
            self.quotes == "any" or (self.quotes == "may" and text[at:][:1] == '"')
        ):
            end = self._plain_value_at(text, at + 1)
        return end

    def _plain_value_at(self, text: str, at: int) -> int | None:
        end = at + len(self.value)
        if not self._is_value(text[at:end]):
            return None
        if self.whole and _is_word(self.value[-1:]) and _is_word(text[end : end + 1]):
            return None
        return end

    def _is_value(self, text: str) -> bool:
        if not self.dots:
            return text == self.value
        return len(text) == len(self.value) and all(
            wanted in (".", given) for wanted, given in zip(self.value, text, strict=True)
        )

    def __str__(self) -> str:
        if self.sign == "NOT EXISTS":
            return f"$.{self.field} NOT EXISTS"
        bare = self.value.replace(".", "").isalnum()
        quoted = self.quotes == "must" or (self.quotes != "none" and not bare)
        return f"$.{self.field} {self.sign} " + (f'"{self.value}"' if quoted else self.value)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clauses side by side, each in brackets of its own: ``(first) && (second``."""

    first: Clause
    second: Clause

    def parts(self) -> tuple[Clause, ...]:
        return (self.first, self.second)

    def at(self, text: str, start: int) -> int | None:
        """Where the pair ends that begins at ``start``; None where none begins there."""
        first = self._bracketed(self.first, text, start)
        between = None if first is None else _BETWEEN.match(text, first)
        return None if between is None else self._bracketed(self.second, text, between.end())

    def find(self, text: str, start: int = 0) -> int | None:
        """The end of the first such pair at or after ``start``."""
        return _first(self, "(", text, start)

    def is_meant(self, text: str) -> bool:
        """Whether both clauses are somewhere in the text, if only in another spelling."""
        return self.first.is_meant(text) and self.second.is_meant(text)

    def _bracketed(self, clause: Clause, text: str, at: int) -> int | None:
        opened = _after(text, at, "(")
        return None if opened is None else clause.at(text, skip_space(text, opened))

    def __str__(self) -> str:
        return f"({self.first}) && ({self.second})"


@dataclass(frozen=True, slots=True)
class Demand:
    """All that a scanner looks for in one text. ``ordered``: one after the other, not touching."""

    clauses: tuple[Clause | Pair, ...]
    ordered: bool

    def is_met(self, text: str) -> bool:
        if self.ordered:
            return self.first_late(text) is None
        return all(clause.find(text) is not None for clause in self.clauses)

    def first_late(self, text: str) -> int | None:
        """The index of the first clause that is not found after those before it."""
        start = 0
        for index, clause in enumerate(self.clauses):
            end = clause.find(text, start)
            if end is None:
                return index
            start = end + 1
        return None

    def parts(self) -> Iterator[Clause]:
        """The single clauses."""
        for clause in self.clauses:
            yield from clause.parts()


def skip_space(text: str, at: int) -> int:
    """The first place from ``at`` on that is not white space."""
    while text[at : at + 1].isspace():
        at += 1
    return at


def _after(text: str, at: int, wanted: str) -> int | None:
    return at + len(wanted) if text.startswith(wanted, at) else None


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _first(clause: Clause | Pair, opening: str, text: str, start: int) -> int | None:
    """No clause holds another one, so that the first to begin is the first to end."""
    at = text.find(opening, start)
    while at >= 0:
        end = clause.at(text, at)
        if end is not None:
            return end
        at = text.find(opening, at + 1)
    return None

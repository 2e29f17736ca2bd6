"""What could not be used, and how to mend it: reported, counted, never silent."""

from __future__ import annotations

from dataclasses import dataclass

from trailwarden.errors import Location


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One input that could not be used (a file, a part of it, a record).

    ``code`` is stable and short (``truncated-gzip``), ``message`` is one sentence, ``cure`` the way
    out.
    ``count`` says how many like it this one stands for (repeats of one code in one file are
    folded).
    """

    source: str
    code: str
    message: str
    cure: str
    line: int | None = None
    column: int | None = None
    key: str | None = None
    count: int = 1

    @property
    def location(self) -> Location:
        return Location(self.source, self.line, self.column, self.key)

"""The lines that say more about an expectation that did not hold."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 20


def bounded(lines: Sequence[str]) -> tuple[str, ...]:
    """The first lines, and how many more there are."""
    if len(lines) <= _SHOWN:
        return tuple(lines)
    return (*lines[:_SHOWN], f"… and {len(lines) - _SHOWN:,} more")

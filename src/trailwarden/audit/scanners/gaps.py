"""What stands between a metric filter and a scanner's approval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trailwarden.stack.model import Stack
from trailwarden.text import some_of

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """``message`` is a clause of a sentence. ``fails`` is False where the stack cannot tell."""

    message: str
    cure: str
    fails: bool = True


def listed(names: Iterable[str], shown: int = _SHOWN) -> str:
    """``A``, ``A and B``, ``A, B, C, D and 3 more``."""
    found = list(names)
    if len(found) > shown:
        return some_of(found, shown)
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))


def may_not_read(stack: Stack, service: str) -> bool:
    """Whether the stack is an account that hides some of a service (``sns``) from its reader."""
    return any(
        note.code == "access-denied" and note.message.startswith(f"{service}:")
        for note in stack.notes
    )

"""Which findings can be fixed, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from trailwarden.stack.lint.fixing.changes import Change
from trailwarden.stack.lint.fixing.site import Site

Maker = Callable[[Site], Iterator[Change]]


class Fixer(NamedTuple):
    """``is_safe``: nothing that an alarm fires for now is lost, and nobody's choice is undone."""

    make: Maker
    is_safe: bool


FIXERS: dict[str, Fixer] = {}
"""By the code of the rule; filled when the modules that hold them are imported."""


def fixer(*codes: str, safe: bool) -> Callable[[Maker], Maker]:
    """Make the function that follows the fix of these rules. Raises ValueError for a second one."""

    def register(make: Maker) -> Maker:
        for code in codes:
            if code in FIXERS:
                raise ValueError(f"two fixes are for {code}")
            FIXERS[code] = Fixer(make, safe)
        return make

    return register

"""What a rule finds: plain data, safe to show on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trailwarden.errors import Location

Severity = Literal["error", "warning", "note"]
"""``error``: it cannot work as written. ``warning``: it hides or invents events. ``note``: a habit
of careful stacks is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a stack.

    ``code`` is stable (``TW101``), ``message`` one sentence, ``cure`` how to mend it. Neither text
    holds control characters, and their sizes are bounded. ``location`` is the stack's source
    where the definition has no known place in it.
    """

    code: str
    message: str
    cure: str
    location: Location
    severity: Severity

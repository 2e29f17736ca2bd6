"""What a compliance scanner will say of one control in a stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scanner = Literal["prowler", "powerpipe", "security-hub"]
SCANNERS: tuple[Scanner, ...] = ("prowler", "powerpipe", "security-hub")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A prediction. ``passes`` is None where the stack cannot tell, or there is no such control.

    ``check`` is the scanner's own name for what it asks, empty where it has no such control.
    ``reason`` is one sentence and harmless on a terminal; ``cure`` is empty where nothing needs
    one. ``filter_name`` is the filter that passes, or the nearest one, exactly as the stack has it
    (not escaped); None where no filter comes near.
    """

    scanner: Scanner
    check: str
    passes: bool | None
    reason: str
    cure: str
    filter_name: str | None

"""Garbage collection, told what lives as long as the process."""

from __future__ import annotations

import gc


def hold() -> None:
    """Collect nothing while modules and definitions are loaded: none of it becomes garbage."""
    gc.disable()


def settle() -> None:
    """Collect again, but never visit what was made so far: it stays for good.

    With thousands of definitions, visiting them costs more than a scan.
    """
    gc.freeze()
    gc.enable()

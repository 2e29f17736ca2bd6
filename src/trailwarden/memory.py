"""Memory management, told what a scanning process does."""

from __future__ import annotations

import gc

try:
    from trailwarden._speedups import keep_freed_memory
except ImportError:  # installed without a C compiler

    def keep_freed_memory(block: int, rest: int) -> None:
        """See ``_speedups.pyi``: here the C library decides."""


# Logs are read file after file, some megabytes each. Giving the memory of one back to the system,
# only to be given it again for the next, page by page, would cost a quarter of the time.
_LARGEST_FILE, _KEPT = 64 * 1024 * 1024, 128 * 1024 * 1024


def hold() -> None:
    """Collect no garbage while modules and definitions are loaded: none of it becomes any."""
    gc.disable()


def settle() -> None:
    """Collect garbage again, but never visit what was made so far: it stays for good.

    With thousands of definitions, visiting them costs more than a scan.
    """
    gc.freeze()
    gc.enable()


def reuse() -> None:
    """Keep the memory of a file that was read for the next one."""
    keep_freed_memory(_LARGEST_FILE, _KEPT)

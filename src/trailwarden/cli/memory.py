"""Garbage collection, told what lives as long as the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def definitions_kept() -> Iterator[None]:
    """What is made inside stays for good: the collector need not visit it again and again.

    With thousands of definitions, visiting them costs more than the scan.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

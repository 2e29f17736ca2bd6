"""Whether a command shows how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailwarden.scan import Progress

_AFTER = 1.0  # seconds


@contextmanager
def progress_display(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A line on standard error that lives while a scan takes longer than a moment.

    Yields whom to tell, or None where nobody would see it.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from trailwarden.cli.progress_line import ProgressLine

    line = ProgressLine(after=_AFTER)
    try:
        yield line.update
    finally:
        line.close()

"""What all peers share: the files of an archive, and one line of JSON as the result."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def files(folder: str) -> list[Path]:
    return sorted(Path(folder).rglob("*.json.gz"))


def run(work: Callable[[list[Path]], dict[str, int]]) -> None:
    """Time ``work`` on the archive named on the command line; imports are not counted."""
    paths = files(sys.argv[1])
    started = time.perf_counter()
    found = work(paths)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak": peak(), **found}))


def peak() -> int:
    """The most memory this process ever had, in bytes. (getrusage counts its parent's, too.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

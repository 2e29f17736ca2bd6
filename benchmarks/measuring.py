"""Running things again and again, in turns, each in a process of its own on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Result = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
FIRST_CORE = {min(os.sched_getaffinity(0))}


WORK = Path(__file__).with_name("work")


def as_installed() -> dict[str, str]:
    """An environment in which modules are compiled once, as an installation has them."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(WORK / "compiled")}


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs a module of this Python."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def run(command: Sequence[str], *, cores: set[int] | None = None) -> Result:
    """Run a command that prints one JSON object; by default on one core."""
    chosen = cores or FIRST_CORE
    done = subprocess.run(
        command,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=as_installed(),
        preexec_fn=lambda: os.sched_setaffinity(0, chosen),
    )
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def wall(command: Sequence[str]) -> float:
    """Seconds from start to end of a command."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=as_installed())
    return time.perf_counter() - started


def best(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, Result]:
    """The quickest of several runs of each command. They take turns: noise meets all alike."""
    found: dict[str, Result] = {}
    for _ in range(repeats):
        for name, command in commands.items():
            result = run(command)
            if name not in found or result["seconds"] < found[name]["seconds"]:
                found[name] = result
    return found


def tell(text: str) -> None:
    """Say on standard error what is going on."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()

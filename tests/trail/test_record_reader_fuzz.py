from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.record_reader import check, run, seeds

PROGRAM = Path(__file__).resolve().parents[2] / "fuzz" / "record_reader.py"


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_never_break_a_promise(seed: int) -> None:
    run(1000, seed)


def test_the_seeds_are_fine() -> None:
    for data in seeds():
        check(data)


def test_the_program_runs() -> None:
    command = [sys.executable, str(PROGRAM), "--runs", "20", "--seed", "7"]
    subprocess.run(command, check=True)

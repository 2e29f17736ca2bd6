"""Wheels: of one platform with the extension, of every one without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("setuptools", minversion="77")
ROOT = Path(__file__).parents[2]
BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"


@pytest.mark.parametrize("compiler", ["/bin/false", ""])
def test_a_wheel_is_tagged_by_what_is_in_it(tmp_path: Path, compiler: str) -> None:
    if not compiler and shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, tmp_path)
    without = shutil.ignore_patterns("*.so", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=without)
    environment = {**os.environ, **({"CC": compiler} if compiler else {})}
    subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    has_extension = any(name.endswith(".so") for name in names)
    assert has_extension == (not compiler)
    assert wheel.name.endswith("-py3-none-any.whl") == (not has_extension)
    assert "trailwarden/cli/__init__.py" in names

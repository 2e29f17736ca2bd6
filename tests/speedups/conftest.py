"""The compiled extension, and what stands in for it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from types import ModuleType

import pytest

needs_extension = pytest.mark.skipif(
    importlib.util.find_spec("trailwarden._speedups") is None and shutil.which("cc") is None,
    reason="no C compiler",
)


def without_extension(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A fresh copy of a module, imported as where the extension is missing."""
    monkeypatch.setitem(sys.modules, "trailwarden._speedups", None)
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module

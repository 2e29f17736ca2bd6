"""Where the real logs and the references are, and how tests step aside where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
INVICTUS = FOLDER / "invictus"
STRATUS = FOLDER / "stratus"
TEMPLATES = FOLDER / "templates"
REFERENCE = FOLDER.parent / "reference"

needs_shared_data = pytest.mark.skipif(not INVICTUS.exists(), reason=f"no real logs in {FOLDER}")

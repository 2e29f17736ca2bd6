"""Cases of the vector files, one test each.

The folder is named by TRAILWARDEN_VECTORS; without that it is ``shared/vectors`` beside the
checkout. Where it is absent the tests are skipped, one for each section of a file.
"""

from __future__ import annotations

import json
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_CHECKOUT = Path(__file__).resolve().parents[2]
_EXCEPTIONS = Path(__file__).with_name("exceptions.toml")


def folder() -> Path:
    """Where the vector files are."""
    named = os.environ.get("TRAILWARDEN_VECTORS")
    return Path(named) if named else _CHECKOUT.parent / "shared" / "vectors"


@cache
def _content(file: str) -> dict[str, list[dict[str, Any]]] | None:
    path = folder() / file
    if not path.exists():
        return None
    content: dict[str, list[dict[str, Any]]] = json.loads(path.read_text("utf-8"))
    return content


def cases(file: str, section: str) -> list[Any]:
    """Parameters for ``pytest.mark.parametrize``: the section's cases, named by their ids.

    A case that rests on a chosen rule which we reject is listed, with the reason, in
    ``exceptions.toml``.
    """
    content = _content(file)
    if content is None:
        why = pytest.mark.skip(reason=f"no {file} in {folder()}")
        return [pytest.param(None, id=f"no-{file}", marks=why)]
    rejected = tomllib.loads(_EXCEPTIONS.read_text("utf-8")).get(file, {})
    return [_parameter(case, rejected) for case in content.get(section, [])] or [
        pytest.param(None, id="empty", marks=pytest.mark.skip(reason=f"no {section} in {file}"))
    ]


def _parameter(case: dict[str, Any], rejected: dict[str, str]) -> Any:
    reason = rejected.get(case["id"])
    marks = [pytest.mark.skip(reason=reason)] if reason else []
    return pytest.param(case, id=case["id"], marks=marks)

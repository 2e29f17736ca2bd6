"""The scanners' own regular expressions, run by Python: what predictions have to equal."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from tests.shared_data import REFERENCE
from trailwarden.audit.scanners import demands
from trailwarden.audit.scanners.clauses import Demand
from trailwarden.stack.controls import Control, controls

KEYS = [one.key for one in controls()]
SCANNERS = ("prowler", "powerpipe")


@cache
def reference() -> dict[str, Any]:
    """Each control of the reference, by its key."""
    path = REFERENCE / "cis-controls.json"
    if not path.exists():
        pytest.skip(f"no reference in {REFERENCE}")
    return {entry["key"]: entry for entry in json.loads(path.read_text("utf-8"))["controls"]}


@cache
def search(key: str, scanner: str) -> re.Pattern[str]:
    """PostgreSQL, which runs Powerpipe's expressions, lets a dot stand for a newline too."""
    return re.compile(reference()[key]["scanners"][scanner]["regex"], re.DOTALL)


def demand(control: Control, scanner: str) -> Demand:
    return demands.prowler(control) if scanner == "prowler" else demands.powerpipe(control)


@cache
def texts(key: str) -> tuple[str, ...]:
    """Every text that somebody wrote for the control."""
    entry = reference()[key]
    found = [one["pattern"] for one in entry["cis_pattern"]]
    found += [entry["security_hub_pattern"], entry["hardened_pattern"]]
    found += [(entry["seed"] or {}).get("filterPattern")]
    control = next(one for one in controls() if one.key == key)
    found += control.wordings.values()
    return tuple(dict.fromkeys(text for text in found if text))

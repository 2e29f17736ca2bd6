"""``--output json``: one object, written piece by piece."""

from __future__ import annotations

from typing import IO

from trailwarden.json_text import write
from trailwarden.monitor.outcome import Outcome
from trailwarden.monitor.outcome_json import outcome_value


def render_json(outcome: Outcome, stream: IO[str]) -> None:
    """Write the object that docs/output.md describes, and a newline."""
    write(stream, outcome_value(outcome))
    stream.write("\n")

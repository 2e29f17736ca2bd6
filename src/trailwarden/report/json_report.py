"""``--output json``: one object, written piece by piece."""

from __future__ import annotations

from typing import IO

from trailwarden import __version__
from trailwarden.monitor.outcome import Outcome
from trailwarden.report.json_text import write
from trailwarden.report.json_values import (
    alarm_value,
    filter_value,
    input_value,
    instant,
    stack_value,
)

SCHEMA = "trailwarden.scan/1"


def render_json(outcome: Outcome, stream: IO[str]) -> None:
    """Write the object that docs/output.md describes, and a newline."""
    report = {
        "schema": SCHEMA,
        "version": __version__,
        "clock": outcome.clock,
        "since": instant(outcome.since),
        "until": instant(outcome.until),
        "seconds": outcome.seconds,
        "stack": stack_value(outcome.stack),
        "input": input_value(outcome.input),
        "filters": map(filter_value, outcome.filters),
        "alarms": map(alarm_value, outcome.alarms),
    }
    write(stream, report)
    stream.write("\n")

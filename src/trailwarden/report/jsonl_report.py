"""``--output jsonl``: one object a line and transition, in the order of time."""

from __future__ import annotations

from typing import IO

from trailwarden.json_text import encode
from trailwarden.monitor.outcome import Outcome
from trailwarden.monitor.outcome_json import transition_value

SCHEMA = "trailwarden.transition/1"


def render_jsonl(outcome: Outcome, stream: IO[str]) -> None:
    """Write every transition of every alarm. Those of one instant come in the stack's order."""
    changes = [(alarm.name, change) for alarm in outcome.alarms for change in alarm.transitions]
    changes.sort(key=lambda pair: pair[1].time)
    for name, change in changes:
        line = {"schema": SCHEMA, "alarm": name, **transition_value(change)}
        stream.write(encode(line) + "\n")

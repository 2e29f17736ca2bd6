"""Findings of lint as commands of GitHub Actions, which shows them beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from trailwarden.stack.lint import Finding
from trailwarden.text import visible

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(findings: Sequence[Finding], stream: IO[str]) -> None:
    for finding in findings:
        place = finding.location
        properties = [f"file={_property(place.source)}"]
        if place.line is not None:
            properties.append(f"line={place.line}")
            if place.column is not None:
                properties.append(f"col={place.column}")
        properties.append(f"title={finding.code}")
        text = f"{finding.message}; cure: {finding.cure}" if finding.cure else finding.message
        stream.write(f"::{_COMMANDS[finding.severity]} {','.join(properties)}::{_data(text)}\n")


def _data(text: str) -> str:
    """One line: a line break would end the command, and begin another one."""
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""``--output terminal``: an outcome for a person at a terminal, bounded in length."""

from __future__ import annotations

from typing import IO

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.terminal.alarms import alarms_section
from trailwarden.report.terminal.definitions import definitions_section
from trailwarden.report.terminal.matches import matches_section
from trailwarden.report.terminal.page import Page
from trailwarden.report.terminal.principals import principals_section
from trailwarden.report.terminal.problems import problems_section
from trailwarden.report.terminal.summary import summary_section
from trailwarden.report.terminal.timeline import timeline_section

_SECTIONS = (
    summary_section,
    alarms_section,
    timeline_section,
    principals_section,
    matches_section,
    problems_section,
    definitions_section,
)


def render_terminal(outcome: Outcome, stream: IO[str]) -> None:
    """Write ``outcome`` as text, coloured where ``stream`` is a terminal that wants colour."""
    page = Page(stream)
    for section in _SECTIONS:
        section(page, outcome)
    page.close()

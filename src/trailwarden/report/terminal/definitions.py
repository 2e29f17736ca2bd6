"""Remarks on the stack: what was not run, and what may not do what its author meant."""

from __future__ import annotations

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.terminal.page import Page
from trailwarden.report.wording import names
from trailwarden.stack.model import NotRun
from trailwarden.text import plural, visible

MOST_NOTES = 10
MOST_KINDS = 8


def definitions_section(page: Page, outcome: Outcome) -> None:
    """Notes of the stack, then what of its source was not run, by type and reason."""
    _notes(page, outcome)
    _not_run(page, outcome)


def _notes(page: Page, outcome: Outcome) -> None:
    notes = outcome.stack.notes
    if not notes:
        return
    page.title("Notes", "on the stack")
    for note in notes[:MOST_NOTES]:
        place = f"  {visible(str(note.location), 200)}" if note.location else ""
        page.item("·", visible(note.message, 400), (place, "dim"))
    if len(notes) > MOST_NOTES:
        left = plural(len(notes) - MOST_NOTES, "more note")
        page.line((f"{left}: --output json", "dim"), indent=2)


def _not_run(page: Page, outcome: Outcome) -> None:
    kinds: dict[tuple[str, str], list[NotRun]] = {}
    for one in outcome.stack.not_run:
        kinds.setdefault((one.type, one.reason), []).append(one)
    if not kinds:
        return
    page.title("Not run", "definitions that the source holds besides")
    for (kind, reason), members in list(kinds.items())[:MOST_KINDS]:
        page.item(
            "·",
            visible(kind, 80),
            (f"  {names([one.name for one in members], 4, 60)}: {visible(reason, 300)}", "dim"),
        )
    if len(kinds) > MOST_KINDS:
        left = plural(len(kinds) - MOST_KINDS, "more kind")
        page.line((f"{left}: --output json", "dim"), indent=2)

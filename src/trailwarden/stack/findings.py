"""What loading a template finds besides definitions: errors, notes, and what is not run.

Errors are collected, so that all of a template's errors are shown together.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager

from trailwarden.errors import DefinitionError, DefinitionErrors, Location
from trailwarden.stack.model import Note, NotRun
from trailwarden.stack.template import together
from trailwarden.stack.unknown import UnknownValueError

ALARM_REFUSED = "alarm-refused"
COMPOSITE_OF_STRANGERS = "composite-of-strangers"
DUPLICATE_KEY = "duplicate-key"
"""The codes of notes that lint makes findings of."""


class Findings:
    """Takes notes while a template is loaded."""

    def __init__(self, source: str) -> None:
        self.errors: list[DefinitionError] = []
        self.notes: list[Note] = []
        self.not_run: list[NotRun] = []
        self.source = source

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Keep an error of the block for later: what follows the block can still be looked at."""
        try:
            yield
        except DefinitionErrors as error:
            self.errors += error.errors
        except DefinitionError as error:
            self.errors.append(error)

    def note(self, code: str, message: str, location: Location | None) -> None:
        self.notes.append(Note(code, message, location))

    def forget_unknown(self, wrong: Set[str]) -> None:
        """Leave out what follows from parameters that are wrong themselves."""
        self.errors = [
            error
            for error in self.errors
            if not (isinstance(error, UnknownValueError) and not wrong.isdisjoint(error.names))
        ]

    def raise_errors(self) -> None:
        """Raise what was collected, in the order of the text."""
        if self.errors:
            raise together(sorted(self.errors, key=_place), self.source)


def _place(error: DefinitionError) -> tuple[str, int, int]:
    location = error.location
    if location is None:
        return ("", 0, 0)
    return (location.source, location.line or 0, location.column or 0)

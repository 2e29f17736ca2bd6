"""What loading a template finds besides definitions: errors, notes, and what is not run.

Errors are collected, so that all of a template's errors are shown together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from trailwarden.errors import DefinitionError, DefinitionErrors, Location
from trailwarden.stack.model import Note, NotRun


class Findings:
    """Takes notes while a template is loaded."""

    def __init__(self, source: str) -> None:
        self.errors: list[DefinitionError] = []
        self.notes: list[Note] = []
        self.not_run: list[NotRun] = []
        self._source = source

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

    def raise_errors(self) -> None:
        """Raise what was collected, in the order of the text."""
        if not self.errors:
            return
        ordered = sorted(self.errors, key=_place)
        if len(ordered) == 1:
            raise ordered[0]
        raise DefinitionErrors(ordered, location=Location(self._source))


def _place(error: DefinitionError) -> tuple[int, int]:
    location = error.location
    return (location.line or 0, location.column or 0) if location else (0, 0)

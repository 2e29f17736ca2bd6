"""All that is wrong with a settings file, told at once, each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from trailwarden.errors import DefinitionError, DefinitionErrors, Location
from trailwarden.settings.model import SettingsNote
from trailwarden.settings.places import KeyPath, Place, spelled

_SHOWN = 60  # characters of a value or key in a message


class Findings:
    """Errors and notes about the file ``source``, whose keys stand at ``places``."""

    def __init__(self, source: str, places: Mapping[KeyPath, Place]) -> None:
        self._source = source
        self._places = places
        self._errors: list[DefinitionError] = []
        self._notes: list[SettingsNote] = []

    def error(self, path: KeyPath, message: str, cure: str) -> None:
        """Note that what stands at ``path`` (or is missing there) is wrong."""
        self._errors.append(DefinitionError(message, location=self._location(path), cure=cure))

    def note(self, path: KeyPath, code: str, message: str, cure: str) -> None:
        """Note what may stay, but might be better."""
        self._notes.append(SettingsNote(code, message, cure, self._location(path)))

    def notes(self) -> tuple[SettingsNote, ...]:
        """The notes. Raises DefinitionErrors instead if anything is wrong."""
        if self._errors:
            ordered = sorted(self._errors, key=lambda error: _order(error.location))
            raise DefinitionErrors(ordered, location=Location(self._source))
        return tuple(sorted(self._notes, key=lambda note: _order(note.location)))

    def place(self, path: KeyPath) -> Location:
        """Where ``path`` stands, or what holds it."""
        return self._location(path)

    def _location(self, path: KeyPath) -> Location:
        place = None
        for length in range(len(path), 0, -1):  # a missing key has the place of its table
            place = self._places.get(path[:length])
            if place is not None:
                break
        line, column = (place.line, place.column) if place else (None, None)
        return Location(self._source, line, column, spelled(path)[:200] or None)


def _order(location: Location | None) -> tuple[int, int]:
    if location is None:
        return 0, 0
    return location.line or 0, location.column or 0


def shown(text: str) -> str:
    """A key or a name for a message: quoted, bounded."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'topics'?``, else what is known."""
    names = list(known)
    close = get_close_matches(name[:100], names[:1000], n=1, cutoff=0.72)
    if close:
        return f"did you mean {shown(close[0])}?"
    more = ", …" if len(names) > 20 else ""
    return f"known: {', '.join(map(_short, names[:20]))}{more}" if names else "remove it"


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"

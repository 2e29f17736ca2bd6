"""The error for a value that must be known and is not before deployment."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.errors import DefinitionError, Location


class UnknownValueError(DefinitionError):
    """AWS takes the definition; only a run must know more. ``names`` is what it depends on."""

    def __init__(
        self,
        message: str,
        *,
        names: Sequence[str],
        location: Location | None = None,
        cure: str = "",
    ) -> None:
        super().__init__(message, location=location, cure=cure)
        self.names = tuple(names)

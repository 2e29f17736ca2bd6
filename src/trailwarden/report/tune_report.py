"""What tuning found, as a report: for people and for programs."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.tuning.model import Tuning

_RENDERERS: Renderers = {
    "terminal": ("tune_terminal", "render_terminal"),
    "json": ("tune_json", "render_json"),
}
FORMATS = tuple(_RENDERERS)


def render_tuning(tuning: Tuning, most: int, name: str, stream: IO[str]) -> None:
    """Write ``tuning`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    ``most`` bounds the shares that are shown of each kind. Raises UsageError for an unknown format.
    """
    render_as(name, _RENDERERS, stream, tuning, most)

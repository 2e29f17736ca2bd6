"""What a stack costs, as a report: for people and for programs."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.report.cost_view import CostView

_RENDERERS: Renderers = {
    "terminal": ("cost_terminal", "render_terminal"),
    "json": ("cost_json", "render_json"),
}
FORMATS = tuple(_RENDERERS)


def render_cost(view: CostView, name: str, stream: IO[str]) -> None:
    """Write ``view`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    Raises UsageError for an unknown one.
    """
    render_as(name, _RENDERERS, stream, view)

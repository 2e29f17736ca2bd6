"""What a stack holds, as a report: for people, for programs, for diagrams, for browsers."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from trailwarden.report.formats import Renderers, render_as

if TYPE_CHECKING:
    from trailwarden.report.stack_view import StackView

_RENDERERS: Renderers = {
    "terminal": ("stack_terminal", "render_terminal"),
    "json": ("stack_json", "render_json"),
    "mermaid": ("stack_mermaid", "render_mermaid"),
    "html": ("stack_html", "render_html"),
}
FORMATS = tuple(_RENDERERS)


def render_stack(view: StackView, name: str, stream: IO[str]) -> None:
    """Write ``view`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    Raises UsageError for an unknown one.
    """
    render_as(name, _RENDERERS, stream, view)

"""What a stack holds, as a report: for people, for programs, for diagrams, for browsers."""

from __future__ import annotations

from importlib import import_module
from typing import IO, TYPE_CHECKING

from trailwarden.errors import UsageError

if TYPE_CHECKING:
    from trailwarden.report.stack_view import StackView

# format → (module, function): only the format in use is imported.
_RENDERERS = {
    "terminal": ("stack_terminal", "render_terminal"),
    "json": ("stack_json", "render_json"),
    "mermaid": ("stack_mermaid", "render_mermaid"),
    "html": ("stack_html", "render_html"),
}
FORMATS = tuple(_RENDERERS)


def render_stack(view: StackView, name: str, stream: IO[str]) -> None:
    """Write ``view`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    The stream may have any encoding: what it lacks is spelled in ASCII. Raises UsageError for an
    unknown format.
    """
    if name not in _RENDERERS:
        raise UsageError(f"no report format {name!r}", cure=f"use one of {', '.join(FORMATS)}")
    from trailwarden.report.encoding import lenient  # noqa: PLC0415 - only when rendering

    module, function = _RENDERERS[name]
    renderer = getattr(import_module(f"trailwarden.report.{module}"), function)
    with lenient(stream):
        renderer(view, stream)

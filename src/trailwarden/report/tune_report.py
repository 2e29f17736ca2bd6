"""What tuning found, as a report: for people and for programs."""

from __future__ import annotations

from importlib import import_module
from typing import IO, TYPE_CHECKING

from trailwarden.errors import UsageError

if TYPE_CHECKING:
    from trailwarden.tuning.model import Tuning

# format → (module, function): only the format in use is imported.
_RENDERERS = {
    "terminal": ("tune_terminal", "render_terminal"),
    "json": ("tune_json", "render_json"),
}
FORMATS = tuple(_RENDERERS)


def render_tuning(tuning: Tuning, most: int, name: str, stream: IO[str]) -> None:
    """Write ``tuning`` to ``stream`` in the format ``name``, one of ``FORMATS``.

    ``most`` bounds the shares that are shown of each kind. The stream may have any encoding: what
    it lacks is spelled in ASCII. Raises UsageError for an unknown format.
    """
    if name not in _RENDERERS:
        raise UsageError(f"no report format {name!r}", cure=f"use one of {', '.join(FORMATS)}")
    from trailwarden.report.encoding import lenient  # noqa: PLC0415 - only when rendering

    module, function = _RENDERERS[name]
    renderer = getattr(import_module(f"trailwarden.report.{module}"), function)
    with lenient(stream):
        renderer(tuning, most, stream)

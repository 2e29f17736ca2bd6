"""Reports by the names of their formats."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import IO

from trailwarden.errors import UsageError
from trailwarden.report.encoding import lenient

Renderers = Mapping[str, tuple[str, str]]  # format → (module of this package, its function)


def render_as(name: str, renderers: Renderers, stream: IO[str], *values: object) -> None:
    """Write ``values`` to ``stream`` in the format ``name``; only its own module is imported.

    The stream may have any encoding: what it lacks is spelled in ASCII. Raises UsageError for an
    unknown format.
    """
    if name not in renderers:
        raise UsageError(f"no report format {name!r}", cure=f"use one of {', '.join(renderers)}")
    module, function = renderers[name]
    renderer = getattr(import_module(f"trailwarden.report.{module}"), function)
    with lenient(stream):
        renderer(*values, stream)

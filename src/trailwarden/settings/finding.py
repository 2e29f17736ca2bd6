"""Which settings file a command reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

NAME = "trailwarden.toml"
HOME = "TRAILWARDEN_HOME"


def find_settings(
    config: Path | None, environment: Mapping[str, str], *, home: Path | None = None
) -> Path | None:
    """``config`` if it is given, else the file in the current folder, else that in the home.

    ``home`` is a folder given on the command line; without it, TRAILWARDEN_HOME names it. None
    if there is no file in either.
    """
    if config is not None:
        return config
    folders = [Path(), home or home_of(environment)]
    places = (folder / NAME for folder in folders if folder is not None)
    return next((place for place in places if place.is_file()), None)


def home_of(environment: Mapping[str, str]) -> Path | None:
    """The folder in TRAILWARDEN_HOME; None where that is not set."""
    text = environment.get(HOME, "")
    return Path(text) if text else None

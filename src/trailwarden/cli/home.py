"""The home of a watch: the folder that holds its state, and the keys of its channels."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder(given: Path | None) -> Path:
    """``--home``, $TRAILWARDEN_HOME, what systemd gives a service, or the user's state folder."""
    for name in ("TRAILWARDEN_HOME", "STATE_DIRECTORY"):
        if given is None and os.environ.get(name):
            given = Path(os.environ[name].split(":")[0])
    if given is not None:
        return given
    states = os.environ.get("XDG_STATE_HOME")
    return (Path(states) if states else Path.home() / ".local" / "state") / "trailwarden"

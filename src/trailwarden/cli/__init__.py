"""The command line. Commands are imported when they are called: start-up stays light."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the ``trailwarden`` command."""
    if sys.platform == "win32":  # processes, locks and signals are those of POSIX
        sys.exit(
            "error: Trailwarden runs on Linux and macOS, not on Windows\n"
            "  cure: run it in the Windows Subsystem for Linux (WSL 2), or in a container"
        )
    from trailwarden.memory import hold

    hold()
    from trailwarden.cli.failures import open_standard_streams, run
    from trailwarden.cli.root import trailwarden

    open_standard_streams()
    sys.exit(run(trailwarden))

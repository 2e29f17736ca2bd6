"""A process that forks watches to be killed: they start in milliseconds, with everything imported.

Each line of its input is a JSON list of arguments for ``trailwarden watch``; it answers with the
number of the process that runs them.
"""

from __future__ import annotations

import json
import os
import sys

import trailwarden.cli.postman
import trailwarden.cli.watch
import trailwarden.notify.channels.webhook
import trailwarden.watch.sources.folder
from trailwarden.cli.watch import watch

assert trailwarden.cli.postman
assert trailwarden.notify.channels.webhook
assert trailwarden.watch.sources.folder


def main() -> None:
    for line in sys.stdin:
        process = os.fork()
        if not process:
            os.close(0)
            status = watch.main(json.loads(line), standalone_mode=False)
            os._exit(status or 0)
        _say(str(process))
        os.waitpid(process, 0)
        _say("ended")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

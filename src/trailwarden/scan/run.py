"""One scan: what would the alarms of a stack have done over an archive?"""

from __future__ import annotations

import time
from collections.abc import Sequence

from trailwarden.monitor.hits import Hits
from trailwarden.monitor.outcome import Outcome
from trailwarden.scan.matches import MatchLog
from trailwarden.scan.options import ScanOptions, Tell
from trailwarden.scan.passes import Pass
from trailwarden.stack.model import Stack


def scan(
    stack: Stack,
    archives: Sequence[str],
    options: ScanOptions | None = None,
    *,
    progress: Tell | None = None,
    matches: MatchLog | None = None,
) -> Outcome:
    """Run ``stack`` over the records of ``archives`` (folders, files, ``s3://…``, ``-``).

    Raises UsageError where there is no archive at all; whatever else cannot be read is a problem
    in the outcome. The outcome does not depend on the number of processes. ``matches`` collects
    every match, if it is given.
    """
    options = options or ScanOptions()
    options.check(archives)
    started = time.monotonic()
    run = Pass(
        stack,
        options,
        hits=matches.collector if matches else Hits,
        see=matches.take if matches else None,
        progress=progress,
    )
    run.run(archives)
    if matches:
        matches.name(stack, run.monitor.feeds)
    return Outcome(
        stack=stack,
        clock=options.clock,
        input=run.summary(archives),
        filters=run.monitor.filter_outcomes(),
        alarms=run.monitor.alarm_outcomes(),
        since=options.since,
        until=options.until,
        seconds=time.monotonic() - started,
    )

"""One scan: what would the alarms of a stack have done over an archive?"""

from __future__ import annotations

import time

from trailwarden.monitor.hits import Hits
from trailwarden.monitor.outcome import Outcome
from trailwarden.scan.matches import MatchLog
from trailwarden.scan.options import Archives, ScanOptions, Tell, named
from trailwarden.scan.passes import Pass
from trailwarden.stack.model import Stack
from trailwarden.stack.running import running


def scan(
    stack: Stack,
    archives: Archives,
    options: ScanOptions | None = None,
    *,
    progress: Tell | None = None,
    matches: MatchLog | None = None,
) -> Outcome:
    """Run ``stack`` over the records of ``archives``: folders, files, ``s3://…``, ``-`` (stdin).

    One archive, or several in a list. Any module may call this, also a script without a guard.
    Raises UsageError where there is no archive at all, and TypeError for what names none; whatever
    else cannot be read is a problem in the outcome. That does not depend on the number of
    processes. ``matches`` collects every match, if it is given. Filters on log groups that no
    trail of the stack feeds are not run, as ``not_run`` of the outcome's stack says.
    """
    options = options or ScanOptions()
    stack = running(stack)
    sources = named(archives)
    options.check(sources)
    started = time.monotonic()
    run = Pass(
        stack,
        options,
        hits=matches.collector if matches else Hits,
        see=matches.take if matches else None,
        progress=progress,
    )
    run.run(sources)
    if matches:
        matches.name(stack, run.monitor.feeds)
    return Outcome(
        stack=stack,
        clock=options.clock,
        input=run.summary(sources),
        filters=run.monitor.filter_outcomes(),
        alarms=run.monitor.alarm_outcomes(),
        since=options.since,
        until=options.until,
        seconds=time.monotonic() - started,
    )

"""``trailwarden scan``: what would the alarms have done?"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import (
    max_file_size_option,
    output_option,
    quiet_option,
    stack_options,
    time_options,
)
from trailwarden.cli.progress import progress_display

if TYPE_CHECKING:
    from trailwarden.monitor.timing import Clock

FAILED_ON_REQUEST, INCOMPLETE = 1, 3


@click.command()
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...")
@stack_options
@time_options
@output_option(
    "terminal (default), json, jsonl, csv, html, or matches: every match, as FILE.csv or "
    "FILE.jsonl. Repeat for several."
)
@click.option("--no-dedupe", is_flag=True, help="Count a record again each time it is delivered.")
@click.option(
    "--processes",
    type=click.IntRange(0, 256),
    default=0,
    metavar="N",
    help="Processes that read the archive; 0, the default, means one per core.",
)
@max_file_size_option
@click.option("--fail-on-alarm", is_flag=True, help="Exit with 1 if any alarm fired.")
@quiet_option
def scan(
    archives: tuple[str, ...],
    source: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    clock: Clock,
    outputs: tuple[str, ...],
    no_dedupe: bool,
    processes: int,
    max_file_size: int,
    fail_on_alarm: bool,
    quiet: bool,
) -> int:
    """Run a stack over an archive of CloudTrail logs.

    ARCHIVE is a folder or file with log files, s3://BUCKET/PREFIX, or - for standard input.
    CloudTrail's own files are read, and what the AWS CLI, EventBridge and CloudWatch Logs make of
    its records; compressed or not.

    Exit status: 0 the run was whole, whatever it found; 1 an alarm fired and --fail-on-alarm asked
    for it; 2 bad usage or definitions; 3 some input could not be used, whether or not an alarm
    fired (the results stand for the rest).
    """
    from trailwarden import memory, report
    from trailwarden.cli.outputs import parse_outputs, tell_unusable, with_form, write_all
    from trailwarden.scan import MatchLog, ScanOptions
    from trailwarden.scan import scan as run_scan
    from trailwarden.stack import load

    destinations = [
        with_form(one, report.MATCH_FORMS) if one.format == report.MATCHES else one
        for one in parse_outputs(outputs, [*report.FORMATS, report.MATCHES])
    ]
    if not archives:
        if sys.stdin.isatty():
            raise click.UsageError("no ARCHIVE: name a folder, a file, s3://…, or - for stdin")
        archives = ("-",)
    stack = load(source, dict(parameters), regions=regions)
    memory.settle()
    memory.reuse()
    options = ScanOptions(
        clock=clock,
        since=since,
        until=until,
        processes=processes,
        dedupe=not no_dedupe,
        max_file_size=max_file_size * 1024 * 1024,
    )
    with ExitStack() as resources:
        wanted = any(one.format == report.MATCHES for one in destinations)
        matches = resources.enter_context(MatchLog()) if wanted else None
        with progress_display(quiet=quiet) as progress:
            outcome = run_scan(stack, archives, options, progress=progress, matches=matches)
        write_all(destinations, partial(report.render, outcome, matches=matches or ()))
    tell_unusable(destinations, outcome.input.problems)
    if fail_on_alarm and any(alarm.fired for alarm in outcome.alarms):
        return FAILED_ON_REQUEST
    return INCOMPLETE if outcome.input.problems else 0

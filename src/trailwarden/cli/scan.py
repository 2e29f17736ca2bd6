"""``trailwarden scan``: what would the alarms have done?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import parameter_option, region_option, when

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailwarden.scan import Progress

FAILED_ON_REQUEST, INCOMPLETE = 1, 3
_PROGRESS_AFTER = 1.0  # seconds


@click.command()
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...")
@click.option(
    "--stack",
    "source",
    default="cis",
    show_default=True,
    metavar="NAME|FILE|aws",
    help="A built-in stack (cis, cis-1.2.0), a CloudFormation template, or aws: the live account.",
)
@parameter_option
@region_option("With --stack aws")
@click.option("--since", type=when, metavar="TIME", help="Leave out records before this time.")
@click.option("--until", type=when, metavar="TIME", help="Leave out records from this time on.")
@click.option(
    "--clock",
    type=click.Choice(["event", "delivery"]),
    default="event",
    show_default=True,
    help="A record counts at its eventTime, or when its log file was delivered, as in AWS.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="terminal (default), json, jsonl, csv or html. Repeat for several.",
)
@click.option("--no-dedupe", is_flag=True, help="Count a record again each time it is delivered.")
@click.option(
    "--processes",
    type=click.IntRange(0, 256),
    default=0,
    metavar="N",
    help="Processes that read the archive; 0, the default, means one per core.",
)
@click.option(
    "--max-file-size",
    type=click.IntRange(1, 16384),
    default=1024,
    show_default=True,
    metavar="MIB",
    help="Refuse a log file that is larger than this when uncompressed.",
)
@click.option("--fail-on-alarm", is_flag=True, help="Exit with 1 if any alarm fired.")
@click.option("--quiet", "-q", is_flag=True, help="No progress display.")
def scan(
    archives: tuple[str, ...],
    source: str,
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    clock: str,
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
    for it; 2 bad usage or definitions; 3 some input could not be used (the results stand for the
    rest).
    """
    from trailwarden import memory, report
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.scan import ScanOptions
    from trailwarden.scan import scan as run_scan
    from trailwarden.stack import load

    destinations = parse_outputs(outputs, list(report.FORMATS))
    if not archives:
        if sys.stdin.isatty():
            raise click.UsageError("no ARCHIVE: name a folder, a file, s3://…, or - for stdin")
        archives = ("-",)
    stack = load(source, dict(parameters), regions=regions)
    memory.settle()
    memory.reuse()
    options = ScanOptions(
        clock="delivery" if clock == "delivery" else "event",
        since=since,
        until=until,
        processes=processes,
        dedupe=not no_dedupe,
        max_file_size=max_file_size * 1024 * 1024,
    )
    with _progress(quiet) as progress:
        outcome = run_scan(stack, archives, options, progress=progress)
    write_all(destinations, partial(report.render, outcome))
    if fail_on_alarm and any(alarm.fired for alarm in outcome.alarms):
        return FAILED_ON_REQUEST
    return INCOMPLETE if outcome.input.problems else 0


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A line on standard error that lives while a scan takes longer than a moment."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from trailwarden.cli.progress import ProgressLine

    line = ProgressLine(after=_PROGRESS_AFTER)
    try:
        yield line.update
    finally:
        line.close()

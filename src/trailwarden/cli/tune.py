"""``trailwarden tune``: which alarms are noise, and what would each cure cost?"""

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

INCOMPLETE = 3
_PROGRESS_AFTER = 1.0  # seconds


@click.command()
@click.argument("archives", nargs=-1, required=True, metavar="ARCHIVE...")
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
    "--alarm",
    "alarms",
    multiple=True,
    metavar="NAME",
    help="An alarm to look at; by default those that fired. Repeat for several.",
)
@click.option(
    "--top",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    metavar="N",
    help="How many callers to look at and show per alarm.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="terminal (default) or json. Repeat for both.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress display.")
def tune(
    archives: tuple[str, ...],
    source: str,
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    clock: str,
    alarms: tuple[str, ...],
    top: int,
    outputs: tuple[str, ...],
    quiet: bool,
) -> int:
    """Measure the noise of a stack on an archive, and what quieter filters would hide.

    ARCHIVE is a folder or file with log files, or s3://BUCKET/PREFIX. It is read twice: once to see
    who makes the alarms fire, once to count what each proposal would have done.

    Exit status: 0 the run was whole, whatever it found; 2 bad usage or definitions; 3 some input
    could not be used (the results stand for the rest).
    """
    from trailwarden import memory
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.tune_report import FORMATS, render_tuning
    from trailwarden.scan import ScanOptions
    from trailwarden.scan.tuning import tune as run
    from trailwarden.stack import load

    destinations = parse_outputs(outputs, FORMATS)
    stack = load(source, dict(parameters), regions=regions)
    memory.settle()
    memory.reuse()
    options = ScanOptions(
        clock="delivery" if clock == "delivery" else "event", since=since, until=until
    )
    with _progress(quiet) as progress:
        tuning = run(stack, archives, options, alarms=alarms, most=top, progress=progress)
    write_all(destinations, partial(render_tuning, tuning, top))
    return INCOMPLETE if tuning.input.problems else 0


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A line on standard error that lives while the passes take longer than a moment."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from trailwarden.cli.progress import ProgressLine

    line = ProgressLine(after=_PROGRESS_AFTER)
    try:
        yield line.update
    finally:
        line.close()

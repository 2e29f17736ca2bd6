"""``trailwarden tune``: which alarms are noise, and what would each cure cost?"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, quiet_option, stack_options, time_options
from trailwarden.cli.progress import progress_display

if TYPE_CHECKING:
    from trailwarden.monitor.timing import Clock

INCOMPLETE = 3


@click.command()
@click.argument("archives", nargs=-1, required=True, metavar="ARCHIVE...")
@stack_options
@time_options
@click.option(
    "--alarm",
    "alarms",
    multiple=True,
    metavar="NAME",
    help="An alarm to look at; by default the 32 that fired most often. Repeatable.",
)
@click.option(
    "--top",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    metavar="N",
    help="How many callers to look at and show per alarm.",
)
@output_option("terminal (default) or json. Repeat for both.")
@quiet_option
def tune(
    archives: tuple[str, ...],
    source: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    clock: Clock,
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
    from trailwarden.cli.outputs import parse_outputs, tell_unusable, write_all
    from trailwarden.report.tune_report import FORMATS, render_tuning
    from trailwarden.scan import ScanOptions
    from trailwarden.scan.tuning import tune as run
    from trailwarden.stack import load

    destinations = parse_outputs(outputs, FORMATS)
    stack = load(source, dict(parameters), regions=regions)
    memory.settle()
    memory.reuse()
    options = ScanOptions(clock=clock, since=since, until=until)
    with progress_display(quiet=quiet) as progress:
        tuning = run(stack, archives, options, alarms=alarms, most=top, progress=progress)
    write_all(destinations, partial(render_tuning, tuning, top))
    tell_unusable(destinations, tuning.input.problems)
    return INCOMPLETE if tuning.input.problems else 0

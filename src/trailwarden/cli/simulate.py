"""``trailwarden simulate``: an archive to try things with."""

from __future__ import annotations

import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.text import plural, visible
from trailwarden.times import format_instant, from_epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailwarden.simulate import Step, Summary


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{visible(text, 60)!r} is not a date; write 2025-03-01") from None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--days", type=int, default=7, show_default=True, help="How many days it covers.")
@click.option(
    "--start",
    type=_day,
    metavar="DATE",
    help="Its first day (UTC). By default it ends with 2025-03-09, so that nothing depends on "
    "today.",
)
@click.option("--accounts", type=int, default=3, show_default=True, help="How many, up to 12.")
@click.option("--regions", type=int, default=3, show_default=True, help="How many, up to 8.")
@click.option(
    "--events-per-day",
    type=int,
    default=9000,
    show_default=True,
    help="About how many events a working day has; weekends are quieter.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another story.")
@click.option("--no-attack", is_flag=True, help="Leave the break-in out.")
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes that write days side by side. The archive is the same.",
)
def simulate(
    folder: Path,
    days: int,
    start: date | None,
    accounts: int,
    regions: int,
    events_per_day: int,
    seed: int,
    no_attack: bool,
    processes: int,
) -> None:
    """Write a realistic archive of CloudTrail logs into FOLDER, with a break-in in it.

    People keep office hours and machines do not; administrators make changes; and one night
    somebody breaks in with a leaked access key. The same options give the same bytes. FOLDER must
    be empty or not there yet.

    Exit status: 0 the archive is written; 2 bad usage, or a folder that cannot be written to.
    """
    from trailwarden.memory import settle
    from trailwarden.simulate import Plan, write_archive

    settle()
    plan = Plan(
        days=days,
        accounts=accounts,
        regions=regions,
        events_per_day=events_per_day,
        seed=seed,
        attack=not no_attack,
        start=start,
    )
    if sys.stderr.isatty():
        with click.progressbar(length=days, label="simulating", file=sys.stderr) as bar:
            summary = write_archive(
                plan, folder, processes=processes, progress=lambda _: bar.update(1)
            )
    else:
        summary = write_archive(plan, folder, processes=processes)
    click.echo(_describe(summary))
    click.echo(f"\nnext: trailwarden scan {shlex.quote(str(folder))} --stack cis")


def _describe(summary: Summary) -> str:
    from trailwarden.report.wording import size

    lines = [
        f"{plural(summary.files, 'file')}, {plural(summary.events, 'event')} "
        f"({summary.duplicates:,} delivered twice), {size(summary.size)} "
        f"({size(summary.payload_size)} uncompressed)",
        f"{plural(len(summary.accounts), 'account')}: {', '.join(sorted(summary.accounts))}",
        f"{plural(len(summary.regions), 'region')}: {', '.join(sorted(summary.regions))}",
    ]
    if summary.first is not None and summary.last is not None:
        lines.append(f"from {_time(summary.first)} to {_time(summary.last)}")
    if summary.changes:
        lines += ["", "ordinary changes:", *_steps(summary.changes)]
    if summary.story:
        lines += ["", "the break-in:", *_steps(summary.story)]
    return "\n".join(lines)


def _steps(steps: Sequence[Step]) -> list[str]:
    return [
        f"  {_time(step.first)}  {step.account}  {step.principal}\n"
        f"    {step.text} ({plural(step.calls, 'call')})"
        for step in steps
    ]


def _time(seconds: int) -> str:
    return format_instant(from_epoch(seconds))

"""``trailwarden watch``: the stack, continuously."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from trailwarden.cli.options import home_option, max_file_size_option, parameter_option

if TYPE_CHECKING:
    from trailwarden.watch.observability.line import Level
    from trailwarden.watch.observability.logs import Style

INCOMPLETE = 3
_MIB = 1024 * 1024


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--stack",
    "source_of_stack",
    multiple=True,
    metavar="NAME|FILE|aws",
    help="A built-in stack (cis, the default; cis-1.2.0), a CloudFormation template, or aws. "
    "Repeat for templates that are one stack.",
)
@parameter_option
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings. Default: ./trailwarden.toml, or the one in the home, if there is one.",
)
@click.option(
    "--bucket",
    "buckets",
    multiple=True,
    metavar="NAME",
    help="A bucket that notices in a queue may name; repeat it for more. Default: those of the "
    "stack's trails and of the other sources.",
)
@home_option
@click.option("--once", is_flag=True, help="Take what is there, tell it, and end: for cron.")
@click.option(
    "--lateness",
    metavar="SPAN",
    help="How late records may come (15m): until then minutes are not final, nor told as OK.",
)
@click.option(
    "--since",
    metavar="TIME",
    help="Leave out earlier records. Later runs of this home never leave out more. Default: one "
    "hour before the first run.",
)
@click.option(
    "--listen",
    metavar="HOST:PORT",
    help="Answer /metrics and /healthz there, for instance on 127.0.0.1:9464.",
)
@click.option(
    "--log-format",
    type=click.Choice(["auto", "human", "json"]),
    default="auto",
    show_default=True,
    help="Of the log on standard error. auto: for people on a terminal, JSON lines elsewhere.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
)
@max_file_size_option
def watch(
    sources: tuple[str, ...],
    source_of_stack: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    config: Path | None,
    buckets: tuple[str, ...],
    home: Path | None,
    once: bool,
    lateness: str | None,
    since: str | None,
    listen: str | None,
    log_format: str,
    log_level: str,
    max_file_size: int,
) -> int:
    """Run a stack over records as they come, and tell who must know.

    SOURCE is a folder, s3://BUCKET/PREFIX, the URL of an SQS queue with S3 notices or EventBridge
    events, or logs:GROUP; several run side by side. Sources, channels and quiet hours can stand in
    the settings file. Without channels, notifications go to standard output as JSON lines, or on a
    terminal only into the log.

    Exit status: 0 it was stopped, or with --once all was taken and told; 2 bad usage, settings or
    definitions; 3 with --once some input could not be used, or some message not be delivered.
    """
    from trailwarden import memory
    from trailwarden.cli.home import home_folder
    from trailwarden.cli.postman import with_channels
    from trailwarden.cli.settings import merged
    from trailwarden.cli.watch_run import Wanted, run_watch
    from trailwarden.notify.targets import with_single_targets
    from trailwarden.stack import load
    from trailwarden.stack.running import running

    home = home_folder(home)
    settings = merged(
        config,
        home,
        stack=source_of_stack,
        parameters=dict(parameters),
        sources=sources,
        buckets=buckets,
        lateness=lateness,
        since=since,
        listen=listen,
    )
    if not settings.sources:
        raise click.UsageError(
            "no SOURCE: name a folder, s3://…, a queue's URL or logs:GROUP, or write [[sources]] "
            "into the settings"
        )
    stack = running(load(settings.stack or "cis", dict(settings.parameters)))
    memory.settle()
    channels = with_single_targets(with_channels(settings))
    wanted = Wanted(channels, stack, home, once=once, limit=max_file_size * _MIB)
    summary = run_watch(wanted, cast("Style", log_format), cast("Level", log_level))
    return INCOMPLETE if once and (summary.problems or summary.undelivered) else 0

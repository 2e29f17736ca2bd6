"""``trailwarden watch``: the stack, continuously."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from trailwarden.cli.options import home_option, max_file_size_option, parameter_option, when

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailwarden.settings import Settings
    from trailwarden.stack import Stack
    from trailwarden.watch import Database, Watch
    from trailwarden.watch.observability.line import Level
    from trailwarden.watch.observability.logs import Log, Style
    from trailwarden.watch.portion import Source

INCOMPLETE = 3
_SINCE = "1h"
_MIB = 1024 * 1024


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--stack",
    "source_of_stack",
    metavar="NAME|FILE|aws",
    help="A built-in stack (cis, the default; cis-1.2.0), a CloudFormation template, or aws.",
)
@parameter_option
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings. Default: ./trailwarden.toml, or the one in the home, if there is one.",
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
    source_of_stack: str | None,
    parameters: tuple[tuple[str, str], ...],
    config: Path | None,
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
    from trailwarden.cli.postman import Router, postmen, with_channels
    from trailwarden.cli.settings import merged
    from trailwarden.stack import load
    from trailwarden.watch import Database, Watch, WatchOptions
    from trailwarden.watch.observability import open_log, open_metrics
    from trailwarden.watch.reporter import Reporter

    home = home_folder(home)
    settings = with_channels(
        merged(
            config,
            home,
            stack=source_of_stack,
            parameters=dict(parameters),
            sources=sources,
            lateness=lateness,
            since=since,
            listen=listen,
        )
    )
    if not settings.sources:
        raise click.UsageError(
            "no SOURCE: name a folder, s3://…, a queue's URL or logs:GROUP, or write [[sources]] "
            "into the settings"
        )
    stack = load(settings.stack or "cis", dict(settings.parameters))
    memory.settle()
    limit = max_file_size * _MIB
    with ExitStack() as resources:
        log = resources.enter_context(open_log(cast("Style", log_format), cast("Level", log_level)))
        metrics = open_metrics()
        database = resources.enter_context(Database(home))
        start = _first_since(database, settings)
        opened = _opened(settings, start, limit)
        people = postmen(settings, stack, home)
        reporter = Reporter(log, metrics, [source.name for source in opened])
        metrics.declare(
            sources=[source.name for source in opened],
            filters=[one.filter_name for one in stack.metric_filters],
            alarms=[
                *(one.alarm_name for one in stack.alarms),
                *(one.alarm_name for one in stack.composite_alarms),
            ],
            channels=[one.name for one in settings.channels],
        )
        runner = Watch(
            stack,
            opened,
            database,
            WatchOptions(lateness=settings.lateness, since=start, once=once, limit=limit),
            route=Router(settings, stack),
            postmen=people,
            observer=reporter,
            repeats={one.name: one.repeat for one in settings.channels if one.repeat},
        )
        if settings.listen:
            from trailwarden.watch.observability.server import ObservabilityServer

            server = resources.enter_context(
                ObservabilityServer(
                    settings.listen, metrics, reporter.health, token=settings.listen_token
                )
            )
            log.info("listening", port=server.port)
        _say_start(log, settings, stack, home)
        with _signals(runner):
            summary = runner.run()
        log.info(
            "ended",
            files=summary.portions,
            records=summary.records,
            announcements=summary.announcements,
            problems=summary.problems,
            undelivered=summary.undelivered,
        )
    return INCOMPLETE if once and (summary.problems or summary.undelivered) else 0


def home_folder(given: Path | None) -> Path:
    """``--home``, $TRAILWARDEN_HOME, what systemd gives a service, or the user's state folder."""
    for name in ("TRAILWARDEN_HOME", "STATE_DIRECTORY"):
        if given is None and os.environ.get(name):
            given = Path(os.environ[name].split(":")[0])
    if given is not None:
        return given
    states = os.environ.get("XDG_STATE_HOME")
    return (Path(states) if states else Path.home() / ".local" / "state") / "trailwarden"


def _first_since(database: Database, settings: Settings) -> datetime:
    """Since when records count: as the first run of this home had it, or earlier if asked for.

    Never later: "1h" must not leave out what came while nothing ran.
    """
    from trailwarden.watch.state import Ledger

    ledger = Ledger(database)
    known = ledger.since()
    asked = when(settings.since or _SINCE)
    since = asked if known is None else min(known, asked if settings.since else known)
    with database.transaction():
        ledger.keep_since(since)
    return since


def _opened(settings: Settings, since: datetime, limit: int) -> Sequence[Source]:
    from trailwarden.errors import UsageError
    from trailwarden.watch.sources import open_source

    opened = [open_source(one, since=since, limit=limit) for one in settings.sources]
    names = [source.name for source in opened]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UsageError(
            f"two sources are named {min(twice)!r}", cure="name each source once, or give names"
        )
    return opened


def _say_start(log: Log, settings: Settings, stack: Stack, home: Path) -> None:
    from trailwarden.notify.routing import channels_for, other_actions, topics_of

    log.info(
        "watching",
        stack=stack.name,
        filters=len(stack.metric_filters),
        alarms=len(stack.alarms) + len(stack.composite_alarms),
        sources=", ".join(source.address for source in settings.sources),
        channels=", ".join(channel.name for channel in settings.channels) or "none",
        home=str(home),
    )
    for note in settings.notes:
        log.warning("settings", place=str(note.location), what=note.message)
    for topic, alarms in topics_of(stack).items():
        if alarms and not channels_for(topic, settings.topics, stack):
            log.warning("a topic has no channel", topic=topic, alarms=len(alarms))
    for action, alarms in other_actions(stack).items():
        log.warning("an action is AWS's alone to execute", action=action, alarms=len(alarms))


@contextmanager
def _signals(runner: Watch) -> Iterator[None]:
    """SIGTERM and the first Ctrl-C stop it gracefully; systemd is told what goes on."""
    import signal

    from trailwarden.watch.observability.systemd import notify_systemd

    def stop(number: int, frame: object) -> None:
        del frame
        notify_systemd("STOPPING=1")
        runner.stop()
        signal.signal(number, signal.SIG_DFL)  # a second one ends it at once

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    notify_systemd("READY=1")
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

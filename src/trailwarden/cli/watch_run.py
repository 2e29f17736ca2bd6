"""Running a watch: its log, state, sources, channels and metrics put together, then it runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trailwarden.cli.options import when
from trailwarden.cli.postman import Router, postmen
from trailwarden.cli.watch_log import say_end, say_start
from trailwarden.cli.watch_signals import stopped_by_signals
from trailwarden.errors import UsageError
from trailwarden.times import format_instant
from trailwarden.watch import Database, Summary, Watch, WatchOptions
from trailwarden.watch.observability import Log, ObservabilityServer, open_log, open_metrics
from trailwarden.watch.reporter import Reporter
from trailwarden.watch.sources import open_source, with_trust
from trailwarden.watch.state import Ledger, storage_told

if TYPE_CHECKING:
    from trailwarden.settings import Settings
    from trailwarden.stack import Stack
    from trailwarden.watch.observability import Metering
    from trailwarden.watch.observability.line import Level
    from trailwarden.watch.observability.logs import Style
    from trailwarden.watch.portion import Source

_SINCE = "1h"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run. ``limit`` is that of an uncompressed log file, in bytes."""

    settings: Settings
    stack: Stack
    home: Path
    once: bool
    limit: int


def run_watch(wanted: Wanted, style: Style, level: Level) -> Summary:
    """Run until a signal or, with ``once``, until all is taken and told.

    ``style`` and ``level`` are those of the log. Raises UsageError for a home, a source, a channel
    or an address to listen on that cannot be used.
    """
    with ExitStack() as resources:
        log = resources.enter_context(open_log(style, level))
        metrics = open_metrics()
        database = resources.enter_context(Database(wanted.home))
        with storage_told(database.path):
            since, older_than = _first_since(database, wanted.settings)
        sources = _opened(wanted.settings, wanted.stack, since, wanted.limit)
        reporter = Reporter(log, metrics, [source.name for source in sources])
        runner = _runner(wanted, sources, database, since, reporter)
        _declare(metrics, wanted, sources)
        _listen(wanted.settings, log, metrics, reporter, resources)
        say_start(log, wanted.settings, wanted.stack, wanted.home)
        with stopped_by_signals(runner):
            summary = runner.run()
        say_end(log, summary, older_than)
    return summary


def _runner(
    wanted: Wanted,
    sources: Sequence[Source],
    database: Database,
    since: datetime,
    reporter: Reporter,
) -> Watch:
    settings, stack = wanted.settings, wanted.stack
    return Watch(
        stack,
        sources,
        database,
        WatchOptions(lateness=settings.lateness, since=since, once=wanted.once, limit=wanted.limit),
        route=Router(settings, stack),
        postmen=postmen(settings, stack, wanted.home),
        observer=reporter,
        repeats={one.name: one.repeat for one in settings.channels if one.repeat},
    )


def _first_since(database: Database, settings: Settings) -> tuple[datetime, str]:
    """Since when records count: as the first run of this home had it, or earlier if asked for.

    The second is how to say it. Never later: "1h" must not leave out what came while nothing ran.
    A time to come is that of a clock that was ahead.
    """
    ledger = Ledger(database)
    known = ledger.since()
    asked = when(settings.since or _SINCE)
    is_ahead = known is not None and known > datetime.now(UTC)
    if known is None or is_ahead:
        known = asked
    since = min(known, asked) if settings.since else known
    with database.transaction():
        if is_ahead:
            ledger.forget_taken()
        ledger.keep_since(since)
    if known == asked and not settings.since:
        return since, "one hour"
    return since, format_instant(since.replace(microsecond=0))


def _opened(settings: Settings, stack: Stack, since: datetime, limit: int) -> Sequence[Source]:
    trusting = [
        with_trust(one, stack, settings.sources, settings.account) for one in settings.sources
    ]
    opened = [open_source(one, since=since, limit=limit) for one in trusting]
    names = [source.name for source in opened]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UsageError(
            f"two sources are named {min(twice)!r}", cure="name each source once, or give names"
        )
    return opened


def _declare(metrics: Metering, wanted: Wanted, sources: Sequence[Source]) -> None:
    """Metrics stand at 0 from the start: one that is not there yet is no 0 for who reads them."""
    stack = wanted.stack
    metrics.declare(
        sources=[source.name for source in sources],
        filters=[one.filter_name for one in stack.metric_filters],
        alarms=[
            *(one.alarm_name for one in stack.alarms),
            *(one.alarm_name for one in stack.composite_alarms),
        ],
        channels=[one.name for one in wanted.settings.channels],
    )


def _listen(
    settings: Settings, log: Log, metrics: Metering, reporter: Reporter, resources: ExitStack
) -> None:
    """Answer /metrics and /healthz, if asked to, until ``resources`` are closed.

    Raises UsageError.
    """
    if not settings.listen:
        return
    server = resources.enter_context(
        ObservabilityServer(settings.listen, metrics, reporter.health, token=settings.listen_token)
    )
    log.info("listening", port=server.port)

"""``trailwarden stack cost``: what does AWS charge for this stack at this volume?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, stack_options

if TYPE_CHECKING:
    from trailwarden.monitor.outcome import Outcome
    from trailwarden.report.cost_view import CostView
    from trailwarden.stack.costs import Choice
    from trailwarden.stack.model import Stack
    from trailwarden.stack.prices import PriceList

INCOMPLETE = 3


@click.command(short_help="Estimate what AWS charges a month for a stack.")
@click.argument("archives", nargs=-1, required=True, metavar="ARCHIVE...")
@stack_options
@click.option(
    "--days",
    type=click.FloatRange(0.001, 36_500),
    metavar="N",
    help="What the archive covers; by default, from its first record to its last one.",
)
@click.option(
    "--trails",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Trails that deliver the records; by default those of the stack, at least one.",
)
@click.option(
    "--months",
    type=click.IntRange(1, 600),
    default=12,
    show_default=True,
    metavar="N",
    help="For how long logs have been kept, unless they expire earlier.",
)
@click.option(
    "--prices",
    "price_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file with prices that differ from the list prices.",
)
@click.option(
    "--config",
    "with_config",
    is_flag=True,
    help="AWS Config records all resources: count its items.",
)
@click.option("--no-free-tier", is_flag=True, help="Charge for what is free for every account.")
@output_option("terminal (default) or json. Repeat for both.")
def cost(
    archives: tuple[str, ...],
    source: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    days: float | None,
    trails: int | None,
    months: int,
    price_file: Path | None,
    with_config: bool,
    no_free_tier: bool,
    outputs: tuple[str, ...],
) -> int:
    """Estimate what AWS charges a month for a stack at an archive's volume.

    ARCHIVE is a folder or file with log files, s3://BUCKET/PREFIX, or - for standard input. Its
    records are scaled to 30 days.

    Exit status: 0 the estimate was made; 2 bad usage or definitions; 3 some input could not be
    used (the estimate stands for the rest).
    """
    from trailwarden import memory
    from trailwarden.cli.outputs import parse_outputs, tell_unusable, write_all
    from trailwarden.report.cost_report import FORMATS, render_cost
    from trailwarden.report.cost_view import counting
    from trailwarden.scan import scan
    from trailwarden.stack import load
    from trailwarden.stack.costs import Choice
    from trailwarden.stack.prices import list_prices, prices_from

    destinations = parse_outputs(outputs, FORMATS)
    prices = prices_from(price_file) if price_file else list_prices()
    stack = load(source, dict(parameters), regions=regions)
    memory.settle()
    memory.reuse()
    outcome = scan(counting(stack), archives)
    choice = Choice(trails, months, not no_free_tier, with_config, datetime.now(UTC).date())
    view = _view(stack, outcome, days, prices, choice)
    write_all(destinations, partial(render_cost, view))
    tell_unusable(destinations, outcome.input.problems)
    return INCOMPLETE if outcome.input.problems else 0


def _view(
    stack: Stack, outcome: Outcome, days: float | None, prices: PriceList, choice: Choice
) -> CostView:
    from trailwarden.errors import UsageError
    from trailwarden.report.cost_view import CostView, kinds_of, span_of, volume_of
    from trailwarden.stack.costs import bill_of

    covered = days or span_of(outcome)
    if not covered > 0:  # nor is it where --days is nan
        raise UsageError(
            "the archive covers no time, so there is nothing to scale to a month",
            cure="check the archive's path, or give --days N",
        )
    volume = volume_of(outcome, stack, covered)
    return CostView(
        outcome=replace(outcome, stack=stack),
        days=covered,
        days_are_given=days is not None,
        kinds=kinds_of(outcome),
        volume=volume,
        bill=bill_of(stack, volume, prices, choice),
        with_free_tier=choice.with_free_tier,
    )

"""``trailwarden stack``: look at definitions without running them, and write them."""

from __future__ import annotations

from functools import partial

import click

from trailwarden.cli.options import output_option, parameter_option, region_option
from trailwarden.cli.stack_cost import cost
from trailwarden.cli.stack_synth import synth


@click.group()
def stack() -> None:
    """Show what a stack holds, what it costs, and write the built-in one for AWS."""


stack.add_command(cost)
stack.add_command(synth)


@stack.command()
@click.argument("sources", nargs=-1, metavar="NAME|FILE|aws...")
@click.option(
    "--stack",
    "more",
    multiple=True,
    metavar="NAME|FILE",
    help="As the argument. Repeat for templates that are one stack.",
)
@parameter_option
@region_option("Of the live account")
@output_option("terminal (default), json, mermaid or html. Repeat for several.")
def show(
    sources: tuple[str, ...],
    more: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    outputs: tuple[str, ...],
) -> int:
    """Show what a stack holds, how it hangs together, and its loose ends.

    The stack is a built-in one (cis, cis-1.2.0), a CloudFormation template, or aws: the live
    account. Several templates are shown as one stack. Nothing is run or changed.

    Exit status: 0 it was shown, whatever its loose ends; 2 bad usage or definitions.
    """
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.stack_report import FORMATS, render_stack
    from trailwarden.report.stack_view import view_of
    from trailwarden.stack import load
    from trailwarden.stack.loading import LIVE

    destinations = parse_outputs(outputs, FORMATS)
    named = (*sources, *more)
    if not named:
        raise click.UsageError("which stack? Name cis, a template, or aws")
    if named == (LIVE,) and parameters:
        raise click.UsageError("the live account has no parameters; leave out --parameter")
    if named != (LIVE,) and regions:
        raise click.UsageError(
            "--region is for the live account (aws); "
            "for a template give --parameter AWS::Region=VALUE"
        )
    view = view_of(load(named, dict(parameters), regions=regions))
    write_all(destinations, partial(render_stack, view))
    return 0

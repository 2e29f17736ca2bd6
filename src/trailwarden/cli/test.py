"""``trailwarden test``: does a stack see what it is meant to see?"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, setting

if TYPE_CHECKING:
    from trailwarden.cli.outputs import Output
    from trailwarden.cli.test_run import Wanted

FAILED = 1


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option(
    "--stack",
    "source",
    multiple=True,
    metavar="NAME|FILE",
    help="Test this stack, whatever the files name. Repeat for several templates.",
)
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    type=setting,
    metavar="NAME=VALUE",
    help="A value for a parameter of the template, over those in the files.",
)
@click.option(
    "--coverage", is_flag=True, help="Tell which clauses of the filters no test exercises."
)
@click.option(
    "--fail-under",
    "least",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 where the tests cover less of a stack's clauses. Implies --coverage.",
)
@click.option("--watch", is_flag=True, help="Run again when a file changes, until Ctrl-C.")
@output_option("text (default), junit or json. Repeat for several.")
def test(
    files: tuple[str, ...],
    source: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    coverage: bool,
    least: float | None,
    watch: bool,
    outputs: tuple[str, ...],
) -> int:
    """Run the unit tests of a stack.

    Each FILE, in YAML or JSON, says which events come when, what filters must match, in which state
    alarms must be, and what people are told. The NAME of a built-in stack (cis, cis-1.2.0) runs its
    own tests. No clock, network or account is needed.

    Exit status: 0 all tests passed; 1 some failed, or cover less than --fail-under says; 2 bad
    usage, or a file, a stack or records that cannot be used. With --watch, 0 when Ctrl-C ends it.
    """
    from trailwarden.cli.outputs import parse_outputs
    from trailwarden.cli.test_report import FORMATS
    from trailwarden.cli.test_run import Wanted

    destinations = parse_outputs(outputs or ("text",), FORMATS)
    wanted = Wanted(files, source or None, dict(parameters), coverage or least is not None)
    if watch:
        from trailwarden.cli.test_watch import watch_tests

        return watch_tests(wanted, lambda: _once(wanted, destinations, least or 0.0))
    return _once(wanted, destinations, least or 0.0)


def _once(wanted: Wanted, destinations: list[Output], least: float) -> int:
    from trailwarden.cli.outputs import write_all
    from trailwarden.cli.test_report import render_run
    from trailwarden.cli.test_run import run_tests

    run = run_tests(wanted)

    def render(format: str, stream: IO[str]) -> None:  # noqa: A002
        render_run(run, format, stream)

    write_all(destinations, render)
    return 0 if run.passed and run.reaches(least) else FAILED

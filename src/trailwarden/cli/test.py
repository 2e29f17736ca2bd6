"""``trailwarden test``: does a stack see what it is meant to see?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING

import click

from trailwarden.cli.options import setting

if TYPE_CHECKING:
    from trailwarden.scan.cases.model import CaseFile

FAILED = 1


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--stack",
    "source",
    metavar="NAME|FILE",
    help="Test this stack, whatever the files name.",
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
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text (default), junit or json. Repeat for several.",
)
def test(
    files: tuple[str, ...],
    source: str | None,
    parameters: tuple[tuple[str, str], ...],
    outputs: tuple[str, ...],
) -> int:
    """Run the unit tests of a stack.

    Each FILE, in YAML, says which events come when, what filters must match, and in which state
    alarms must be. No clock, network or account is needed.

    Exit status: 0 all tests passed; 1 some failed; 2 bad usage, or a file, a stack or records that
    cannot be used.
    """
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.cli.test_report import FORMATS, render_results
    from trailwarden.scan.cases import run_cases

    destinations = parse_outputs(outputs or ("text",), FORMATS)
    results = [
        result for file in _read(files, dict(parameters), source) for result in run_cases(file)
    ]

    def render(format: str, stream: IO[str]) -> None:  # noqa: A002
        render_results(results, format, stream)

    write_all(destinations, render)
    return 0 if all(result.passed for result in results) else FAILED


def _read(
    paths: Sequence[str], parameters: Mapping[str, str], source: str | None
) -> list[CaseFile]:
    """All files, or the errors of all of them."""
    from trailwarden.errors import DefinitionError, DefinitionErrors
    from trailwarden.scan.cases import read_cases

    found: list[CaseFile] = []
    errors: list[DefinitionError] = []
    for path in dict.fromkeys(paths):
        try:
            found.append(read_cases(path, parameters, stack=source))
        except DefinitionErrors as error:
            errors += error.errors
        except DefinitionError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else DefinitionErrors(errors)
    return found

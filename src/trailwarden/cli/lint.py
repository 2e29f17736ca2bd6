"""``trailwarden lint``: what is wrong with a stack, before it is needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import IO

import click

from trailwarden.cli.options import setting
from trailwarden.text import visible

FOUND = 1


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="NAME|FILE|aws...")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    type=setting,
    metavar="NAME=VALUE",
    help="A value for a parameter of the template; also AWS::Region and its like.",
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Of the live account: a region to read. Repeat for several.",
)
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="CODES",
    help="Only these rules: codes or their beginnings, such as TW1,TW302.",
)
@click.option("--ignore", "ignored", multiple=True, metavar="CODES", help="All but these rules.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text (default), json, sarif or github. Repeat for several.",
)
def lint(
    sources: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    outputs: tuple[str, ...],
) -> int:
    """Find what is wrong with a stack's filters and alarms.

    Each stack is a built-in one (cis, cis-1.2.0), a CloudFormation template, or aws: the live
    account. Nothing is run or changed.

    Exit status: 0 nothing was found; 1 something was; 2 bad usage or definitions.
    """
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.lint_report import FORMATS, render_lint
    from trailwarden.stack import load
    from trailwarden.stack.lint import RULES
    from trailwarden.stack.lint import lint as find

    destinations = parse_outputs(outputs or ("text",), FORMATS)
    wanted = _prefixes(selected, RULES, "--select") or ("TW",)
    unwanted = _prefixes(ignored, RULES, "--ignore")
    stacks = [load(source, dict(parameters), regions=regions) for source in sources]
    findings = [
        finding
        for stack in stacks
        for finding in find(stack)
        if finding.code.startswith(wanted) and not finding.code.startswith(unwanted)
    ]

    def render(format: str, stream: IO[str]) -> None:  # noqa: A002
        render_lint(findings, format, stream)

    write_all(destinations, render)
    return FOUND if findings else 0


def _prefixes(texts: Sequence[str], codes: Collection[str], option: str) -> tuple[str, ...]:
    """The beginnings of codes that an option names. Raises click.BadParameter for idle ones."""
    found = tuple(part.strip() for text in texts for part in text.split(","))
    for prefix in found:
        if not prefix or not any(code.startswith(prefix) for code in codes):
            raise click.BadParameter(
                f"no rule has a code that begins with {visible(prefix, 40)!r}; docs/lint.md lists "
                "them",
                param_hint=option,
            )
    return found

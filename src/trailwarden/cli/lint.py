"""``trailwarden lint``: what is wrong with a stack, before it is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from trailwarden.cli.options import parameter_option, region_option
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.stack.lint import Finding

FOUND = 1
SEVERITIES = ("note", "warning", "error")  # the least first


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="NAME|FILE|aws...")
@parameter_option
@region_option("Of the live account")
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
    help="text (default), json, sarif, github or junit. Repeat for several.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="note",
    show_default=True,
    help="The least severity for which to exit with 1; the others are shown all the same.",
)
def lint(
    sources: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
) -> int:
    """Find what is wrong with a stack's filters and alarms.

    Each stack is a built-in one (cis, cis-1.2.0), a CloudFormation template, or aws: the live
    account. Nothing is run or changed. In a template, the comment "# trailwarden: ignore TW303" on
    the line of a definition, or on the line before, leaves a finding out.

    Exit status: 0 nothing was found, or nothing as severe as --fail-on says; 1 something was; 2 bad
    usage or definitions.
    """
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.lint_report import FORMATS, render_lint
    from trailwarden.stack.lint import RULES
    from trailwarden.stack.lint.junit import render_junit

    destinations = parse_outputs(outputs or ("text",), [*FORMATS, "junit"])
    wanted = _prefixes(selected, RULES, "--select") or ("TW",)
    unwanted = _prefixes(ignored, RULES, "--ignore")
    findings = [
        finding
        for finding in _found(sources, dict(parameters), regions)
        if finding.code.startswith(wanted) and not finding.code.startswith(unwanted)
    ]

    def render(format: str, stream: IO[str]) -> None:  # noqa: A002
        if format == "junit":
            render_junit(findings, stream)
        else:
            render_lint(findings, format, stream)

    write_all(destinations, render)
    failing = SEVERITIES[SEVERITIES.index(fail_on) :]
    return FOUND if any(finding.severity in failing for finding in findings) else 0


def _found(
    sources: Sequence[str], parameters: Mapping[str, str], regions: Sequence[str]
) -> list[Finding]:
    """What is wrong with the stacks, less what the comments of templates ask to leave out."""
    from trailwarden.stack import load
    from trailwarden.stack.lint import ignores_of_file
    from trailwarden.stack.lint import lint as find

    stacks = [load(source, parameters, regions=regions) for source in sources]
    # Only a template's source is the path that was given.
    return [
        finding
        for source, stack in zip(sources, stacks, strict=True)
        for finding in find(
            stack, ignores_of_file(Path(source)) if stack.source == str(Path(source)) else ()
        )
    ]


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

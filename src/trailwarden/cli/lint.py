"""``trailwarden lint``: what is wrong with a stack, before it is needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.cli.failures import BAD_USAGE
from trailwarden.cli.lint_explaining import explain
from trailwarden.cli.lint_fixing import FixedFile, fix_files
from trailwarden.cli.lint_settings import Choices, prefixes
from trailwarden.cli.options import output_option, parameter_option, region_option
from trailwarden.text import some_of, visible

if TYPE_CHECKING:
    from trailwarden.cli.outputs import Output
    from trailwarden.stack.lint import Finding, Ignore, LeftOut

FOUND = 1
_SHOWN = 5  # names of files
SEVERITIES = ("note", "warning", "error")  # the least first


@click.command()
@click.argument("sources", nargs=-1, metavar="NAME|FILE|aws|CODE...")
@click.option(
    "--stack",
    "together",
    multiple=True,
    metavar="NAME|FILE",
    help="Repeat for templates that are one stack: what one says of another is followed.",
)
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
    "--exclude",
    "excluded",
    multiple=True,
    metavar="GLOB",
    help="Pass over these templates: names, or paths from here with * and **.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings. Default: trailwarden.toml or pyproject.toml in the template's folder or "
    "one above it, if there is one with a section for lint.",
)
@output_option(
    "text (default), concise (a line for each finding), json, sarif, github or junit. Repeat for "
    "several."
)
@click.option(
    "--statistics", is_flag=True, help="In text, only how often each rule found something."
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="note",
    show_default=True,
    help="The least severity for which to exit with 1; the others are shown all the same.",
)
@click.option("--fix", "is_fixing", is_flag=True, help="Mend what is sure, in the templates.")
@click.option("--diff", "is_diff", is_flag=True, help="Show what --fix would write, as a diff.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="Mend also what its author may have meant as it is."
)
@click.option(
    "--explain", "is_explaining", is_flag=True, help="Explain rules: give codes, such as TW303."
)
def lint(
    sources: tuple[str, ...],
    together: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    excluded: tuple[str, ...],
    config: Path | None,
    outputs: tuple[str, ...],
    statistics: bool,
    fail_on: str,
    is_fixing: bool,
    is_diff: bool,
    unsafe_fixes: bool,
    is_explaining: bool,
) -> int:
    """Find what is wrong with a stack's filters and alarms.

    Each stack is a built-in one (cis, cis-1.2.0), a CloudFormation template, or aws: the live
    account. Nothing is run. In a template, the comment "# trailwarden: ignore TW303" on
    the line of a definition, or on the line before, leaves a finding out. With --fix templates are
    mended where the cure is sure, and what remains is shown. With --explain codes of rules stand in
    the place of stacks.

    What the command line does not say of --select, --ignore and --exclude, the settings may:
    [lint] in trailwarden.toml, or [tool.trailwarden.lint] in pyproject.toml.

    A template that does not load is a finding of its file (TW000), whatever is selected, and the
    others are looked at all the same.

    Exit status: 0 nothing was found, or nothing as severe as --fail-on says; 1 something was, or
    remains after --fix; 2 bad usage, or a template that does not load.
    """
    from trailwarden.cli.outputs import parse_outputs
    from trailwarden.report.lint_report import FORMATS, PEOPLES
    from trailwarden.stack.lint import RULES

    if not sources and not together:
        raise click.UsageError("which stack? Name a template, cis, or aws")
    if is_explaining:
        explain(sources)
        return 0
    _check_sources(sources)
    destinations = parse_outputs(outputs or ("text",), FORMATS)
    if statistics and not any(one.format in PEOPLES for one in destinations):
        raise click.UsageError("--statistics is for text; add --output text")
    choices = Choices(
        prefixes(selected, RULES, "--select"),
        prefixes(ignored, RULES, "--ignore"),
        excluded or None,
        config,
    )
    failing = SEVERITIES[SEVERITIES.index(fail_on) :]
    _check_fixing(is_fixing, is_diff, unsafe_fixes, outputs, regions, together)
    if is_fixing or is_diff:
        files = fix_files(
            _included(sources, choices), dict(parameters), choices.of, unsafe=unsafe_fixes
        )
        return _fix(files, destinations, failing, is_diff=is_diff, statistics=statistics)
    findings, left_out = _found(
        _included(sources, choices), together, dict(parameters), regions, choices
    )
    _write(findings, destinations, left_out, statistics=statistics)
    return _status(findings, failing)


def _included(sources: Sequence[str], choices: Choices) -> list[str]:
    """The sources without files that the settings exclude, which are named on standard error."""
    excluded = [source for source in sources if choices.is_excluded(source)]
    if excluded:
        shown = some_of(excluded, _SHOWN, lambda name: visible(name, 100))
        click.echo(f"left out by exclude: {shown}", err=True)
    return [source for source in sources if source not in excluded]


def _check_sources(sources: Sequence[str]) -> None:
    """Raises click.UsageError for the code of a rule where a stack should be."""
    for source in sources:
        if re.fullmatch(r"TW\d{1,3}", source, re.IGNORECASE) and not Path(source).exists():
            raise click.UsageError(
                f"{source} is a rule, not a stack; trailwarden lint --explain {source} explains it"
            )


def _check_fixing(
    is_fixing: bool,
    is_diff: bool,
    unsafe_fixes: bool,
    outputs: Sequence[str],
    regions: Sequence[str],
    together: Sequence[str],
) -> None:
    """Raises click.UsageError for options that do not go together."""
    if is_fixing and is_diff:
        raise click.UsageError("--fix writes what --diff only shows; give one of them")
    if unsafe_fixes and not (is_fixing or is_diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if is_diff and outputs:
        raise click.UsageError("--diff is an output of its own; leave out --output")
    if (is_fixing or is_diff) and together:
        raise click.UsageError("--fix and --diff take templates one by one; leave out --stack")
    if (is_fixing or is_diff) and regions:
        raise click.UsageError("--region is for the live account, which is not fixed")


def _fix(
    files: Sequence[FixedFile],
    destinations: Sequence[Output],
    failing: Collection[str],
    *,
    is_diff: bool,
    statistics: bool,
) -> int:
    from trailwarden.report.lint_text import fixing_summary

    fixed = [finding for file in files for finding in file.result.fixed]
    remaining = [one for file in files for one in file.result.findings if file.choice.shows(one)]
    if is_diff:
        for file in files:
            for line in file.diff():
                click.echo(line)
        click.echo(f"with --fix: {fixing_summary(len(fixed), remaining)}", err=True)
        # What --fix mends of a template that does not load is no fault that remains.
        mended = [finding for finding in fixed if finding.severity in failing]
        return _status(remaining, failing) or (FOUND if mended else 0)
    for file in files:
        file.write()
    left_out = [
        one for file in files for one in file.result.left_out if file.choice.wants(one.finding)
    ]
    _write(remaining, destinations, left_out, fixed, statistics=statistics)
    return _status(remaining, failing)


def _write(
    findings: Sequence[Finding],
    destinations: Sequence[Output],
    left_out: Sequence[LeftOut],
    fixed: Sequence[Finding] | None = None,
    *,
    statistics: bool,
) -> None:
    from trailwarden.cli.outputs import write_all
    from trailwarden.report.lint_report import render_lint

    write_all(
        destinations,
        lambda format, stream: render_lint(  # noqa: A006
            findings, format, stream, fixed=fixed, left_out=left_out, statistics=statistics
        ),
    )


def _status(findings: Sequence[Finding], failing: Collection[str]) -> int:
    from trailwarden.stack.lint.refusing import CODE

    if any(finding.code == CODE for finding in findings):
        return BAD_USAGE
    return FOUND if any(finding.severity in failing for finding in findings) else 0


def _found(
    sources: Sequence[str],
    together: Sequence[str],
    parameters: Mapping[str, str],
    regions: Sequence[str],
    choices: Choices,
) -> tuple[list[Finding], list[LeftOut]]:
    """What is wrong with the stacks, and what of that the comments of templates leave out."""
    from trailwarden.errors import DefinitionError
    from trailwarden.stack import load
    from trailwarden.stack.lint import ignores_of_file, lint_parted, refusals
    from trailwarden.stack.lint.ignoring import parted

    found: list[Finding] = []
    left_out: list[LeftOut] = []
    for names in (*((source,) for source in sources), *((tuple(together),) if together else ())):
        choice = choices.of(names[0])
        try:
            stack = load(names, parameters, regions=regions)
        except DefinitionError as error:
            found += refusals(error, names[0])
            continue
        ignores = _ignores(names[0], stack.source)
        judged, ignored = lint_parted(stack, ignores, judges_idle=not parameters)
        # The comments of templates that are merged, or nested, are in their own files.
        for other in dict.fromkeys(one.location.source for one in judged):
            if other != stack.source and Path(other).is_file():
                ignores = ignores_of_file(Path(other))
                judged, more = parted(judged, ignores, other, judges_idle=False)
                ignored += more
        found += filter(choice.shows, judged)
        left_out += (one for one in ignored if choice.wants(one.finding))
    return found, left_out


def _ignores(source: str, read_from: str) -> Sequence[Ignore]:
    """The comments of a template, or of a built-in stack; the live account has none."""
    from trailwarden.stack import builtin
    from trailwarden.stack.lint import ignores_of_file
    from trailwarden.stack.lint.comments import ignores_of_text

    if source in builtin.NAMES:
        return ignores_of_text(builtin.read(source))
    # Only a template's source is the path that was given.
    return ignores_of_file(Path(source)) if read_from == str(Path(source)) else ()

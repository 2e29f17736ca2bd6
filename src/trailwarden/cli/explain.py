"""``trailwarden explain``: why does this record match a filter, or not?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, parameter_option, region_option
from trailwarden.errors import Location, UsageError
from trailwarden.text import nearest, some_of, visible

if TYPE_CHECKING:
    from trailwarden.patterns import FilterPattern
    from trailwarden.report.explanation import Explained

NO_MATCH, INCOMPLETE = 1, 3


@click.command()
@click.argument("archive", metavar="RECORD|ARCHIVE")
@click.option("--pattern", metavar="PATTERN", help="The filter pattern itself.")
@click.option(
    "--stack",
    "source",
    multiple=True,
    metavar="NAME|FILE|aws",
    help="Where the filter is: a built-in stack, a CloudFormation template, the live account. "
    "Repeat for templates that are one stack.",
)
@click.option("--filter", "filter_name", metavar="NAME", help="A metric filter of the stack.")
@parameter_option
@region_option("With --stack aws")
@click.option("--event-id", metavar="ID", help="Choose the record with this eventID.")
@click.option(
    "--number", type=click.IntRange(1), metavar="N", help="Choose the Nth record, from 1."
)
@click.option("--all", "whole", is_flag=True, help="Show the tree of each of several records.")
@click.option("--matches", "only_matches", is_flag=True, help="Show only the records that match.")
@click.option("--raw", is_flag=True, help="RECORD is one message of any kind, taken as it is.")
@output_option("terminal (default) or json. Repeat for both.")
@click.option("--fail-on-no-match", is_flag=True, help="Exit with 1 if no record matched.")
def explain(
    archive: str,
    pattern: str | None,
    source: tuple[str, ...],
    filter_name: str | None,
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    event_id: str | None,
    number: int | None,
    whole: bool,
    only_matches: bool,
    raw: bool,
    outputs: tuple[str, ...],
    fail_on_no_match: bool,
) -> int:
    """Say why a record matches a filter, or not.

    Give the filter as --pattern, or as --stack and --filter. RECORD is a file with a record, - for
    standard input, or whatever scan reads: a log file, a folder, s3://BUCKET/PREFIX. Of several
    records each gets a line, with --matches just those that match; choose one with --event-id or
    --number, or see all trees with --all.

    Exit status: 0 whatever the answer is; 1 no record matched and --fail-on-no-match asked for it;
    2 bad usage or definitions; 3 some input could not be used.
    """
    from trailwarden.cli.explain_records import Choice, Reader, answers_of
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.explanation import FORMATS, Explained, render

    destinations = parse_outputs(outputs, FORMATS)
    _check(pattern, source, filter_name, given=bool(parameters or regions))
    if sum(map(bool, (event_id, number, raw))) > 1:
        raise click.UsageError("choose by one of --event-id, --number and --raw")
    asked, stack = _pattern(pattern, source, filter_name, dict(parameters), regions)
    reader = Reader(archive, raw=raw)
    choice = Choice(event_id, number, only_matches)
    records = answers_of(reader, asked, choice, whole=whole)
    if not records and not reader.problems and not (only_matches and reader.records_read):
        raise _nothing(archive, event_id, number)
    read = reader.records_read if only_matches else None
    explained = Explained(asked, stack, filter_name, records, reader.problems, read)
    write_all(destinations, partial(render, explained))
    return _status(explained, fail_on_no_match)


def _check(
    pattern: str | None, source: tuple[str, ...], filter_name: str | None, *, given: bool
) -> None:
    """Raise UsageError unless exactly one filter is meant."""
    if pattern is None and (not source or filter_name is None):
        raise click.UsageError("which filter? Give --pattern, or both --stack and --filter")
    if pattern is not None and (source or filter_name is not None or given):
        raise click.UsageError(
            "--pattern is the whole filter: leave out --stack, --filter, --parameter and --region"
        )


def _pattern(
    pattern: str | None,
    source: tuple[str, ...],
    filter_name: str | None,
    parameters: dict[str, str],
    regions: tuple[str, ...],
) -> tuple[FilterPattern, str | None]:
    """The pattern that is meant, and the name of its stack."""
    from trailwarden.patterns import parse

    if pattern is not None:
        return parse(pattern), None
    from trailwarden.stack import load

    stack = load(source, parameters, regions=regions)
    found = {one.pattern for one in stack.metric_filters if one.filter_name == filter_name}
    if len(found) > 1:
        raise UsageError(
            f"the stack has several metric filters {visible(filter_name or '', 200)!r} "
            "with different patterns",
            cure="give the one that is meant with --pattern",
        )
    if not found:
        raise _no_filter(filter_name or "", [one.filter_name for one in stack.metric_filters])
    return found.pop(), stack.name


def _no_filter(name: str, names: list[str]) -> UsageError:
    close = nearest(name, names)
    cure = f"its filters are: {visible(some_of(names, 30), 2000)}" if names else "it has none"
    if close:
        cure = f"did you mean {visible(close[0], 200)!r}?"
    return UsageError(f"the stack has no metric filter {visible(name, 200)!r}", cure=cure)


def _nothing(archive: str, event_id: str | None, number: int | None) -> UsageError:
    what = "no record"
    if event_id is not None:
        what = f"no record with the eventID {visible(event_id, 60)!r}"
    elif number is not None:
        what = f"no record number {number:,}"
    return UsageError(
        f"there is {what} here",
        location=Location("<stdin>" if archive == "-" else visible(archive, 500)),
        cure="leave out --event-id and --number to see all records"
        if event_id is not None or number is not None
        else "name a file with CloudTrail records, or take any message as it is with --raw",
    )


def _status(explained: Explained, fail_on_no_match: bool) -> int:
    """What could not be read may have matched, so incompleteness outweighs no match."""
    if explained.problems:
        return INCOMPLETE
    matched = any(record.matches for record in explained.records)
    return NO_MATCH if fail_on_no_match and not matched else 0

"""Options that several commands take, and their values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from trailwarden.text import visible
from trailwarden.times import parse_when

_Command = TypeVar("_Command", bound=Callable[..., Any])


def when(text: str, option: str | None = None) -> datetime:
    """A time: ISO 8601 (UTC unless it says otherwise), or a span before now such as 36h.

    ``option`` names the option where click cannot know it.
    """
    try:
        return parse_when(text, now=datetime.now(UTC))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{visible(text, 60)!r} is not a date or time; write 2024-05-01, 2024-05-01T12:00:00Z, "
            "or a span before now such as 90m, 36h, 7d",
            param_hint=option,
        ) from None


def setting(text: str) -> tuple[str, str]:
    """``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{visible(text, 60)!r} is not NAME=VALUE")
    return name, value


def output_option(formats: str) -> Callable[[_Command], _Command]:
    """``--output``; ``formats`` is its help: which there are, and which is the default."""
    return click.option("--output", "outputs", multiple=True, metavar="FORMAT[=FILE]", help=formats)


parameter_option = click.option(
    "--parameter",
    "parameters",
    multiple=True,
    type=setting,
    metavar="NAME=VALUE",
    help="A value for a parameter of the template; also AWS::Region and its like.",
)


def region_option(when_used: str) -> Callable[[_Command], _Command]:
    """``--region``; ``when_used`` begins its help."""
    return click.option(
        "--region",
        "regions",
        multiple=True,
        help=f"{when_used}: a region to read. Repeat for several.",
    )


def stack_options(command: _Command) -> _Command:
    """``--stack``, ``--parameter`` and ``--region``, as ``source`` (several names), ``parameters``
    and ``regions``.
    """
    return _with(
        command,
        click.option(
            "--stack",
            "source",
            multiple=True,
            default=("cis",),
            show_default=True,
            metavar="NAME|FILE|aws",
            help="A built-in stack (cis, cis-1.2.0), a CloudFormation template, a folder cdk.out, "
            "or aws: the live account. Repeat for templates that are one stack.",
        ),
        parameter_option,
        region_option("With --stack aws"),
    )


def time_options(command: _Command) -> _Command:
    """``--since`` and ``--until``, the records that count, and ``--clock``, when they do."""
    return _with(
        command,
        click.option(
            "--since", type=when, metavar="TIME", help="Leave out records before this time."
        ),
        click.option(
            "--until", type=when, metavar="TIME", help="Leave out records from this time on."
        ),
        click.option(
            "--clock",
            type=click.Choice(["event", "delivery"]),
            default="event",
            show_default=True,
            help="A record counts at its eventTime, or when its log file was delivered, as in AWS.",
        ),
    )


max_file_size_option = click.option(
    "--max-file-size",
    type=click.IntRange(1, 16384),
    default=16384,
    show_default=True,
    metavar="MIB",
    help="Read no more than this of a log file, uncompressed.",
)

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the state is kept. Default: $TRAILWARDEN_HOME, else the user's state folder.",
)

quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress display.")


def _with(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """``command`` with ``options``, which its help shows in this order."""
    for option in reversed(options):
        command = option(command)
    return command

"""Options that several commands take, and their values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from trailwarden.text import visible
from trailwarden.times import parse_when

_Command = TypeVar("_Command", bound=Callable[..., Any])


def when(text: str) -> datetime:
    """A time: ISO 8601 (UTC unless it says otherwise), or a span before now such as 36h."""
    try:
        return parse_when(text, now=datetime.now(UTC))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{visible(text, 60)!r} is no time; write 2024-05-01, 2024-05-01T12:00:00Z, "
            "or a span before now such as 90m, 36h, 7d"
        ) from None


def setting(text: str) -> tuple[str, str]:
    """``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{visible(text, 60)!r} is not NAME=VALUE")
    return name, value


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

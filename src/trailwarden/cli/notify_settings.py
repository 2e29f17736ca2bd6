"""Which settings and which stack the commands of notify are about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trailwarden.cli.options import home_option, parameter_option
from trailwarden.errors import UsageError
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.errors import TrailwardenError
    from trailwarden.settings import Settings
    from trailwarden.stack import Stack

BAD_SETTINGS = 2
_Command = Callable[..., Any]


def settings_options(command: _Command) -> _Command:
    """The options that say which settings and which stack are meant."""
    for option in (
        parameter_option,
        click.option(
            "--stack",
            multiple=True,
            metavar="NAME|FILE|aws",
            help="The stack, instead of the one in the settings. Repeat for several templates.",
        ),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The settings. Default: ./trailwarden.toml, or the one in the home.",
        ),
    ):
        command = option(command)
    return home_option(command)


def load_settings(
    config: Path | None,
    home: Path,
    stack: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
) -> tuple[Settings, Stack, Path]:
    """The settings, their stack, and the file. Raises UsageError, DefinitionError."""
    from trailwarden.cli.settings import merged, settings_file
    from trailwarden.stack import load

    path = settings_file(config, home)
    if path is None:
        raise UsageError(
            "there are no settings",
            cure=f"write trailwarden.toml, here or in {visible(str(home), 200)}, "
            "or name the file with --config",
        )
    settings = merged(
        path,
        home,
        stack=stack,
        parameters=dict(parameters),
        sources=(),
        lateness=None,
        since=None,
        listen=None,
    )
    return settings, load(settings.stack or "cis", dict(settings.parameters)), path


def told(error: TrailwardenError) -> str:
    """An error in the middle of a line, and its cure on the next."""
    place = f"{visible(str(error.location), 300)}: " if error.location else ""
    cure = f"\n  cure: {visible(error.cure, 2000)}" if error.cure else ""
    return f"{place}{visible(error.message, 2000)}{cure}"

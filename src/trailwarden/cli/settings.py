"""The settings of a command: the file, if there is one, and what the command line says instead."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from trailwarden.cli.options import when
from trailwarden.settings import Settings, SourceSettings
from trailwarden.text import visible

FILE_NAME = "trailwarden.toml"


def settings_file(given: Path | None, home: Path) -> Path | None:
    """``--config``, or trailwarden.toml here, or the one in the home; None without any."""
    if given is not None:
        return given
    return next((path for path in (Path(FILE_NAME), home / FILE_NAME) if path.is_file()), None)


def read(given: Path | None, home: Path) -> Settings:
    """The settings of the file; those of an empty one where there is none.

    Raises DefinitionErrors with all that is wrong with it.
    """
    from trailwarden.notify.channels import OPTIONS
    from trailwarden.settings.reader import read_settings

    path = settings_file(given, home)
    if path is None:
        return Settings()
    return read_settings(path, options=OPTIONS, environment=os.environ)


def merged(
    config: Path | None,
    home: Path,
    *,
    stack: tuple[str, ...] | None,
    parameters: Mapping[str, str],
    sources: Sequence[str],
    lateness: str | None,
    since: str | None,
    listen: str | None,
    buckets: Sequence[str] = (),
) -> Settings:
    """The settings, with what the command line gives in the place of theirs.

    Sources of the command line replace those of the file.
    """
    from trailwarden.watch.sources import parse_source

    settings = read(config, home)
    if sources:
        settings = replace(settings, sources=tuple(parse_source(text) for text in sources))
    if buckets:
        settings = replace(
            settings, sources=tuple(_with_buckets(one, buckets) for one in settings.sources)
        )
    if since is not None:
        when(since, "--since")  # a slip is said before anything else happens
    pseudo = {"AWS::AccountId": settings.account, "AWS::Region": settings.region}
    known = {name: value for name, value in pseudo.items() if value}
    return replace(
        settings,
        stack=stack or settings.stack,
        parameters={**known, **settings.parameters, **parameters},
        lateness=settings.lateness if lateness is None else _lateness(lateness),
        since=since or settings.since,
        listen=listen or settings.listen,
    )


def _with_buckets(source: SourceSettings, buckets: Sequence[str]) -> SourceSettings:
    return replace(source, buckets=tuple(buckets)) if source.kind == "sqs" else source


def _lateness(text: str) -> float:
    from trailwarden.settings.durations import parse_duration
    from trailwarden.settings.watch_section import MOST_LATENESS

    try:
        seconds = parse_duration(text)
    except ValueError:
        raise click.BadParameter(
            f"{visible(text, 60)!r} is no span of time; write 90s, 15m, 1h", param_hint="--lateness"
        ) from None
    if not 0 <= seconds <= MOST_LATENESS:
        raise click.BadParameter(
            f"{visible(text, 60)!r} is out of range; write from 0s to 7d", param_hint="--lateness"
        )
    return seconds

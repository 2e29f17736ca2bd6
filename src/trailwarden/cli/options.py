"""Values of options that several commands take."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trailwarden.text import visible
from trailwarden.times import parse_when


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

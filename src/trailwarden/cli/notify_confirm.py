"""``trailwarden notify confirm``: the receiver of a webhook wants to be told."""

from __future__ import annotations

from pathlib import Path

import click

from trailwarden.cli.options import home_option
from trailwarden.errors import UsageError
from trailwarden.text import visible


@click.command()
@click.argument("token")
@home_option
def confirm(token: str, home: Path | None) -> int:
    """Confirm the webhook whose receiver was sent TOKEN.

    Exit status: 0 its messages go out from now on; 2 no webhook waits for this token.
    """
    from trailwarden.cli.home import home_folder
    from trailwarden.notify.channels.webhook import confirm as confirm_webhook

    folder = home_folder(home)
    if not confirm_webhook(folder, token):
        raise UsageError(
            f"no webhook of {visible(str(folder), 200)} waits for this token",
            cure="copy the whole token; it may be confirmed already, or belong to another --home",
        )
    click.echo("confirmed: its messages go out from now on")
    return 0

"""``trailwarden notify``: see who is told what, and try it."""

from __future__ import annotations

import click

from trailwarden.cli.notify_check import check
from trailwarden.cli.notify_confirm import confirm
from trailwarden.cli.notify_test import test


@click.group()
def notify() -> None:
    """Check who is told what, send a test, confirm a webhook."""


notify.add_command(test)
notify.add_command(confirm)
notify.add_command(check)

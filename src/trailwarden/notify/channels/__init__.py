"""Ways to tell people and machines: one file per kind of channel.

``OPTIONS`` says what the table of a channel in the settings may hold; ``open_channel`` makes the
channel of such a table.
"""

from __future__ import annotations

from pathlib import Path

from trailwarden.errors import UsageError
from trailwarden.notify.channels.catalogue import OPTIONS
from trailwarden.notify.outgoing import Channel
from trailwarden.settings.model import ChannelSettings
from trailwarden.text import visible

__all__ = ["OPTIONS", "open_channel"]


def open_channel(settings: ChannelSettings, *, home: Path | None) -> Channel:
    """The channel that ``settings`` describe. Nothing is sent yet.

    ``home`` is the folder of Trailwarden's own state, where webhooks keep their key; None where
    there is none.

    Raises UsageError for options that cannot be used, and for a library that is not installed.
    """
    # A channel's libraries are slow to import, and a run needs only those of its own channels.
    if settings.kind == "sns":
        from trailwarden.notify.channels.sns import SnsChannel  # noqa: PLC0415 - see above

        return SnsChannel(settings)
    if settings.kind == "webhook":
        from trailwarden.notify.channels.webhook import WebhookChannel  # noqa: PLC0415

        return WebhookChannel(settings, home=home)
    if settings.kind == "smtp":
        from trailwarden.notify.channels.smtp import SmtpChannel  # noqa: PLC0415

        return SmtpChannel(settings)
    if settings.kind == "apprise":
        from trailwarden.notify.channels.apprise import AppriseChannel  # noqa: PLC0415

        return AppriseChannel(settings)
    return _local(settings)


def _local(settings: ChannelSettings) -> Channel:
    if settings.kind == "exec":
        from trailwarden.notify.channels.exec import ExecChannel  # noqa: PLC0415 - as above

        return ExecChannel(settings)
    if settings.kind == "stdout":
        from trailwarden.notify.channels.stdout import StdoutChannel  # noqa: PLC0415

        return StdoutChannel(settings)
    raise UsageError(
        f"channels.{visible(settings.name, 100)}: there is no such kind of channel",
        cure=f"its type is one of {', '.join(OPTIONS)}",
    )

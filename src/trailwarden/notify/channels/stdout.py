"""Messages as lines of JSON on standard output."""

from __future__ import annotations

import re
import sys

from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.given import Given
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


class StdoutChannel:
    """One line per message: its body, in ASCII, for it may end on a terminal."""

    def __init__(self, settings: ChannelSettings) -> None:
        Given(settings)
        self._name = settings.name

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Write and flush. Raises DeliveryError, a final one, where nobody reads any more."""
        try:
            sys.stdout.write(_ascii(message.body) + "\n")
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise DeliveryError(
                f"standard output cannot be written: {type(error).__name__}",
                retryable=False,
                cure="keep the reader of the pipe running",
            ) from None

    def close(self) -> None:
        """Standard output belongs to the whole program: it stays open."""


def _ascii(body: str) -> str:
    """The same JSON in ASCII: what is not plain stands only in strings, where it may be escaped."""
    return _NOT_PLAIN.sub(lambda found: _escape(found[0]), body)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

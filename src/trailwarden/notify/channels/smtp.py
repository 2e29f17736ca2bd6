"""Messages by e-mail."""

from __future__ import annotations

import smtplib
import ssl

from trailwarden.errors import UsageError
from trailwarden.notify.channels.given import Given
from trailwarden.notify.channels.letter import letter, mailboxes
from trailwarden.notify.channels.smtp_faults import delivery_error, refused_recipients
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings

_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_LOCAL = ("localhost", "127.0.0.1", "::1")


class SmtpChannel:
    """One connection and one mail, to all recipients, per message.

    Where the server takes some recipients and not others, the next attempt of the same message goes
    to the others only.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        given = Given(settings)
        self._name = settings.name
        self._host, self._tls = given.text("host"), given.text("tls")
        self._port = given.integer("port") or _PORTS[self._tls]
        self._timeout = given.seconds("timeout")
        self._user, self._password = given.text("user"), given.text("password")
        self._sender = _addresses(given, "from")[0]
        self._recipients = _addresses(given, "to")
        self._taken: dict[str, set[str]] = {}  # by message: who has it already
        _check_login(given, self._user, self._password)
        if self._password and self._tls == "none" and self._host not in _LOCAL:
            raise given.refused(
                "tls", "a password would be sent in clear", "use starttls or implicit"
            )

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Raises DeliveryError: retryable after 4xx answers and lost connections, final after 5xx.

        It is raised too where only some recipients were refused.
        """
        taken = self._taken.pop(message.id, set())
        waiting = [one for one in self._recipients if one[1] not in taken]
        refused: dict[str, tuple[int, bytes]] = {}
        try:
            with self._connection() as connection:
                refused = connection.send_message(
                    letter(message, self._sender, self._recipients),
                    from_addr=self._sender[1],
                    to_addrs=[address for _, address in waiting],
                )
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._remember(message, taken)
            raise delivery_error(error, (self._password,)) from None
        if refused:
            fault = refused_recipients(refused, (self._password,))
            if fault.retryable:
                self._remember(message, taken | {a for _, a in waiting if a not in refused})
            raise fault

    def close(self) -> None:
        """Connections end with their message."""

    def _remember(self, message: Outgoing, taken: set[str]) -> None:
        if taken:
            self._taken[message.id] = taken

    def _connection(self) -> smtplib.SMTP:
        """A connection that is encrypted and logged in, as the options say."""
        if self._tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection


def _addresses(given: Given, name: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a name and an address. Raises UsageError."""
    texts = given.many(name)
    found = [mailboxes(text) for text in texts]
    if not all(found):
        number = found.index(()) + 1
        raise given.refused(
            name,
            f"address number {number} is not usable",
            "write it as somebody@example.com or Somebody <somebody@example.com>",
        )
    return tuple(mailbox for group in found for mailbox in group)


def _check_login(given: Given, user: str, password: str) -> None:
    error: UsageError | None = None
    if user and not password:
        error = given.refused("password", "a user is given without a password", "give both")
    if password and not user:
        error = given.refused("user", "a password is given without a user", "give both")
    if not (user + password).isascii():
        error = given.refused("password", "user and password must be ASCII", "choose others")
    if error:
        raise error

"""A message as an e-mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses

from trailwarden.notify.channels.answers import header_text, stable_uuid
from trailwarden.notify.outgoing import Outgoing

Mailbox = tuple[str, str]  # a name, which may be empty, and an address

# Long enough for a subject to stand on one line: folded, some programs show it with a space.
_FORM = SMTP.clone(max_line_length=200)
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]+@[A-Za-z0-9.-]+", re.ASCII)


def mailboxes(text: str) -> tuple[Mailbox, ...]:
    """The mailboxes in ``a@x.example, Name <b@x.example>``; none where one is not usable."""
    if not text.isprintable():  # a line break would be a header of its own
        return ()
    found = getaddresses([text])
    return tuple(found) if all(map(_is_usable, found)) else ()


def letter(message: Outgoing, sender: Mailbox, recipients: Sequence[Mailbox]) -> EmailMessage:
    """Text with HTML as its alternative. A resend has the same Message-ID."""
    mail = EmailMessage(policy=_FORM)
    mail["From"] = _header(sender)
    mail["To"] = [_header(one) for one in recipients]
    mail["Subject"] = header_text(message.subject, 200)
    mail["Date"] = format_datetime(message.time)
    mail["Message-ID"] = _message_id(message.id, sender[1])
    mail["X-Trailwarden-Id"] = header_text(message.id, 200)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from absent people
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _is_usable(mailbox: Mailbox) -> bool:
    address = mailbox[1]
    if not address.isascii() or not _ADDRESS.fullmatch(address):
        return False
    try:
        _header(mailbox)
    except (ValueError, MessageError):
        return False
    return True


def _header(mailbox: Mailbox) -> Address:
    return Address(display_name=mailbox[0], addr_spec=mailbox[1])


def _message_id(message_id: str, sender: str) -> str:
    return f"<{stable_uuid(message_id)}@{sender.rpartition('@')[2]}>"

"""Mails, against a real SMTP server."""

from __future__ import annotations

import asyncio
import base64
import socket
import string
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiosmtpd")
pytest.importorskip("cryptography")
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.announcements import DECIDED, HOSTILE, composed, hostile, settings
from tests.notify.certificates import certificate_in, server_tls
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.notify import Channel
from trailwarden.notify.channels import open_channel
from trailwarden.notify.channels.letter import letter, mailboxes
from trailwarden.settings.model import Secret

PASSWORD = "hunter2-password"


class Mailbox:
    """Keeps what it gets. ``answers`` are the answers to recipients, by address, and to DATA."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=default)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 OK"


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    if data.password == PASSWORD.encode():
        return AuthResult(success=True)
    return AuthResult(
        success=False, handled=False, message=f"535 {data.password.decode()} is wrong"
    )


class Server(Controller):
    """On a port that the system chooses, found out before it is first tried."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[int]:
    yield from _running(
        Server(mailbox, "127.0.0.1", 0, authenticator=login, auth_require_tls=False)
    )


def _running(controller: Controller) -> Iterator[int]:
    controller.start()
    yield controller.port
    controller.stop()


def channel(at: int, **options: Any) -> Channel:
    given = {
        "host": "127.0.0.1",
        "port": at,
        "tls": "none",
        "from_": "Trailwarden <watch@example.com>",
        "to": ("oncall@example.com",),
        **options,
    }
    return open_channel(settings("smtp", **given), home=None)


def failure(sender: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(composed())
    assert PASSWORD not in f"{caught.value!s} {caught.value!r}"
    return caught.value


def content(part: Any) -> str:
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


# --- the mail --------------------------------------------------------------------------------
def test_a_mail(server: int, mailbox: Mailbox) -> None:
    message = composed()
    sender = channel(server, to=("oncall@example.com", "Boss <boss@example.com>"))
    sender.send(message)
    sender.close()
    ((recipients, mail),) = mailbox.mails
    assert recipients == ["oncall@example.com", "boss@example.com"]
    assert mail["From"] == "Trailwarden <watch@example.com>"
    assert mail["To"] == "oncall@example.com, Boss <boss@example.com>"
    assert mail["Subject"] == message.subject
    assert mail["Date"].datetime == DECIDED.replace(microsecond=0)
    assert mail["X-Trailwarden-Id"] == "a-1"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.iter_parts()
    assert mail.get_content_type() == "multipart/alternative"
    assert content(text) == message.text
    assert content(html) == message.html


def test_a_resend_has_the_same_id(server: int, mailbox: Mailbox) -> None:
    for message in (composed(), composed(), hostile("x", id="a-2")):
        channel(server).send(message)
    one, again, other = (mail["Message-ID"] for _, mail in mailbox.mails)
    assert one == again != other
    assert one.endswith("@example.com>")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings(server: int, mailbox: Mailbox, name: str) -> None:
    message = hostile(HOSTILE[name], id=HOSTILE[name])
    channel(server).send(message)
    ((recipients, mail),) = mailbox.mails
    assert recipients == ["oncall@example.com"]
    assert set(mail.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "X-Trailwarden-Id", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo"),
    }
    text, html = mail.iter_parts()
    assert content(text) == message.text
    assert content(html) == message.html


# --- answers ---------------------------------------------------------------------------------
@pytest.mark.parametrize("code", [451, 552, 554])
def test_answers_to_the_mail(server: int, mailbox: Mailbox, code: int) -> None:
    mailbox.answers["DATA"] = f"{code} no \x1b[2J"
    fault = failure(channel(server))
    assert fault.retryable is (code < 500)
    assert f"{code} no" in fault.message
    assert "\x1b" not in fault.message


@pytest.mark.parametrize(("code", "retryable"), [(450, True), (550, False)])
def test_all_recipients_refused(server: int, mailbox: Mailbox, code: int, retryable: bool) -> None:
    mailbox.answers["oncall@example.com"] = f"{code} not now"
    fault = failure(channel(server))
    assert fault.retryable is retryable
    assert f"oncall@example.com: {code} not now" in fault.message


def test_who_has_the_mail_does_not_get_it_again(server: int, mailbox: Mailbox) -> None:
    mailbox.answers["late@example.com"] = "450 not now"
    sender = channel(server, to=("oncall@example.com", "late@example.com"))
    assert failure(sender).retryable
    assert failure(sender).retryable
    mailbox.answers.clear()
    sender.send(composed())
    assert [to for to, _ in mailbox.mails] == [["oncall@example.com"], ["late@example.com"]]
    sender.send(composed())  # it was delivered: another order to send it goes to all
    assert len(mailbox.mails[-1][0]) == 2


def test_a_recipient_that_never_works_is_told_and_final(server: int, mailbox: Mailbox) -> None:
    mailbox.answers["gone@example.com"] = "550 no such user"
    fault = failure(channel(server, to=("oncall@example.com", "gone@example.com")))
    assert not fault.retryable
    assert "1 of the recipients refused, first gone@example.com: 550 no such user" in fault.message
    assert [to for to, _ in mailbox.mails] == [["oncall@example.com"]]


def test_nobody_listens(server: int) -> None:
    async def free_port() -> int:
        free = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port: int = free.sockets[0].getsockname()[1]
        free.close()
        await free.wait_closed()
        return port

    assert failure(channel(asyncio.run(free_port()))).retryable


# --- logging in and TLS ----------------------------------------------------------------------
def test_logging_in(server: int, mailbox: Mailbox) -> None:
    channel(server, user="u", password=Secret(PASSWORD)).send(composed())
    assert len(mailbox.mails) == 1


def test_a_wrong_password_that_the_server_echoes(server: int) -> None:
    wrong = PASSWORD[::-1]
    with pytest.raises(DeliveryError) as caught:
        channel(server, user="u", password=Secret(wrong)).send(composed())
    assert not caught.value.retryable
    assert "535 *** is wrong" in caught.value.message
    assert wrong not in f"{caught.value!s} {caught.value!r}"
    assert base64.b64encode(f"\0u\0{wrong}".encode()).decode() not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure(mailbox: Mailbox, certificate: Path) -> Iterator[int]:
    yield from _running(
        Server(mailbox, "127.0.0.1", 0, tls_context=server_tls(certificate), authenticator=login)
    )


def test_starttls(
    secure: int, mailbox: Mailbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    channel(secure, tls="starttls", user="u", password=Secret(PASSWORD)).send(composed())
    assert len(mailbox.mails) == 1


def test_tls_from_the_start(
    mailbox: Mailbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    # The server's thread finds out by a connection of its own whether it runs: it trusts itself.
    monkeypatch.setattr(Server, "_trigger_server", Controller._trigger_server)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    controller = Server(mailbox, "127.0.0.1", port, ssl_context=server_tls(certificate))
    for at in _running(controller):
        channel(at, tls="implicit").send(composed())
    assert len(mailbox.mails) == 1


def test_a_certificate_that_nobody_vouches_for(
    secure: int, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    fault = failure(channel(secure, tls="starttls", user="u", password=Secret(PASSWORD)))
    assert "certificate" in fault.message
    assert not mailbox.mails


def test_a_server_without_starttls_gets_nothing(server: int, mailbox: Mailbox) -> None:
    fault = failure(channel(server, tls="starttls"))
    assert not fault.retryable
    assert not mailbox.mails


# --- options ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["from_", "to"])
@pytest.mark.parametrize(
    "address",
    [
        *("", "nobody", "a@x.example\r\nBcc: b@x.example", "a b@x.example", "@x"),
        *("ä@x.example", "a@x.example\x00", "N\n <a@x.example>"),
    ],
)
def test_addresses_that_cannot_be_meant(name: str, address: str) -> None:
    with pytest.raises(UsageError, match=rf"channels\.pager \({name.strip('_')}\)"):
        channel(25, **{name: (address,) if name == "to" else address})


@pytest.mark.parametrize(
    "options",
    [
        {"user": "u"},
        {"password": Secret(PASSWORD)},
        {"user": "u", "password": Secret(PASSWORD), "host": "mail.example"},
        {"user": "u", "password": Secret(PASSWORD + "ä")},
        {"tls": PASSWORD},
        {"port": 70_000},
        {"port": PASSWORD},
        {PASSWORD[:7]: "x"},
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        channel(25, **options)
    assert PASSWORD not in str(caught.value)


@given(st.text(max_size=40), st.text(string.printable, max_size=20))
def test_whatever_is_taken_as_an_address_can_be_written(text: str, other: str) -> None:
    for one in (text, other, f"{other}@x.example", f"{text} <a@x.example>", f"{text}, b@{other}.c"):
        for mailbox in mailboxes(one):
            lines = letter(composed(), mailbox, [mailbox]).as_bytes().split(b"\r\n")
            start = lines[: lines.index(b"")]
            names = {line.split(b":")[0] for line in start if not line.startswith((b" ", b"\t"))}
            assert len(names) == 9


def test_names_that_are_not_ascii(server: int, mailbox: Mailbox) -> None:
    channel(server, from_="Wächter <watch@example.com>").send(composed())
    assert mailbox.mails[0][1]["From"].addresses[0].display_name == "Wächter"

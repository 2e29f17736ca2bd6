"""Webhooks, against a real HTTP receiver that checks the signature."""

from __future__ import annotations

import base64
import json
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

pytest.importorskip("cryptography")
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.notify.announcements import HOSTILE, TOPIC, composed, hostile, settings
from tests.notify.certificates import certificate_in, server_tls
from tests.notify.receivers import Receiver, receiving
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.notify import Outgoing, string_to_sign
from trailwarden.notify.channels import open_channel
from trailwarden.notify.channels.signing import Signer
from trailwarden.notify.channels.webhook import WebhookChannel, confirm

SECRET = "hunter2-token"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with receiving() as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: a key takes a while to make."""
    return tmp_path_factory.mktemp("home")


def channel(url: str, home: Path | None, **options: Any) -> WebhookChannel:
    made = open_channel(settings("webhook", url=url, **options), home=home)
    assert isinstance(made, WebhookChannel)
    return made


def failure(sender: WebhookChannel, message: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(message or composed())
    text = f"{caught.value!s} {caught.value!r}"
    assert "s3cr3t-path" not in text
    assert SECRET not in text
    return caught.value


def check_signature(envelope: dict[str, str], home: Path) -> None:
    certificate = x509.load_pem_x509_certificate((home / "webhook-cert.pem").read_bytes())
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    signature = base64.b64decode(envelope["Signature"], validate=True)
    key.verify(signature, string_to_sign(envelope).encode(), PKCS1v15(), SHA256())


# --- the envelope ----------------------------------------------------------------------------
def test_the_envelope_and_its_headers(receiver: Receiver, home: Path) -> None:
    """Section 13."""
    message = composed()
    channel(receiver.url, home).send(message)
    (request,) = receiver.requests
    envelope = json.loads(request.body)
    assert list(envelope) == [
        *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion"),
        *("Signature", "SigningCertURL", "UnsubscribeURL"),
    ]
    assert envelope["Type"] == "Notification"
    assert envelope["Message"] == message.body
    assert envelope["Subject"] == message.subject
    assert envelope["Timestamp"] == "2025-05-02T10:06:00.250Z"
    assert envelope["SignatureVersion"] == "2"
    assert request.path == "/hook?key=s3cr3t-path"
    assert request.headers["content-type"] == "text/plain; charset=UTF-8"
    assert request.headers["user-agent"] == "Amazon Simple Notification Service Agent"
    assert request.headers["x-amz-sns-message-type"] == "Notification"
    assert request.headers["x-amz-sns-message-id"] == envelope["MessageId"]
    assert request.headers["x-amz-sns-topic-arn"] == TOPIC
    assert request.headers["x-amz-sns-subscription-arn"].startswith(f"{TOPIC}:")
    assert "x-amz-sns-rawdelivery" not in request.headers
    check_signature(envelope, home)


def test_a_changed_message_does_not_verify(receiver: Receiver, home: Path) -> None:
    channel(receiver.url, home).send(composed())
    envelope = json.loads(receiver.requests[0].body)
    with pytest.raises(InvalidSignature):
        check_signature({**envelope, "Message": envelope["Message"] + " "}, home)


def test_a_resend_keeps_its_id(receiver: Receiver, home: Path) -> None:
    """Rule S-2."""
    message = composed()
    for _ in range(2):
        channel(receiver.url, home).send(message)
    channel(receiver.url, home).send(hostile("x", id="a-2"))
    one, again, other = (json.loads(request.body)["MessageId"] for request in receiver.requests)
    assert one == again == str(UUID(one))
    assert other != one


def test_where_the_certificate_is(receiver: Receiver, home: Path) -> None:
    channel(receiver.url, home).send(composed())
    own = "https://example.com/webhook-cert.pem"
    channel(receiver.url, home, cert_url=own, unsubscribe_url="https://u.example").send(composed())
    named, hosted = (json.loads(request.body) for request in receiver.requests)
    certificate = x509.load_pem_x509_certificate((home / "webhook-cert.pem").read_bytes())
    fingerprint = certificate.fingerprint(SHA256()).hex()
    assert named["SigningCertURL"] == f"urn:trailwarden:certificate:sha256:{fingerprint}"
    assert named["UnsubscribeURL"] == "urn:trailwarden:channel:pager"
    assert (hosted["SigningCertURL"], hosted["UnsubscribeURL"]) == (own, "https://u.example")


def test_raw_delivery(receiver: Receiver) -> None:
    message = composed()
    channel(receiver.url, None, raw=True, headers=("Content-Type: application/json",)).send(message)
    (request,) = receiver.requests
    assert request.body == message.body
    assert request.headers["x-amz-sns-rawdelivery"] == "true"
    assert request.headers["content-type"] == "application/json"  # rule S-14


def test_headers_of_the_users_own(receiver: Receiver, home: Path) -> None:
    channel(receiver.url, home, headers=(f"Authorization: Bearer {SECRET}",)).send(composed())
    assert receiver.requests[0].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_arrive_as_data(receiver: Receiver, home: Path, name: str) -> None:
    text = HOSTILE[name]
    channel(receiver.url, home).send(hostile(text))
    (request,) = receiver.requests
    envelope = json.loads(request.body)
    check_signature(envelope, home)
    shown = text.replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    assert json.loads(envelope["Message"])["AlarmName"] == shown


def test_a_hostile_topic(receiver: Receiver, home: Path) -> None:
    topic = "arn:aws:sns:x\r\nX-Evil: 1\ud800\U0001f4a3"
    channel(receiver.url, home).send(composed(topic=topic))
    (request,) = receiver.requests
    assert "x-evil" not in request.headers
    assert request.headers["x-amz-sns-topic-arn"].isascii()
    check_signature(json.loads(request.body), home)


# --- answers ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "retryable"),
    [(500, True), (503, True), (429, True), (400, False), (404, False), (301, False), (307, False)],
)
def test_which_answers_are_worth_another_attempt(
    receiver: Receiver, status: int, retryable: bool
) -> None:
    """Rule S-12."""
    receiver.answer(status, b"no\x1b[2J", Location=receiver.url)
    fault = failure(channel(receiver.url, None, raw=True))
    assert fault.retryable is retryable
    assert str(status) in fault.message
    assert "\x1b" not in str(fault)
    assert len(receiver.requests) == 1  # redirects are not followed


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_delivered(receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    channel(receiver.url, None, raw=True).send(composed())
    assert not receiver.answers


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), ("0", 0), ("999999999999", 3600), ("soon", None), ("", None), ("-1", None)],
)
def test_retry_after(receiver: Receiver, text: str, seconds: float | None) -> None:
    receiver.answer(503, Retry_After=text)
    assert failure(channel(receiver.url, None, raw=True)).retry_after == seconds


@pytest.mark.parametrize(("minutes", "least", "most"), [(30, 1700, 1800), (-30, 0, 0)])
def test_retry_after_a_date(receiver: Receiver, minutes: int, least: float, most: float) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    receiver.answer(429, Retry_After=date)
    assert least <= (failure(channel(receiver.url, None, raw=True)).retry_after or 0) <= most


def test_a_receiver_that_echoes_secrets(receiver: Receiver) -> None:
    said = f"bad token {SECRET} at {receiver.url}, /hook?key=s3cr3t-path, key s3cr3t-path"
    receiver.answer(403, said.encode())
    sender = channel(receiver.url, None, raw=True, headers=(f"Authorization: Bearer {SECRET}",))
    assert "bad token *** at ***, ***, key ***" in failure(sender).message


def test_a_long_answer_is_bounded(receiver: Receiver) -> None:
    receiver.answer(400, b"x" * 300_000)
    assert len(str(failure(channel(receiver.url, None, raw=True)))) < 1000


def test_nobody_answers() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    fault = failure(channel(f"http://127.0.0.1:{port}/s3cr3t-path", None, raw=True))
    assert fault.retryable


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 20"])
def test_half_an_answer_is_none(said: bytes) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = Thread(target=_answer_and_close, args=(server, said), daemon=True)
        thread.start()
        fault = failure(channel(f"http://127.0.0.1:{server.getsockname()[1]}/", None, raw=True))
        thread.join()
    assert fault.retryable


def _answer_and_close(server: socket.socket, said: bytes) -> None:
    connection, _ = server.accept()
    with closing(connection):
        received = b""
        while b"AlarmName" not in received:
            received += connection.recv(65_536)
        connection.sendall(said)


def test_an_answer_by_drops_is_cut_off() -> None:
    """Every byte comes in time, the answer never."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = Thread(target=_drip, args=(server,), daemon=True)
        thread.start()
        fault = failure(
            channel(f"http://127.0.0.1:{server.getsockname()[1]}/", None, raw=True, timeout=1)
        )
        thread.join()
    assert fault.retryable
    assert "the time is over" in fault.message


def _drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with closing(connection):
        connection.settimeout(0.05)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            try:
                if not connection.recv(65_536):
                    return
            except TimeoutError:
                connection.sendall(b"x")
            except OSError:
                return


def test_a_proxy(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", receiver.url.replace("//", "//user:pass%20word@"))
    monkeypatch.setenv("no_proxy", "")
    channel("http://hooks.example:81/a?b", None, raw=True).send(composed())
    (request,) = receiver.requests
    assert request.path == "http://hooks.example:81/a?b"
    assert request.headers["host"] == "hooks.example:81"
    login = base64.b64decode(request.headers["proxy-authorization"].removeprefix("Basic "))
    assert login == b"user:pass word"


@pytest.mark.parametrize("trusted", [True, False])
def test_the_certificate_of_the_receiver_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    certificate = certificate_in(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(server_tls(certificate)) as secure:
        sender = channel(secure.url, None, raw=True)
        if trusted:
            sender.send(composed())
        else:
            fault = failure(sender)
            assert fault.retryable
            assert "certificate" in fault.message
    assert len(secure.requests) == trusted


def test_a_proxy_for_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certificate_in(tmp_path)
    asked: list[bytes] = []
    with (
        receiving(server_tls(certificate)) as secure,
        closing(socket.create_server(("127.0.0.1", 0))) as server,
    ):
        thread = Thread(target=_tunnel, args=(server, asked), daemon=True)
        thread.start()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("https_proxy", f"http://u:p@127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        channel(secure.url, None, raw=True).send(composed())
        thread.join()
    host = secure.url.split("/")[2].encode()
    assert asked[0].startswith(b"CONNECT " + host + b" HTTP/1.")
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"u:p") in asked[0]
    (request,) = secure.requests
    assert request.path == "/hook?key=s3cr3t-path"
    assert "proxy-authorization" not in request.headers


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = Thread(target=_refuse, args=(server,), daemon=True)
        thread.start()
        monkeypatch.setenv("https_proxy", f"http://u:{SECRET}@127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        fault = failure(channel("https://x.example/s3cr3t-path", None, raw=True))
        thread.join()
    assert fault.retryable
    assert "the proxy refused: Tunnel connection failed: 407 No" in fault.message


def _refuse(server: socket.socket) -> None:
    client, _ = server.accept()
    with closing(client):
        client.recv(65_536)
        client.sendall(b"HTTP/1.1 407 No\r\n\r\n")


def _tunnel(server: socket.socket, asked: list[bytes]) -> None:
    """Serve one CONNECT."""
    client, _ = server.accept()
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    asked.append(head)
    host, _, port = head.split(b" ")[1].partition(b":")
    with closing(client), closing(socket.create_connection((host, int(port)))) as target:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        back = Thread(target=_pump, args=(target, client), daemon=True)
        back.start()
        _pump(client, target)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)


# --- the key ---------------------------------------------------------------------------------
def test_the_key_is_the_owners_alone_and_stays(receiver: Receiver, home: Path) -> None:
    channel(receiver.url, home)
    files = [home / "webhook-key.pem", home / "webhook-cert.pem"]
    before = [file.read_bytes() for file in files]
    channel(receiver.url, home)
    assert [file.read_bytes() for file in files] == before
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert not [file for file in home.iterdir() if file.name.startswith("tmp")]


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_a_lost_certificate_is_made_again_for_the_same_key(
    receiver: Receiver, home: Path, content: bytes | None
) -> None:
    channel(receiver.url, home)
    key = (home / "webhook-key.pem").read_bytes()
    certificate = home / "webhook-cert.pem"
    certificate.unlink() if content is None else certificate.write_bytes(content)
    channel(receiver.url, home).send(composed())
    check_signature(json.loads(receiver.requests[0].body), home)
    assert (home / "webhook-key.pem").read_bytes() == key


def test_two_that_make_the_key_at_once_have_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        signers = list(pool.map(Signer, [tmp_path / "new"] * 4))
    message = {"Type": "Notification", "Message": "m"}
    assert len({signer.signature(message) for signer in signers}) == 1
    certificate = x509.load_pem_x509_certificate((tmp_path / "new/webhook-cert.pem").read_bytes())
    fingerprint = certificate.fingerprint(SHA256()).hex()
    assert [signer.fingerprint for signer in signers] == [fingerprint] * 4


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"nonsense", pem):
        (tmp_path / "webhook-key.pem").write_bytes(content)
        with pytest.raises(UsageError, match="not an RSA key"):
            channel("http://x.example/", tmp_path)


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be kept"):
        channel("http://x.example/", tmp_path / "file" / "home")


# --- confirmation ----------------------------------------------------------------------------
def test_nothing_is_delivered_before_confirmation(receiver: Receiver, home: Path) -> None:
    """Rule S-1."""
    sender = channel(receiver.url, home, confirm="token")
    for _ in range(2):
        assert failure(sender).retryable
    (request,) = receiver.requests
    asked = json.loads(request.body)
    assert list(asked) == [
        *("Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp"),
        *("SignatureVersion", "Signature", "SigningCertURL"),
    ]
    assert asked["Type"] == "SubscriptionConfirmation"
    assert asked["Token"] in asked["SubscribeURL"]
    assert "x-amz-sns-subscription-arn" not in request.headers
    assert request.headers["x-amz-sns-message-type"] == "SubscriptionConfirmation"
    check_signature(asked, home)

    assert not confirm(home, "")
    assert not confirm(home, asked["Token"][:-1])
    assert failure(sender).retryable
    assert confirm(home, f" {asked['Token']}\n")
    assert not confirm(home, asked["Token"])
    sender.send(composed())
    assert json.loads(receiver.requests[-1].body)["Type"] == "Notification"


def test_a_token_that_did_not_arrive_is_sent_again(receiver: Receiver, home: Path) -> None:
    receiver.answer(500)
    sender = channel(receiver.url, home, confirm="token")
    assert "500" in failure(sender).message
    assert "not confirmed" in failure(sender).message
    one, again = (json.loads(request.body) for request in receiver.requests)
    assert (one["Token"], one["MessageId"]) == (again["Token"], again["MessageId"])


def test_each_topic_is_confirmed_for_itself(receiver: Receiver, home: Path) -> None:
    sender = channel(receiver.url, home, confirm="token", raw=True)
    failure(sender, composed(topic=f"{TOPIC}-1"))
    failure(sender, composed(topic=f"{TOPIC}-2"))
    assert confirm(home, json.loads(receiver.requests[0].body)["Token"])
    sender.send(composed(topic=f"{TOPIC}-1"))
    assert failure(sender, composed(topic=f"{TOPIC}-2")).retryable


def test_an_empty_file_of_a_token_is_replaced(receiver: Receiver, tmp_path: Path) -> None:
    sender = channel(receiver.url, tmp_path, confirm="token", raw=True)
    failure(sender)
    (file,) = (tmp_path / "pending").glob("*.json")
    file.write_bytes(b"")
    failure(sender)
    assert confirm(tmp_path, json.loads(receiver.requests[-1].body)["Token"])
    sender.send(composed())


def test_no_home_no_confirmation(tmp_path: Path) -> None:
    assert not confirm(tmp_path / "nowhere", "token")
    with pytest.raises(UsageError, match="folder for its key"):
        channel("http://x.example/", None)
    with pytest.raises(UsageError, match="folder for its key"):
        channel("http://x.example/", None, raw=True, confirm="token")


# --- options ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        *("", "hook", "ftp://x.example/", "http://", "http://x.example:port/", "http://a..b/"),
        *("http://x.example/a b", "http://x.example/\r\nX: 1", "http://user:s3cr3t-path@x.example"),
    ],
)
def test_unusable_addresses(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        channel(url, None, raw=True)
    assert "channels.pager (url)" in str(caught.value)
    assert "s3cr3t-path" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        *(SECRET, f"A: {SECRET}\r\nB: c", f"A : {SECRET}", f"A: {SECRET}\x00", f"Ä: {SECRET}"),
        *(f"Host: {SECRET}", f"X-Amz-Sns-Topic-Arn: {SECRET}", f"A: {SECRET}\u20ac"),
    ],
)
def test_unusable_headers(header: str) -> None:
    with pytest.raises(UsageError) as caught:
        channel("http://x.example/", None, raw=True, headers=(header,))
    assert SECRET not in str(caught.value)

"""Messages through Apprise, to a real HTTP receiver."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

pytest.importorskip("apprise")

from tests.notify.announcements import HOSTILE, announcement, composed, hostile, settings
from tests.notify.receivers import Receiver, receiving
from trailwarden.alarms import State
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.monitor.announcement import Kind
from trailwarden.notify import Channel
from trailwarden.notify.channels import open_channel
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import Secret

# Of the standard library's own, for what Apprise imports.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SECRET = "hunter2-token"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with receiving() as made:
        yield made


def channel(*urls: str) -> Channel:
    return open_channel(settings("apprise", urls=urls), home=None)


def service(receiver: Receiver) -> str:
    """The address of the receiver as Apprise's generic JSON service."""
    return f"{receiver.url.replace('http', 'json', 1).partition('/hook')[0]}/{SECRET}"


def with_id(message: Outgoing) -> str:
    """The text as a chat gets it: by the id, copies are told apart."""
    return f"{message.text.strip()}\n\nMessage id: {message.id}"


@pytest.mark.parametrize(
    ("state", "news", "kind"),
    [
        ("ALARM", "transition", "failure"),
        ("OK", "transition", "success"),
        ("INSUFFICIENT_DATA", "transition", "warning"),
        ("OK", "late-match", "warning"),
        ("OK", "test", "info"),
    ],
)
def test_a_message(receiver: Receiver, state: State, news: Kind, kind: str) -> None:
    message = composed(announcement(states=("OK", state), kind=news))
    sender = channel(service(receiver))
    sender.send(message)
    sender.close()
    (request,) = receiver.requests
    told = json.loads(request.body)
    assert (told["title"], told["type"]) == (message.subject, kind)
    assert told["message"].strip() == with_id(message)
    assert request.path == f"/{SECRET}"


def test_all_services_are_told(receiver: Receiver) -> None:
    given = Secret(f"{service(receiver)}/1\n{service(receiver)}/2\n")
    open_channel(settings("apprise", urls=given), home=None).send(composed())
    assert sorted(request.path[-2:] for request in receiver.requests) == ["/1", "/2"]


def test_markup_is_text_where_a_service_wants_markup(receiver: Receiver) -> None:
    channel(f"{service(receiver)}?format=html").send(hostile("<img src=x>"))
    told = json.loads(receiver.requests[0].body)["message"]
    assert "<img" not in told
    assert "&lt;img" in told


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings(receiver: Receiver, name: str) -> None:
    message = hostile(HOSTILE[name])
    channel(service(receiver)).send(message)
    told = json.loads(receiver.requests[0].body)
    assert told["message"].replace("\u2060", "").strip() == with_id(message)
    for call in ("@everyone", "@here", "<!channel"):
        assert call not in told["message"] + told["title"]


def test_a_service_that_fails_is_tried_again(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answer(500)
    with pytest.raises(DeliveryError) as caught:
        channel(service(receiver)).send(composed())
    assert caught.value.retryable
    assert SECRET not in f"{caught.value!s} {caught.value!r} {caplog.text}"


@pytest.mark.parametrize("url", [f"nonsense://{SECRET}", SECRET, f"slack://{SECRET}"])
def test_addresses_that_apprise_refuses(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UsageError) as caught:
        channel("json://127.0.0.1/", url)
    assert "channels.pager (urls): Apprise cannot use URL number 2" in str(caught.value)
    assert SECRET not in f"{caught.value!s} {caught.value!r} {caplog.text}"


def test_no_addresses() -> None:
    with pytest.raises(UsageError, match=r"channels\.pager \(urls\)"):
        channel()

"""Publishing to SNS: against a server that behaves like it, and one that misbehaves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

boto3 = pytest.importorskip("boto3")
pytest.importorskip("moto")
from moto.server import ThreadedMotoServer  # noqa: E402

from tests.notify.announcements import HOSTILE, REGION, composed, hostile, settings  # noqa: E402
from tests.notify.receivers import Receiver, receiving  # noqa: E402
from trailwarden.errors import DeliveryError, UsageError  # noqa: E402
from trailwarden.notify import Channel, Outgoing  # noqa: E402
from trailwarden.notify.channels import open_channel  # noqa: E402

KEY = "wJalrXUtnFEMI-secret"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Subscribed:
    """A topic, and a queue that gets what is published to it."""

    def __init__(self, name: str) -> None:
        self.sqs = boto3.client("sqs", region_name=REGION)
        sns = boto3.client("sns", region_name=REGION)
        self.arn: str = sns.create_topic(Name=name)["TopicArn"]
        self.queue: str = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        queue_arn = found["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=queue_arn)
        sns.close()

    def envelope(self) -> dict[str, Any]:
        """The only message in the queue, which it leaves."""
        answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        (message,) = answer["Messages"]
        self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        envelope: dict[str, Any] = json.loads(message["Body"])
        return envelope


@pytest.fixture
def subscribed(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subscribed]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    made = Subscribed("alerts")
    yield made
    made.sqs.close()


def channel(**options: Any) -> Channel:
    return open_channel(settings("sns", **options), home=None)


def failure(sender: Channel, message: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(message or composed())
    sender.close()
    assert KEY not in f"{caught.value!s} {caught.value!r}"
    return caught.value


def test_subscribers_get_the_message(subscribed: Subscribed) -> None:
    message = composed(topic=subscribed.arn)
    sender = channel()
    sender.send(message)
    sender.close()
    envelope = subscribed.envelope()
    assert (envelope["TopicArn"], envelope["Subject"]) == (subscribed.arn, message.subject)
    assert envelope["Message"] == message.body


def test_the_topic_of_the_settings_comes_first(subscribed: Subscribed) -> None:
    sender = channel(topic_arn=subscribed.arn, region=REGION)
    sender.send(composed(topic="${Alerts.TopicArn}"))
    sender.close()
    assert subscribed.envelope()["TopicArn"] == subscribed.arn


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings(subscribed: Subscribed, name: str) -> None:
    message = hostile(HOSTILE[name], id=HOSTILE[name])
    sender = channel(topic_arn=subscribed.arn)
    sender.send(message)
    sender.close()
    envelope = subscribed.envelope()
    assert (envelope["Subject"], envelope["Message"]) == (message.subject, message.body)


# --- what is sent, and what the answers mean -------------------------------------------------
@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with receiving() as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.url.partition("/hook")[0])
        yield made


PUBLISHED = (
    b"<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
)


def sent(receiver: Receiver) -> dict[str, str]:
    """The parameters of the last request."""
    return dict(parse_qsl(receiver.requests[-1].body))


def test_a_message_per_protocol(receiver: Receiver) -> None:
    """As CloudWatch publishes it (rules N-10 to N-12)."""
    receiver.answer(200, PUBLISHED)
    message = composed()
    sender = channel()
    sender.send(message)
    sender.close()
    request = sent(receiver)
    assert request["MessageStructure"] == "json"
    assert json.loads(request["Message"]) == {
        "default": message.body,
        "sms": message.subject,
        "email": message.text,
    }
    assert "MessageGroupId" not in request


def test_a_message_that_is_too_large_with_all_its_forms(receiver: Receiver) -> None:
    receiver.answer(200, PUBLISHED)
    wide = hostile("\U0001f4a3\\" * 9000)
    body = json.loads(wide.body)
    body["AlarmDescription"] = '"' * 90_000  # doubled, and doubled again inside a string
    message = replace(wide, body=json.dumps(body))
    sender = channel()
    sender.send(message)
    sender.close()
    assert sent(receiver)["Message"] == message.body
    assert "MessageStructure" not in sent(receiver)


def test_topics_that_keep_the_order(receiver: Receiver) -> None:
    """Rule S-4."""
    sender = channel()
    topic = f"arn:aws:sns:{REGION}:111122223333:alerts.fifo"
    requests = []
    for message in (composed(topic=topic), composed(topic=topic), hostile("x", id="a-2")):
        receiver.answer(200, PUBLISHED)
        sender.send(replace(message, topic=topic))
        requests.append(sent(receiver))
    sender.close()
    one, again, other = requests
    assert one["MessageDeduplicationId"] == again["MessageDeduplicationId"]
    assert one["MessageDeduplicationId"] != other["MessageDeduplicationId"]
    assert one["MessageGroupId"] == again["MessageGroupId"] != other["MessageGroupId"]


def refusal(code: str, message: str = "no") -> bytes:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        f"<Message>{message}</Message></Error></ErrorResponse>"
    ).encode()


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (403, "AuthorizationError", False),
        (404, "NotFound", False),
        (400, "InvalidParameter", False),
        (400, "KMSDisabled", False),
        (403, "InvalidClientTokenId", False),
        (403, "ExpiredToken", True),
        (400, "Throttling", True),
        (429, "Odd", True),
        (500, "InternalError", True),
        (503, "ServiceUnavailable", True),
        (502, "Odd", True),
    ],
)
def test_which_answers_are_worth_another_attempt(
    receiver: Receiver, status: int, code: str, retryable: bool
) -> None:
    receiver.answer(status, refusal(code, "no &#10; topic"))
    fault = failure(channel())
    assert fault.retryable is retryable
    assert f"{code}: no topic" in fault.message
    assert fault.cure
    assert len(receiver.requests) == 1


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as gone:
        url = gone.url
    monkeypatch.setenv("AWS_ENDPOINT_URL", url.partition("/hook")[0])
    assert failure(channel()).retryable


def test_no_credentials(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    fault = failure(channel())
    assert fault.retryable
    assert "credentials" in fault.message
    assert not receiver.requests


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_PROFILE", "no"), ("AWS_ENDPOINT_URL", "nowhere")]
)
def test_settings_of_boto3_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert failure(channel()).retryable


@pytest.mark.parametrize(
    "topic", ["", "${Alerts.TopicArn}", "arn:aws:sqs:r:1:q", "arn:aws:sns:\n:1:t"]
)
def test_a_topic_that_is_none(topic: str) -> None:
    fault = failure(channel(), composed(topic=topic))
    assert not fault.retryable
    assert "topic_arn" in fault.cure


def test_options_that_cannot_be_meant() -> None:
    with pytest.raises(UsageError, match=r"channels\.pager \(topic_arn\)"):
        channel(topic_arn="alerts")

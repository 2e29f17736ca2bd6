"""Messages to a topic of SNS, through boto3."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from trailwarden.aws import boto3_for
from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.given import Given
from trailwarden.notify.channels.sns_faults import aws_errors, delivery_error, no_topic
from trailwarden.notify.outgoing import Outgoing
from trailwarden.settings.model import ChannelSettings
from trailwarden.text import visible

_MOST_BYTES = 256 * 1024
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 20  # seconds


class SnsChannel:
    """Publishes to ``topic_arn``, or else to the topic of the message.

    What boto3 honours is honoured: AWS_PROFILE, AWS_ENDPOINT_URL and the like.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        given = Given(settings)
        self._name = settings.name
        self._topic = given.text("topic_arn")
        self._region = given.text("region")
        self._clients: dict[str, Any] = {}
        if self._topic and not _region_of(self._topic):
            raise given.refused("topic_arn", "this is not a topic's ARN", _CURE)
        boto3_for("channels of type sns need")

    @property
    def name(self) -> str:
        return self._name

    def send(self, message: Outgoing) -> None:
        """Publish once: whoever calls repeats it. Raises DeliveryError."""
        topic = self._topic or message.topic
        region = self._region or _region_of(topic)
        if not region:
            raise no_topic(topic)
        try:
            self._client(region).publish(TopicArn=topic, **_request(message, topic))
        except aws_errors() as error:
            raise delivery_error(error) from None

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _client(self, region: str) -> Any:
        if region not in self._clients:
            self._clients[region] = _new_client(region)
        return self._clients[region]


_CURE = "write it as arn:aws:sns:REGION:ACCOUNT:NAME"


def _request(message: Outgoing, topic: str) -> dict[str, str]:
    """The message per protocol, as CloudWatch publishes it; alone where that is too large."""
    request = {"Subject": message.subject, **_content(message)}
    if topic.endswith(".fifo"):  # rule S-4: alarms are the groups, in which the order is kept
        alarm = json.loads(message.body)["AlarmArn"]
        request["MessageGroupId"] = sha256(str(alarm).encode("utf-8", "replace")).hexdigest()
        request["MessageDeduplicationId"] = sha256(
            message.id.encode("utf-8", "replace")
        ).hexdigest()
    return request


def _content(message: Outgoing) -> dict[str, str]:
    forms = {"default": message.body, "sms": message.subject, "email": message.text}
    text = json.dumps(forms, ensure_ascii=False)
    if len(text.encode()) <= _MOST_BYTES:
        return {"Message": text, "MessageStructure": "json"}
    return {"Message": message.body}


def _region_of(arn: str) -> str:
    """The region in a topic's ARN; empty for anything else, an unresolved reference say."""
    parts = arn.split(":")
    is_topic = len(parts) == 6 and parts[0] == "arn" and parts[2] == "sns" and all(parts)
    return parts[3] if is_topic and visible(arn) == arn else ""


def _new_client(region: str) -> Any:
    """Raises DeliveryError where boto3's configuration cannot be used."""
    boto3 = boto3_for("channels of type sns need")
    from botocore.config import Config  # noqa: PLC0415 - slow to import

    config = Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
    )
    try:
        return boto3.session.Session().client("sns", region_name=region, config=config)
    except ValueError as error:  # an endpoint's URL that is none
        raise DeliveryError(
            f"boto3 cannot use its configuration: {visible(str(error), 300)}",
            retryable=True,
            cure="look at AWS_ENDPOINT_URL, and at the region",
        ) from None

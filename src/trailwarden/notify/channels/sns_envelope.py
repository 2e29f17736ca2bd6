"""What SNS posts to a subscriber: the envelope around a message, and its headers (rule S-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from trailwarden.notify.channels.answers import encodable, header_text, stable_uuid
from trailwarden.notify.channels.signing import Signer
from trailwarden.notify.outgoing import Outgoing

_AGENT = "Amazon Simple Notification Service Agent"  # some receivers look for it


@dataclass(frozen=True, slots=True)
class Sender:
    """What all envelopes of one channel have in common.

    ``cert_url`` and ``unsubscribe_url`` are empty where the user hosts neither; then URNs stand in
    their places, which name the certificate by its SHA-256 fingerprint, and the channel.
    """

    channel: str
    url: str
    signer: Signer | None
    cert_url: str = ""
    unsubscribe_url: str = ""

    def notification(self, message: Outgoing) -> dict[str, str]:
        """The signed envelope around the message's body."""
        envelope = {
            "Type": "Notification",
            "MessageId": message_id(message),
            "TopicArn": encodable(message.topic),
            "Subject": message.subject,
            "Message": message.body,
            "Timestamp": _timestamp(message.time),
        }
        if not message.subject:
            del envelope["Subject"]
        unsubscribe = self.unsubscribe_url or f"urn:trailwarden:channel:{quote(self.channel)}"
        return {**envelope, **self._signed(envelope), "UnsubscribeURL": unsubscribe}

    def confirmation(self, message: Outgoing, token: str) -> dict[str, str]:
        """What asks the receiver to confirm (rule S-1). A resend has the same id (rule S-2)."""
        topic = encodable(message.topic)
        envelope = {
            "Type": "SubscriptionConfirmation",
            "MessageId": stable_uuid(f"confirm:{token}"),
            "Token": token,
            "TopicArn": topic,
            "Message": (
                f"You have chosen to subscribe to the topic {topic}.\n"
                "To confirm the subscription, run: trailwarden notify confirm TOKEN"
            ),
            "SubscribeURL": f"urn:trailwarden:confirm:{token}",
            "Timestamp": _timestamp(message.time),
        }
        return {**envelope, **self._signed(envelope)}

    def headers(self, envelope_type: str, sent_id: str, topic: str, *, raw: bool) -> dict[str, str]:
        """The headers of an envelope, or of a raw message."""
        topic = encodable(topic)
        headers = {
            "x-amz-sns-message-type": envelope_type,
            "x-amz-sns-message-id": sent_id,
            "x-amz-sns-topic-arn": header_text(topic),
            "Content-Type": "text/plain; charset=UTF-8",
            "User-Agent": _AGENT,
            "Accept-Encoding": "gzip,deflate",
        }
        if envelope_type == "Notification":
            subscription = stable_uuid(f"{topic}\n{self.url}")
            headers["x-amz-sns-subscription-arn"] = header_text(f"{topic}:{subscription}")
        if raw:
            headers["x-amz-sns-rawdelivery"] = "true"
        return headers

    def _signed(self, envelope: dict[str, str]) -> dict[str, str]:
        if self.signer is None:
            return {}
        urn = f"urn:trailwarden:certificate:sha256:{self.signer.fingerprint}"
        return {
            "SignatureVersion": "2",
            "Signature": self.signer.signature(envelope),
            "SigningCertURL": self.cert_url or urn,
        }


def message_id(message: Outgoing) -> str:
    """The UUID of a message; a resend has the same one (rule S-2)."""
    return stable_uuid(message.id)


def _timestamp(time: datetime) -> str:
    text = time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"

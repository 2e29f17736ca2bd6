"""What a message in a queue says: that objects came to S3, or a CloudTrail event itself.

==================  ================================================================================
S3                  ``{"Records": [{"eventSource": "aws:s3", "s3": {"bucket": …, "object": …}}]}``
CloudTrail          ``{"s3Bucket": "…", "s3ObjectKey": ["…"]}``
EventBridge, S3     ``{"source": "aws.s3", "detail-type": "Object Created", "detail": {…}}``
EventBridge         ``{"detail-type": "… via CloudTrail", "detail": record}``, or the record alone
SNS                 ``{"Type": "Notification", "Message": "one of these"}``
==================  ================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

_MOST_OBJECTS = 1000
_MOST_LAYERS = 3  # SNS within SNS
_LONGEST_ID = 200
_RECORD = frozenset(("eventID", "eventName", "eventSource"))
# What CloudTrail publishes once, to see whether it may.
_VALIDATION = "CloudTrail validation message."


class UnknownFormError(ValueError):
    """A message that cannot be used. Its text says why, in words of Trailwarden's own.

    ``is_secret`` says that the message must not be shown.
    """

    def __init__(self, reason: str, *, is_secret: bool = False) -> None:
        super().__init__(reason)
        self.is_secret = is_secret


@dataclass(frozen=True, slots=True)
class ObjectNotice:
    """An object that came. ``etag`` is empty, ``size`` 0 where the notice does not tell them."""

    bucket: str
    key: str
    etag: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class EventNotice:
    """A CloudTrail event, in EventBridge's packaging or bare.

    ``source`` is EventBridge's, None for a bare one; ``account`` is empty where none is named.
    """

    id: str
    version: str
    content: bytes
    source: str | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message says; nothing at all where it is about something else."""

    objects: tuple[ObjectNotice, ...] = ()
    event: EventNotice | None = None


NOTHING = Notice()


def read_notice(body: str) -> Notice:
    """What the body of a message says. Raises UnknownFormError."""
    return _read(body, 0)


def _read(body: str, layer: int) -> Notice:
    if layer > 0 and body.startswith(_VALIDATION):
        return NOTHING
    message = _decode(body)
    if not isinstance(message, dict):
        raise UnknownFormError("it is JSON, and no object")
    if message.get("Type") == "Notification" and "Message" in message:
        inner = message["Message"]
        if layer >= _MOST_LAYERS or not isinstance(inner, str):
            raise UnknownFormError("SNS's envelope holds no message")
        return _read(inner, layer + 1)
    if message.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation"):
        # Whoever has its token can answer.
        reason = "SNS asks for a confirmation, which must be given by hand"
        raise UnknownFormError(reason, is_secret=True)
    return _plain(message, body)


def _decode(body: str) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise UnknownFormError("it is nested too deeply") from None
    except ValueError:
        raise UnknownFormError("it is no JSON") from None


def _plain(message: Mapping[str, Any], body: str) -> Notice:
    if "s3Bucket" in message and "s3ObjectKey" in message:
        return _of_cloudtrail(message)
    if isinstance(message.get("Records"), list):
        return _of_s3(message["Records"])
    if message.get("Event") == "s3:TestEvent":
        return NOTHING
    if "detail-type" in message and "detail" in message:
        return _of_eventbridge(message, body)
    if message.keys() >= _RECORD:
        account = message.get("recipientAccountId")
        return _event(message["eventID"], body, source=None, account=account)
    raise UnknownFormError("it is JSON of a form that is not known")


def _of_cloudtrail(message: Mapping[str, Any]) -> Notice:
    keys = message["s3ObjectKey"]
    keys = [keys] if isinstance(keys, str) else keys
    if not isinstance(keys, list):
        raise UnknownFormError("s3ObjectKey is no list")
    return _objects(ObjectNotice(_text(message["s3Bucket"]), _text(key)) for key in keys)


def _of_s3(records: list[Any]) -> Notice:
    found = []
    for record in records:
        if not isinstance(record, dict) or not isinstance(record.get("s3"), dict):
            raise UnknownFormError("its Records are not S3's")
        name = str(record.get("eventName", "")).removeprefix("s3:")
        if name.startswith("ObjectCreated"):
            about = _part(record["s3"], "object")
            # S3 writes keys here as a form would: spaces are plus signs.
            key = _text(unquote_plus(_text(about.get("key"))))
            bucket = _text(_part(record["s3"], "bucket").get("name"))
            found.append(_object(bucket, key, about.get("eTag"), about.get("size")))
    return _objects(found)


def _of_eventbridge(message: Mapping[str, Any], body: str) -> Notice:
    kind = message["detail-type"]
    detail = _part(message, "detail")
    if message.get("source") == "aws.s3":
        if kind != "Object Created":
            return NOTHING
        about = _part(detail, "object")
        bucket = _text(_part(detail, "bucket").get("name"))
        # EventBridge gets the key as it is.
        key = _text(about.get("key"))
        return _objects([_object(bucket, key, about.get("etag"), about.get("size"))])
    if isinstance(kind, str) and kind.endswith("via CloudTrail"):
        # Insights are no records of calls.
        if "Insight" in kind:
            return NOTHING
        source, account = message.get("source"), message.get("account")
        if account is None:
            account = detail.get("recipientAccountId")
        text = source if isinstance(source, str) else ""
        return _event(message.get("id"), body, source=text, account=account)
    raise UnknownFormError("it is an event of EventBridge that is not CloudTrail's")


def _event(identity: object, body: str, *, source: str | None, account: object) -> Notice:
    content = body.encode("utf-8", "replace")
    version = sha256(content).hexdigest()[:32]
    is_usable = isinstance(identity, str) and 0 < len(identity) <= _LONGEST_ID
    name = str(identity) if is_usable else version
    owner = account if isinstance(account, str) else ""
    return Notice(event=EventNotice(name, version, content, source, owner))


def _object(bucket: str, key: str, etag: object, size: object) -> ObjectNotice:
    return ObjectNotice(
        bucket, key, etag if isinstance(etag, str) else "", size if isinstance(size, int) else 0
    )


def _objects(found: Iterable[ObjectNotice]) -> Notice:
    objects = tuple(dict.fromkeys(found))
    if len(objects) > _MOST_OBJECTS:
        raise UnknownFormError("it names too many objects")
    return Notice(objects)


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = message.get(name)
    if not isinstance(part, dict):
        raise UnknownFormError(f"{name} is missing in it")
    return part


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise UnknownFormError("the name of a bucket or key is missing in it")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UnknownFormError("the name of a bucket or key is no text") from None
    return value

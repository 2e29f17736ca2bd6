"""What messages say, in every form that AWS writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trail.builders import record
from trailwarden.trail import read_records
from trailwarden.trail.packagings import RawRecord
from trailwarden.watch.sources.notices import NOTHING, ObjectNotice, UnknownFormError, read_notice


def s3_record(key: str = "a+b%2Fc.json", name: str = "ObjectCreated:Put", **more: Any) -> Any:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": name,
        "s3": {
            "bucket": {"name": "trail"},
            "object": {"key": key, "size": 7, "eTag": "abc", **more},
        },
    }


def eventbridge(kind: str, detail: Any, source: str = "aws.signin") -> Any:
    return {"id": "e-1", "source": source, "detail-type": kind, "detail": detail}


def sns(message: str) -> str:
    return json.dumps({"Type": "Notification", "MessageId": "1", "Message": message})


CREATED = json.dumps({"Records": [s3_record()]})
DETAIL = {"bucket": {"name": "trail"}, "object": {"key": "a+b%2F", "etag": "abc", "size": 7}}
THE_OBJECT = ObjectNotice("trail", "a b/c.json", "abc", 7)


@pytest.mark.parametrize(
    ("body", "objects"),
    [
        (CREATED, [THE_OBJECT]),
        (sns(CREATED), [THE_OBJECT]),
        (sns(sns(CREATED)), [THE_OBJECT]),
        (json.dumps({"Records": [s3_record(), s3_record("d")]}), [THE_OBJECT, "d"]),
        (json.dumps({"Records": [s3_record(), s3_record()]}), [THE_OBJECT]),
        (json.dumps({"Records": [s3_record(name="s3:ObjectCreated:Copy")]}), [THE_OBJECT]),
        (json.dumps({"Records": [s3_record(name="ObjectRemoved:Delete")]}), []),
        (json.dumps({"Records": []}), []),
        (json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail"}), []),
        (sns("CloudTrail validation message."), []),
        (
            json.dumps({"s3Bucket": "trail", "s3ObjectKey": ["a+b%2F", "x"]}),
            [ObjectNotice("trail", "a+b%2F"), ObjectNotice("trail", "x")],
        ),
        (
            json.dumps(eventbridge("Object Created", DETAIL, "aws.s3")),
            [ObjectNotice("trail", "a+b%2F", "abc", 7)],
        ),
        (json.dumps(eventbridge("Object Deleted", DETAIL, "aws.s3")), []),
        (json.dumps(eventbridge("AWS Insight via CloudTrail", {})), []),
    ],
)
def test_objects(body: str, objects: list[Any]) -> None:
    expected = [
        ObjectNotice("trail", one, "abc", 7) if isinstance(one, str) else one for one in objects
    ]
    notice = read_notice(body)
    assert list(notice.objects) == expected
    assert notice.event is None
    assert objects or notice == NOTHING


@pytest.mark.parametrize(
    "message",
    [
        eventbridge("AWS API Call via CloudTrail", record(5)),
        eventbridge("AWS Console Sign In via CloudTrail", record(5)),
        record(5),
    ],
)
def test_events_are_handed_on_as_they_are(message: Any) -> None:
    body = json.dumps(message, indent=1)
    for wrapped in (body, sns(body)):
        event = read_notice(wrapped).event
        assert event is not None
        assert event.content == body.encode()
        assert event.id == ("e-1" if "detail" in message else record(5)["eventID"])
        (found,) = read_records(event.content)
        assert isinstance(found, RawRecord)
        assert json.loads(found.data) == record(5)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no JSON"),
        ("CloudTrail validation message.", "no JSON"),
        ("[" * 100_000, "too deeply"),
        ("[]", "no object"),
        ("{}", "not known"),
        (json.dumps({"Records": [{"eventName": "RunInstances"}]}), "not S3's"),
        (json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {}}]}), "is missing"),
        (json.dumps({"Records": [s3_record("")]}), "is missing"),
        (json.dumps({"Records": [s3_record("%00")]}), "is missing"),
        (json.dumps({"s3Bucket": "trail", "s3ObjectKey": 7}), "no list"),
        (json.dumps({"s3Bucket": "trail", "s3ObjectKey": ["\ud800"]}), "no text"),
        (json.dumps({"s3Bucket": "b", "s3ObjectKey": [str(n) for n in range(2000)]}), "too many"),
        (json.dumps({"Type": "SubscriptionConfirmation", "Token": "secret"}), "confirmation"),
        (json.dumps({"Type": "Notification", "Message": 7}), "no message"),
        (sns(sns(sns(sns(CREATED)))), "no message"),
        (json.dumps(eventbridge("GuardDuty Finding", {})), "not CloudTrail's"),
        (json.dumps(eventbridge("Object Created", [], "aws.s3")), "is missing"),
    ],
)
def test_what_cannot_be_used_is_said(body: str, reason: str) -> None:
    with pytest.raises(UnknownFormError, match=reason):
        read_notice(body)


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("Records", "s3", "bucket", "object", "key", "name", "eventName", "Type"),
                    *(
                        "Message",
                        "detail",
                        "detail-type",
                        "source",
                        "s3Bucket",
                        "s3ObjectKey",
                        "id",
                    ),
                )
            )
            | st.text(max_size=3),
            inner
            | st.sampled_from(("Notification", "Object Created", "aws.s3", "ObjectCreated:Put")),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_nothing_else_ever_happens(message: Any) -> None:
    try:
        notice = read_notice(json.dumps(message))
    except UnknownFormError:
        return
    for one in notice.objects:
        one.key.encode()
        assert one.bucket

"""The source of a queue: against moto, through a proxy that misbehaves."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from tests.trail.builders import record
from tests.watch.sources.faulty import Fault, Proxy
from tests.watch.sources.running import Taken, once, until, watching
from trailwarden.errors import UsageError
from trailwarden.settings import SourceSettings
from trailwarden.watch.portion import Portion
from trailwarden.watch.sources import open_source, sqs_receipts
from trailwarden.watch.sources.sqs import QueueSource

NAME = "111122223333_CloudTrail_us-east-1_20240501T1205Z_AbCdEfGh01234567.json.gz"


def created(*keys: str, etag: str = "") -> str:
    records = [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "trail"}, "object": {"key": key, "eTag": etag}},
        }
        for key in keys
    ]
    return json.dumps({"Records": records})


@dataclass
class Queue:
    """A queue, and the bucket that its messages are about."""

    sqs: Any
    s3: Any
    url: str
    proxy: Proxy

    def source(self, **options: Any) -> QueueSource:
        parts = self.url.split("/", 3)
        settings = SourceSettings(
            "sqs",
            f"{self.proxy.url}/{parts[3]}",
            poll=1,
            buckets=options.pop("buckets", ("trail",)),
            accounts=options.pop("accounts", ()),
        )
        made = open_source(settings, since=None, limit=options.pop("limit", 10_000_000))
        assert isinstance(made, QueueSource)
        return replace(made, wait=options.pop("wait", 0))

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def put(self, *keys: str, body: bytes = b"content") -> None:
        for key in keys:
            self.s3.put_object(Bucket="trail", Key=key, Body=body)

    def counts(self) -> tuple[int, int]:
        """Messages that wait, and messages that somebody has in hand."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return tuple(int(answer["Attributes"][name]) for name in names)  # type: ignore[return-value]

    def wait_empty(self) -> None:
        until(lambda: self.counts() == (0, 0), f"an empty queue: {self.counts()}")


@pytest.fixture
def queue(sqs: Any, s3: Any, aws: Proxy) -> Queue:
    url = sqs.create_queue(QueueName="notices")["QueueUrl"]
    return Queue(sqs, s3, url, aws)


@pytest.fixture
def guarded(queue: Queue) -> Queue:
    """A queue with a redrive policy."""
    dead = queue.sqs.create_queue(QueueName="dead")["QueueUrl"]
    answer = queue.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": "9"}
    queue.sqs.set_queue_attributes(
        QueueUrl=queue.url, Attributes={"RedrivePolicy": json.dumps(policy)}
    )
    return queue


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.sqs._WAIT_ONCE", 0)


def test_objects_are_offered_and_their_messages_deleted(queue: Queue) -> None:
    queue.put(NAME, "a b.json")
    queue.send(created(NAME), json.dumps({"s3Bucket": "trail", "s3ObjectKey": ["a b.json"]}))
    run = once(queue.source())
    assert sorted(run.keys) == [f"s3://trail/{NAME}", "s3://trail/a b.json"]
    portion = next(one for one in run.portions if NAME in one.key)
    assert portion.content == b"content"
    head = queue.s3.head_object(Bucket="trail", Key=NAME)
    assert portion.version == head["ETag"].strip('"')
    assert portion.delivered is not None
    assert portion.delivered.isoformat() == "2024-05-01T12:05:00+00:00"
    assert len(run.drained) == 1
    assert run.offers[-1] is run.drained[0]
    assert not run.troubles
    queue.wait_empty()


def test_events_are_offered(queue: Queue) -> None:
    event = {
        "id": "e-1",
        "source": "aws.iam",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": record(1),
    }
    queue.send(
        json.dumps(event), json.dumps({"Type": "Notification", "Message": json.dumps(event)})
    )
    run = once(queue.source())
    assert run.keys == ["event:e-1"]
    assert json.loads(run.portions[0].content) == event
    assert run.portions[0].delivered is not None
    queue.wait_empty()


def test_what_comes_is_offered(queue: Queue) -> None:
    with watching(queue.source(wait=1)) as run:
        run.wait_drained()
        queue.put("a.json")
        queue.send(created("a.json"))
        run.wait_for(1)
        queue.wait_empty()


def test_more_messages_than_one_answer_holds(queue: Queue) -> None:
    keys = [f"{number:02}.json" for number in range(35)]
    queue.put(*keys)
    queue.send(*(created(key) for key in keys))
    # Behind a full answer several are asked for at once; one of them is refused.
    fault = Fault("ReceiveMessage", code="ServiceUnavailable", skip=2)
    queue.proxy.faults.append(fault)
    run = once(queue.source())
    assert sorted(run.keys) == [f"s3://trail/{key}" for key in keys]
    assert not run.troubles
    assert not fault.times
    queue.wait_empty()


def test_what_is_no_log_is_deleted(queue: Queue) -> None:
    digest = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/05/01/x.json.gz"
    test_event = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})
    queue.send(test_event, created(digest), created("x.png", "folder/"))
    source = queue.source()
    run = once(source)
    assert not run.portions
    assert not run.troubles
    assert source.skipped == {"other-message": 1, "digest": 1, "other": 1, "folder": 1}
    queue.wait_empty()


def test_a_message_stays_until_every_object_is_safe(queue: Queue) -> None:
    queue.put("a.json", "b.json")
    queue.send(created("a.json", "b.json"))
    kept: list[Portion] = []

    def keep(portion: Portion) -> bool:
        kept.append(portion)
        return False

    with watching(queue.source(), takes=keep) as run:
        run.wait_for(2)
        run.wait_drained()
        kept[0].acknowledge()
        assert queue.counts() == (0, 1)
        assert queue.proxy.count("DeleteMessage") == 0
        kept[1].acknowledge()
        kept[1].acknowledge()
        queue.wait_empty()


def test_a_portion_that_is_acknowledged_late_is_deleted_all_the_same(queue: Queue) -> None:
    queue.put("a.json")
    queue.send(created("a.json"))
    run = once(queue.source(), takes=lambda _: False)
    assert queue.counts() == (0, 1)
    run.portions[0].acknowledge()
    queue.wait_empty()


def test_the_same_object_is_offered_once_and_all_its_messages_deleted(queue: Queue) -> None:
    queue.put("a.json", "b.json")
    queue.send(created("a.json"), created("a.json"), created("b.json", "a.json"))
    memory = Taken()
    run = once(queue.source(), memory)
    assert sorted(run.keys) == ["s3://trail/a.json", "s3://trail/b.json"]
    queue.wait_empty()
    queue.proxy.requests.clear()
    version = next(one.version for one in run.portions if one.key.endswith("a.json"))
    queue.send(created("a.json", etag=version), created("a.json"))
    assert not once(queue.source(), memory).portions
    queue.wait_empty()
    assert queue.proxy.count("GET /trail/a.json") == 1


def test_after_a_restart_what_is_not_safe_comes_again(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.sqs.VISIBILITY", 1)
    keys = [f"{number}.json" for number in range(8)]
    queue.put(*keys)
    queue.send(*(created(key) for key in keys))
    memory = Taken()
    first = once(queue.source(), memory, takes=lambda one: one.key < "s3://trail/3", most=5)
    assert len(first.portions) == 5
    taken = {key for _, key, _ in memory.identities}
    with watching(queue.source(), memory) as second:
        second.wait(lambda: len(memory.identities) == 8)
        second.wait_drained()
    assert taken.isdisjoint(second.keys)
    assert taken | set(second.keys) == {f"s3://trail/{key}" for key in keys}
    queue.wait_empty()


def test_what_was_not_offered_is_given_back_at_once(queue: Queue) -> None:
    keys = [f"{number}.json" for number in range(8)]
    queue.put(*keys)
    queue.send(*(created(key) for key in keys))
    once(queue.source(), most=3)
    until(lambda: queue.counts() == (5, 0) or queue.counts() == (4, 1), "given back")


def test_a_message_in_hand_stays_invisible(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqs_receipts, "_EXTEND_AFTER", 0.2)
    queue.put("a.json")
    queue.send(created("a.json"))
    free = Event()

    def slow(_: Portion) -> bool:
        free.wait(10)
        return True

    with watching(queue.source(), takes=slow) as run:
        run.wait_for(1)
        until(lambda: queue.proxy.count("ChangeMessageVisibility") >= 2, "extended")
        free.set()
        queue.wait_empty()


@pytest.mark.parametrize(
    "body",
    ["no JSON \x1b[31m\u202e", "{}", json.dumps({"s3Bucket": 1, "s3ObjectKey": ["k"]})],
)
def test_poison_is_told_and_deleted(queue: Queue, body: str) -> None:
    try:
        queue.send(body)
    except queue.sqs.exceptions.InvalidMessageContents:
        queue.send(body.replace("\x1b", ""))
    run = once(queue.source())
    (trouble,) = run.troubles
    assert trouble.lasting
    problem = trouble.problem
    assert problem.code == "unknown-message"
    assert len(problem.message) <= 300
    assert problem.message.isprintable()
    assert "it was deleted" in problem.cure
    assert run.drained
    queue.wait_empty()


def test_poison_is_left_to_a_redrive_policy(guarded: Queue) -> None:
    guarded.send("{" * 5000)
    run = once(guarded.source())
    (trouble,) = run.troubles
    assert trouble.lasting
    assert "redrive policy" in trouble.problem.cure
    assert run.drained
    assert guarded.counts() == (0, 1)


def test_a_token_of_sns_is_not_shown(queue: Queue) -> None:
    queue.send(json.dumps({"Type": "SubscriptionConfirmation", "Token": "sesame"}))
    run = once(queue.source())
    assert run.codes == ["unknown-message"]
    assert "sesame" not in repr(run.troubles)


def test_an_object_that_is_not_there_is_poison_after_three_receives(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.sqs._SOON", 0)
    queue.put("b.json")
    queue.send(created("a.json", "b.json"))
    run = once(queue.source())
    assert run.keys == ["s3://trail/b.json"]
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (False, "vanished"),
        (True, "vanished"),
    ]
    assert "s3://trail/a.json" in run.troubles[1].problem.message
    assert run.drained
    queue.wait_empty()
    assert queue.proxy.count("GET /trail/a.json") == 3


def test_an_object_that_comes_late_is_no_poison(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.sqs._SOON", 0)
    queue.put("a.json")
    queue.proxy.faults.append(Fault("GET /trail/a.json", status=404, code="NoSuchKey"))
    queue.send(created("a.json"))
    run = once(queue.source())
    assert run.keys == ["s3://trail/a.json"]
    assert not any(trouble.lasting for trouble in run.troubles)
    assert run.drained
    queue.wait_empty()


def test_an_object_that_is_too_large_is_poison(queue: Queue) -> None:
    queue.put("a.json", body=b"x" * 101)
    queue.put("b.json", body=b"x" * 100)
    queue.send(created("a.json"), created("b.json"))
    run = once(queue.source(limit=100))
    assert run.keys == ["s3://trail/b.json"]
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (True, "too-large")
    ]
    queue.wait_empty()


def test_an_object_that_may_not_be_read_is_left_in_the_queue(queue: Queue) -> None:
    queue.put("a.json", "b.json")
    queue.proxy.faults.append(Fault("GET /trail/a.json", status=403, code="AccessDenied", times=-1))
    queue.send(created("a.json"), created("b.json"))
    run = once(queue.source())
    assert run.keys == ["s3://trail/b.json"]
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (True, "access-denied")
    ]
    assert run.drained
    until(lambda: queue.counts() == (0, 1), "left")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("ReceiveMessage", status=503, code="ServiceUnavailable", times=2),
        Fault("ReceiveMessage", status=400, code="ThrottlingException", times=2),
        Fault("ReceiveMessage", status=403, code="AccessDeniedException", times=2),
        Fault("ReceiveMessage", "reset", times=2),
        Fault("ReceiveMessage", "truncate", times=2),
        Fault("GET /trail/", times=3),
        Fault("GET /trail/", "reset", times=3),
        Fault("GET /trail/", "truncate", times=2),
        Fault("GET /trail/", "slow", times=2),
        Fault("DeleteMessageBatch", status=503, code="ServiceUnavailable", times=2),
        Fault("DeleteMessageBatch", "reset", times=2),
    ],
    ids=lambda fault: f"{fault.where}-{fault.kind}-{fault.code}",
)
def test_what_fails_is_tried_again(
    queue: Queue, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An answer that is lost on its way takes messages with it, until their time is over.
    monkeypatch.setattr("trailwarden.watch.sources.sqs.VISIBILITY", 1)
    queue.put("a.json", "b.json", body=b"c" * 500)
    queue.send(created("a.json"), created("b.json"))
    source = queue.source()
    queue.proxy.faults.append(replace(fault))
    with watching(source) as run:
        run.wait_for(2)
        queue.wait_empty()
        run.wait_drained()
        assert sorted(run.keys) == ["s3://trail/a.json", "s3://trail/b.json"]
        assert {portion.content for portion in run.portions} == {b"c" * 500}
        assert not queue.proxy.faults[0].times


def test_a_stop_does_not_wait_for_messages(queue: Queue) -> None:
    source = queue.source(wait=3)
    with watching(source) as run:
        until(lambda: queue.proxy.count("ReceiveMessage"), "asked")
        assert not run.offers


def test_threads_end(queue: Queue) -> None:
    others = set(enumerate_threads())
    queue.put("a.json")
    queue.send(created("a.json"))
    once(queue.source())

    def ours() -> list[Thread]:
        left = set(enumerate_threads()) - others
        return [one for one in left if one.name.endswith(("-helper", "-receipts"))]

    until(lambda: not ours(), "the end of the threads")


def test_what_does_not_exist_is_refused(queue: Queue) -> None:
    settings = SourceSettings("sqs", f"{queue.proxy.url}/123456789012/nothing")
    with pytest.raises(UsageError, match="does not exist"):
        open_source(settings, since=None, limit=1)


def test_names(queue: Queue) -> None:
    assert queue.source().name == f"sqs:{queue.proxy.url}/123456789012/notices"
    aws_queue = "https://sqs.us-east-1.amazonaws.com/123456789012/notices"
    named = open_source(SourceSettings("sqs", aws_queue, "mine"), since=None, limit=1)
    assert named.name == "mine"

"""What a queue says is not believed as such, nor is one empty whose messages somebody holds."""

# ruff: noqa: F811 - a fixture is imported

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.records import stack
from tests.trail.builders import record
from tests.watch.sources.running import once, watching
from tests.watch.sources.test_sqs_source import Queue, queue  # noqa: F401 - a fixture
from trailwarden.settings import SourceSettings
from trailwarden.stack.model import Trail
from trailwarden.watch.sources import with_trust
from trailwarden.watch.sources.sqs_receipts import VISIBILITY


def notice(bucket: str, key: str = "a.json") -> str:
    about = {"bucket": {"name": bucket}, "object": {"key": key}}
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": about}]})


def event(**fields: Any) -> str:
    usual = {
        "id": "e-1",
        "source": "aws.iam",
        "account": "111122223333",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": record(1),
    }
    return json.dumps({k: v for k, v in (usual | fields).items() if v is not None})


FORMS = {
    "S3": notice("forged"),
    "CloudTrail": json.dumps({"s3Bucket": "forged", "s3ObjectKey": ["a.json"]}),
    "EventBridge": json.dumps(
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {"bucket": {"name": "forged"}, "object": {"key": "a.json"}},
        }
    ),
    "SNS": json.dumps({"Type": "Notification", "Message": notice("forged")}),
}


class TestBuckets:
    @pytest.mark.parametrize("body", FORMS.values(), ids=list(FORMS))
    def test_another_bucket_is_a_problem_and_is_not_read(
        self,
        queue: Queue,
        body: str,
    ) -> None:
        queue.s3.create_bucket(Bucket="forged")
        queue.s3.put_object(Bucket="forged", Key="a.json", Body=b"{}")
        queue.put("b.json")
        queue.send(body, notice("trail", "b.json"))
        run = once(queue.source())
        assert run.keys == ["s3://trail/b.json"]
        assert run.codes == ["untrusted-bucket"]
        assert "forged" in run.troubles[0].problem.message
        assert run.drained
        queue.wait_empty()

    def test_where_none_is_known_nothing_is_read_and_nothing_lost(
        self,
        queue: Queue,
    ) -> None:
        queue.put("a.json")
        queue.send(notice("trail"), event())
        run = once(queue.source(buckets=()))
        assert run.keys == ["event:e-1"]
        (trouble,) = run.troubles
        assert trouble.problem.code == "untrusted-bucket"
        assert "--bucket NAME; it stays there" in trouble.problem.cure
        assert sum(queue.counts()) == 1

    def test_globs(self, queue: Queue) -> None:
        queue.put("a.json")
        queue.send(notice("trail"))
        assert once(queue.source(buckets=("tr*",))).keys == ["s3://trail/a.json"]


class TestEvents:
    @pytest.mark.parametrize("source", ["my.app", "awsx.iam", "", None, 7])
    def test_other_sources_are_not_aws(self, queue: Queue, source: object) -> None:
        queue.send(event(source=source))
        run = once(queue.source())
        assert not run.portions
        assert run.codes == ["untrusted-source"]
        queue.wait_empty()

    def test_other_accounts_than_those_allowed(self, queue: Queue) -> None:
        bare = {**record(2), "recipientAccountId": "999900001111"}
        queue.send(event(), event(id="e-2", account="999900001111"), json.dumps(bare))
        run = once(queue.source(accounts=("111122223333",)))
        assert run.keys == ["event:e-1"]
        assert run.codes == ["untrusted-account"] * 2


class TestDefaults:
    QUEUE = SourceSettings("sqs", "https://sqs.us-east-1.amazonaws.com/111122223333/q")

    def test_those_of_the_stacks_trails_and_of_the_other_sources(self) -> None:
        trails = (Trail("a", s3_bucket_name="logs"), Trail("b", s3_bucket_name="${Bucket}"))
        known = replace(stack([], []), trails=trails, account="111122223333")
        others = [SourceSettings("s3", "s3://more/AWSLogs"), self.QUEUE]
        found = with_trust(self.QUEUE, known, others, None)
        assert (found.buckets, found.accounts) == (("logs", "more"), ("111122223333",))

    def test_an_organization_has_many_accounts(self) -> None:
        trail = Trail("a", s3_bucket_name="logs", is_organization_trail=True)
        known = replace(stack([], []), trails=(trail,), account="111122223333")
        assert with_trust(self.QUEUE, known, [], None).accounts == ()

    def test_the_settings_come_first(self) -> None:
        known = replace(stack([], []), trails=(Trail("a", s3_bucket_name="logs"),))
        mine = replace(self.QUEUE, buckets=("mine",), accounts=("444455556666",))
        assert with_trust(mine, known, [], "111122223333") == mine


class TestMessagesOfADeadRun:
    def hold(self, queue: Queue, seconds: int) -> None:
        """Receive what is there, as a run that dies with it in hand."""
        found = queue.sqs.receive_message(
            QueueUrl=queue.url, VisibilityTimeout=seconds, MaxNumberOfMessages=10
        )
        assert found["Messages"]

    def test_they_are_waited_for(self, queue: Queue) -> None:
        queue.send(event(id="held"))
        self.hold(queue, 2)
        queue.send(event(id="new"))
        run = once(queue.source())
        assert run.keys == ["event:new", "event:held"]
        assert run.offers[-1] is run.drained[0]
        assert len(run.drained) == 1

    def test_they_hold_back_drained_in_a_lasting_run(self, queue: Queue) -> None:
        queue.send(event(id="held"))
        self.hold(queue, 2)
        with watching(queue.source()) as run:
            run.wait_for(1)
            assert not run.drained
            run.wait_drained()

    def test_no_longer_than_a_dead_run_can_hold_them(
        self,
        queue: Queue,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("trailwarden.watch.sources.sqs.VISIBILITY", 0)
        queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"VisibilityTimeout": "0"})
        queue.send(event(id="held"))
        self.hold(queue, 10 * VISIBILITY)
        run = once(queue.source())
        assert not run.portions
        assert len(run.drained) == 1

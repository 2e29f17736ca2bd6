"""From a bucket and a queue to a topic and a mailbox: the command, AWS's clients, a mail server."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.notify.test_smtp import Server
from tests.records import log_file, record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
TEMPLATE = f"""\
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{{ $.eventName = StopLogging }}'
      MetricTransformations: [{{MetricName: Stops, MetricNamespace: N, MetricValue: '1'}}]
  Stopped:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stopped
      Namespace: N
      MetricName: Stops
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: ['{TOPIC}']
      OKActions: ['{TOPIC}']
"""
SETTINGS = """\
[channels.topic]
type = "sns"

[channels.mail]
type = "smtp"
host = "127.0.0.1"
port = {port}
tls = "none"
from = "trailwarden@example.org"
to = ["oncall@example.org"]

[topics]
alerts = ["topic", "mail"]
"""


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Server(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def cloud() -> Iterator[Callable[[str], Any]]:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}

    def client(service: str) -> Any:
        url = f"http://{host}:{port}"
        return boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)

    yield client
    server.stop()


def wait_for(done: Callable[[], Any], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def received(sqs: Any, queue: str) -> list[Any]:
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(one["Body"])["Message"]) for one in found]


def stopped(ago: int) -> bytes:
    item = record("StopLogging", number=ago)
    moment = datetime.now(UTC) - timedelta(minutes=ago)
    item["eventTime"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return gzip.compress(log_file([item]))


def test_from_a_bucket_and_a_queue_to_a_topic_and_a_mailbox(
    tmp_path: Path, cloud: Callable[[str], Any], mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    s3, sqs, sns = cloud("s3"), cloud("sqs"), cloud("sns")
    s3.create_bucket(Bucket="logs")
    s3.create_bucket(Bucket="others")
    notices = sqs.create_queue(QueueName="notices")["QueueUrl"]
    inbox = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    assert sns.create_topic(Name="alerts")["TopicArn"] == TOPIC
    sns.subscribe(
        TopicArn=TOPIC, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:inbox"
    )
    day = f"{datetime.now(UTC):%Y/%m/%d}"
    place = f"AWSLogs/123456789012/CloudTrail/us-east-1/{day}"
    name = f"123456789012_CloudTrail_us-east-1_{datetime.now(UTC):%Y%m%dT%H%MZ}_a.json.gz"
    s3.put_object(Bucket="logs", Key=f"{place}/{name}", Body=stopped(40))
    (tmp_path / "stack.yaml").write_text(TEMPLATE)
    (tmp_path / "trailwarden.toml").write_text(SETTINGS.format(port=port))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {
        "AWS_ENDPOINT_URL": s3.meta.endpoint_url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    arguments = [
        "watch",
        "s3://logs",
        f"sqs:{notices}",
        "--bucket",
        "others",
        "--stack",
        "stack.yaml",
    ]
    arguments += ["--config", "trailwarden.toml", "--home", "home", "--since", "6h"]
    arguments += ["--listen", "127.0.0.1:0", "--log-format", "json"]
    watch = subprocess.Popen(
        [sys.executable, "-m", "trailwarden", *arguments],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert watch.stderr is not None
        port = next(
            json.loads(line)["port"] for line in watch.stderr if '"message": "listening"' in line
        )
        bodies: list[Any] = []

        def tells(count: int) -> None:
            wait_for(lambda: len(bodies.extend(received(sqs, inbox)) or bodies) >= count)

        def delivered(ago: int) -> None:
            key = f"{place}/{ago}_{name}"
            s3.put_object(Bucket="others", Key=key, Body=stopped(ago))
            told = {"bucket": {"name": "others"}, "object": {"key": key}}
            one = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": told}
            sqs.send_message(QueueUrl=notices, MessageBody=json.dumps({"Records": [one]}))

        tells(2)  # its beginning and its end: all up to a quarter of an hour ago is decided
        delivered(ago=5)
        tells(3)
        delivered(ago=90)
        tells(4)
        wait_for(lambda: len(box.mails) >= 4)
        metrics = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
        watch.send_signal(signal.SIGTERM)
        _, log = watch.communicate(timeout=20)
    finally:
        watch.kill()
        watch.wait()
    assert watch.returncode == 0, log
    assert 'trailwarden_matches_total{filter="' in metrics
    assert 'trailwarden_deliveries_total{channel="mail",result="delivered"}' in metrics
    mail = box.mails[0]
    assert mail["Subject"].startswith("ALARM stopped: user/alice")
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    # Within the lateness a record is judged; the last one's minute had been decided.
    assert [(b["Trailwarden"]["kind"], b["NewStateValue"]) for b in bodies] == [
        ("transition", "ALARM"),
        ("transition", "OK"),
        ("transition", "ALARM"),
        ("late-match", "OK"),
    ]
    assert len({b["Trailwarden"]["id"] for b in bodies}) == 4
    body = bodies[0]
    assert (body["AlarmName"], body["Trigger"]["Statistic"]) == ("stopped", "SUM")
    assert body["Trailwarden"]["principals"][0]["principal"].startswith("user/alice")
    left = sqs.get_queue_attributes(QueueUrl=notices, AttributeNames=["All"])["Attributes"]
    assert (
        left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    )

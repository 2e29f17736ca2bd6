"""What a person writes for a source."""

from __future__ import annotations

import pytest

from trailwarden.errors import UsageError
from trailwarden.settings import SourceSettings
from trailwarden.watch.sources import parse_source

QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/trail-notices"
SOVEREIGN = "https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/events"


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("/logs", SourceSettings("folder", "/logs")),
        ("./logs:x", SourceSettings("folder", "./logs:x")),
        ("s3://bucket", SourceSettings("s3", "s3://bucket")),
        ("s3://bucket/a/b", SourceSettings("s3", "s3://bucket/a/b")),
        (QUEUE, SourceSettings("sqs", QUEUE)),
        (f"sqs:{QUEUE}", SourceSettings("sqs", QUEUE)),
        (SOVEREIGN, SourceSettings("sqs", SOVEREIGN)),
        ("sqs:http://[::1]:9324/q", SourceSettings("sqs", "http://[::1]:9324/q")),
        ("logs:trail", SourceSettings("logs", "trail")),
        ("logs:/aws/trail#1", SourceSettings("logs", "/aws/trail#1")),
        ("logs:us-gov-west-1:a/b", SourceSettings("logs", "a/b", region="us-gov-west-1")),
    ],
)
def test_forms(text: str, settings: SourceSettings) -> None:
    assert parse_source(text) == settings


@pytest.mark.parametrize(
    "text",
    [
        *("", "a\0b", "s3://", "s3://b\n/", "logs:", "logs:a b", "logs:nowhere:x", "logs:a\n"),
        *("https://example.com/queue", "ftp://x/y", "sqs:", "sqs:queue", "sqs:ftp://h/q"),
        *("sqs:http://h", "sqs:http://h:x/q", "sqs:http://user:word@h/q", "sqs:http://h/q\r\n"),
        "https://sqs.eu-west-1.amazonaws.com.evil.example/1/q",
        "https://sqs.eu-west-1.amazonaws.example/1/q",
    ],
)
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_source(text)
    assert caught.value.cure
    assert str(caught.value).replace("\n  cure", "").isprintable()

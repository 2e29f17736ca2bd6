"""Objects in S3, by boto3: one client per process, and every failure with its cure.

What boto3 honours is honoured: AWS_PROFILE, the regions' variables, AWS_ENDPOINT_URL (a server of
one's own; it is spoken to with the bucket in the path).
"""

from __future__ import annotations

import os
import re
from functools import cache
from threading import Lock
from typing import Any, NoReturn

from trailwarden.aws import boto3_for, own_server, refuse_half_answers, unusable
from trailwarden.errors import Location, UsageError
from trailwarden.text import visible
from trailwarden.trail.s3_faults import aws_errors, input_error

_URI = re.compile(r"s3://([^/]+)(?:/(.*))?", re.DOTALL)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}|arn:aws[a-z-]*:s3[a-z-]*:[^\s]+")
_ATTEMPTS = 5  # per request: throttling, server errors, lost connections
_BODY_ATTEMPTS = 3  # of a whole download: boto3 does not repeat a body that breaks off
_CONNECTIONS = 32
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 60  # seconds

_lock = Lock()


def check(uri: str) -> None:
    """Raise UsageError where ``uri`` names no bucket, or boto3 is not installed."""
    split(uri)
    boto3_for("reading s3:// needs")


def split(uri: str) -> tuple[str, str]:
    """Bucket and prefix of ``s3://BUCKET/PREFIX``. Raises UsageError."""
    found = _URI.fullmatch(uri)
    if found is None or not _BUCKET.fullmatch(found[1]):
        raise UsageError(
            "this names no bucket",
            location=Location(visible(uri, 500)),
            cure="write s3://BUCKET or s3://BUCKET/PREFIX",
        )
    return found[1], found[2] or ""


def client() -> Any:
    """The S3 client of this process; boto3's clients may be used by several threads at once.

    Raises UsageError where boto3 is missing or its configuration cannot be used.
    """
    with _lock:
        return _client(os.getpid())


@cache
def _client(_process: int) -> Any:
    boto3 = boto3_for("reading s3:// needs")
    from botocore.config import Config  # noqa: PLC0415 - slow to import
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    config = Config(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        max_pool_connections=_CONNECTIONS,
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
        user_agent="trailwarden",  # a fixed one: boto3 would compose it anew for each request
        parameter_validation=False,
        response_checksum_validation="when_required",  # compressed logs carry their own
        s3={"addressing_style": "path"} if own_server() else None,
    )
    try:
        core = Session()
        parsers = core.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=str)  # no time in an answer is looked at
        made = boto3.session.Session(botocore_session=core).client("s3", config=config)
    except (BotoCoreError, ValueError) as error:
        raise unusable(error) from None
    return refuse_half_answers(made)


def fetch(bucket: str, key: str) -> bytes:
    """An object's content. Raises InputError."""
    attempts = _BODY_ATTEMPTS
    while True:
        attempts -= 1
        try:
            body = client().get_object(Bucket=bucket, Key=key)["Body"]
        except aws_errors() as error:
            raise input_error(error, bucket) from None
        try:
            content: bytes = body.read()
        except aws_errors() as error:
            if not attempts:
                raise input_error(error, bucket) from None
        else:
            return content


def fail(error: Exception, bucket: str) -> NoReturn:
    """Raise UsageError for a bucket or credentials that do not exist, else InputError."""
    fault = input_error(error, bucket)
    if fault.code in ("no-such-bucket", "no-credentials"):
        raise UsageError(fault.message, cure=fault.cure) from None
    raise fault from None

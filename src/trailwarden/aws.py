"""boto3, which may not be installed, and which takes half an answer for an empty one."""

from __future__ import annotations

import os
from typing import Any

from trailwarden.errors import UsageError
from trailwarden.text import visible


def boto3_for(purpose: str) -> Any:
    """The module boto3. ``purpose`` begins a sentence: ``reading s3:// needs``.

    Raises UsageError where it is not installed.
    """
    try:
        import boto3  # noqa: PLC0415 - slow to import, and may not be installed
        import boto3.session  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            f"{purpose} boto3, which is not installed",
            cure="install it with: pip install 'trailwarden[aws]'",
        ) from None
    return boto3


def own_server() -> bool:
    """Whether S3 is a server of one's own: it is spoken to with the bucket in the path."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    return any(os.environ.get(name) for name in names)


def unusable(error: Exception) -> UsageError:
    """The error where boto3 cannot make a client of what the environment says."""
    return UsageError(
        f"boto3 cannot use its configuration: {visible(str(error), 300)}",
        cure="look at AWS_PROFILE, AWS_ENDPOINT_URL and the files in ~/.aws",
    )


def refuse_half_answers(client: Any) -> Any:
    """Let ``client`` (boto3's) raise an error for an answer that is shorter than it says it is.

    Its retries then ask again. Returns the client. Bodies that are read as a stream, objects of S3
    say, are not concerned: reading them fails by itself.
    """
    client.meta.events.register("before-parse", _check_length)
    return client


def _check_length(*, response_dict: Any, operation_model: Any, **_: object) -> None:
    from botocore.exceptions import IncompleteReadError  # noqa: PLC0415 - slow to import

    body = response_dict["body"]
    told = response_dict["headers"].get("content-length")
    if told is None or not isinstance(body, bytes) or operation_model.http.get("method") == "HEAD":
        return
    if len(body) < int(told):
        raise IncompleteReadError(actual_bytes=len(body), expected_bytes=int(told))

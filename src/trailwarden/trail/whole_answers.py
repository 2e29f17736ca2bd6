"""Answers of AWS that broke off: boto3 would take half of one for an empty one."""

from __future__ import annotations

from typing import Any


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

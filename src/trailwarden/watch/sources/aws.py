"""Clients of AWS for sources, and what the answers of SQS and CloudWatch Logs mean.

What boto3 honours is honoured: AWS_PROFILE, the regions' variables, AWS_ENDPOINT_URL. Its own
attempts are few: a source repeats by itself, tells about it, and can be stopped in between.
"""

from __future__ import annotations

from typing import Any

from trailwarden import __version__
from trailwarden.aws import boto3_for, own_server, refuse_half_answers, unusable
from trailwarden.errors import InputError, UsageError
from trailwarden.text import visible
from trailwarden.trail.s3_faults import aws_errors, input_error

_ATTEMPTS = 2
_CONNECTIONS = 16
_ANY_REGION = "us-east-1"
_CONNECT_TIMEOUT, _READ_TIMEOUT = 5, 20  # seconds; above the longest wait of a long poll
# error code → code, message, cure
_GONE = (
    "no-such-source",
    "{what} does not exist",
    "look at its name, its region, and at AWS_ENDPOINT_URL if that is set",
)
_DENIED = ("access-denied", "access to {what} was denied", "allow {rights}")
_THROTTLED = (
    "throttled",
    "AWS asked to slow down over {what}",
    "it is tried again; a longer poll helps if this goes on",
)
_SERVER = ("server-error", "AWS failed to answer over {what}", "it is tried again")
_BAD_KEY = (
    "bad-credentials",
    "the AWS credentials for {what} are not valid",
    "look at AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
)
_CODES = {
    "AWS.SimpleQueueService.NonExistentQueue": _GONE,
    "QueueDoesNotExist": _GONE,
    "InvalidAddress": _GONE,
    "ResourceNotFoundException": _GONE,
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "KMS.AccessDeniedException": _DENIED,
    "KmsAccessDenied": _DENIED,
    "UnrecognizedClientException": _BAD_KEY,
    "InvalidSignatureException": _BAD_KEY,
    "ThrottlingException": _THROTTLED,
    "Throttling": _THROTTLED,
    "RequestThrottled": _THROTTLED,
    "OverLimit": _THROTTLED,
    "LimitExceededException": _THROTTLED,
    "ServiceUnavailableException": _SERVER,
    "ServiceUnavailable": _SERVER,
    "InternalFailure": _SERVER,
    "429": _THROTTLED,
    "403": _DENIED,
    "500": _SERVER,
    "502": _SERVER,
    "503": _SERVER,
    "504": _SERVER,
}
_OTHER = ("aws-error", "asking {what} failed: {said}", "look at the message; it comes from boto3")


def client(service: str, *, region: str | None = None, endpoint: str | None = None) -> Any:
    """A client for ``s3``, ``sqs`` or ``logs``; several threads may use it at once.

    Raises UsageError where boto3 is missing, or cannot use its configuration.
    """
    boto3 = boto3_for("sources at AWS need")
    from botocore.config import Config  # noqa: PLC0415 - slow to import
    from botocore.exceptions import BotoCoreError, NoRegionError  # noqa: PLC0415

    config = Config(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        max_pool_connections=_CONNECTIONS,
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
        user_agent_extra=f"trailwarden/{__version__}",
        response_checksum_validation="when_required",  # compressed logs carry their own
        s3={"addressing_style": "path"} if own_server() else None,
    )
    try:
        session = boto3.session.Session()
        # A server of one's own seldom has regions, but every request is signed for one.
        region = region or session.region_name or (_ANY_REGION if endpoint else None)
        made = session.client(service, region_name=region, endpoint_url=endpoint, config=config)
    except NoRegionError:
        raise UsageError(
            f"no region is given for {service}, and none is configured",
            cure="give the source its region, or set AWS_REGION",
        ) from None
    except (BotoCoreError, ValueError) as error:
        raise unusable(error) from None
    return refuse_half_answers(made)


def failure(error: Exception, what: str, rights: str) -> InputError:
    """The error of a request to SQS or CloudWatch Logs, with a code, a message and a cure.

    ``what`` names what was asked (``the queue …``), ``rights`` the permissions that it needs.
    """
    response = getattr(error, "response", None) or {}  # some errors have none
    said = visible(str(error), 300)
    answered = str(response.get("Error", {}).get("Code", ""))
    status = str(response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    for key in (answered, status):
        if key in _CODES:
            code, message, cure = _CODES[key]
            return _error(code, message, cure, what=what, rights=rights)
    found = input_error(error, what)  # credentials mean the same to every service
    if found.code == "connection":
        return _error(
            found.code, "the connection for {what} failed: {said}", found.cure, what=what, said=said
        )
    if found.code == "s3-error":
        return _error(*_OTHER, what=what, said=said)
    return found


def _error(code: str, message: str, cure: str, **words: str) -> InputError:
    return InputError(message.format(**words), code=code, cure=cure.format(**words))


def check(error: InputError) -> None:
    """At the start: raise UsageError for what cannot be meant; anything else may mend itself."""
    if error.code in ("no-such-source", "no-such-bucket", "no-credentials"):
        raise UsageError(error.message, cure=error.cure) from None


__all__ = ["aws_errors", "check", "client", "failure"]

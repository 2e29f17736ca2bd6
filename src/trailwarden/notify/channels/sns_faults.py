"""What SNS's answers mean: whether another attempt may succeed, and what to do about them."""

from __future__ import annotations

from typing import Any

from trailwarden.errors import DeliveryError
from trailwarden.notify.channels.answers import quoted

_LATER = frozenset(
    {
        *("Throttling", "ThrottlingException", "Throttled", "ThrottledException"),
        *("RequestLimitExceeded", "TooManyRequestsException", "KMSThrottling"),
        *("KMSThrottlingException", "InternalError", "InternalFailure", "ServiceUnavailable"),
        # Credentials that are renewed while this runs.
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
    }
)
_DENIED = "allow sns:Publish on the topic, and kms:GenerateDataKey* and kms:Decrypt on its key"
_KEY = "look at AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_CURES = {
    "AuthorizationError": _DENIED,
    "AuthorizationErrorException": _DENIED,
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "KMSAccessDenied": _DENIED,
    "KMSAccessDeniedException": _DENIED,
    "NotFound": "create the topic, or name another one with topic_arn",
    "NotFoundException": "create the topic, or name another one with topic_arn",
    "InvalidParameter": "look at the topic's ARN",
    "InvalidParameterException": "look at the topic's ARN",
    "InvalidClientTokenId": _KEY,
    "SignatureDoesNotMatch": _KEY,
    "ExpiredToken": "log in again",
    "ExpiredTokenException": "log in again",
}


def aws_errors() -> tuple[type[Exception], ...]:
    """The exceptions by which boto3 says that a request failed."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

    return (ClientError, BotoCoreError, OSError)


def no_topic(topic: str) -> DeliveryError:
    """The error for a topic that a template names by a reference, say."""
    return DeliveryError(
        f"{quoted(topic)!r} is not the ARN of a topic of SNS",
        retryable=False,
        cure="name the topic with the channel's topic_arn",
    )


def delivery_error(error: Exception) -> DeliveryError:
    """The error with what SNS said and a cure."""
    from botocore import exceptions as boto  # noqa: PLC0415 - slow to import

    if isinstance(error, boto.ClientError):
        return _of_answer(error.response)
    if isinstance(error, boto.ParamValidationError):
        return DeliveryError(
            f"boto3 refuses the message: {quoted(str(error))}",
            retryable=False,
            cure="look at the topic's ARN",
        )
    if isinstance(error, boto.HTTPClientError | boto.ConnectionError | OSError):
        return DeliveryError(
            f"SNS cannot be reached: {quoted(str(error))}",
            retryable=True,
            cure="look at the network, the proxy, and AWS_ENDPOINT_URL if that is set",
        )
    # Credentials that are not there yet, or a profile: mended without a restart.
    return DeliveryError(
        f"boto3 cannot publish: {quoted(str(error))}",
        retryable=True,
        cure="set AWS_PROFILE, run aws sso login or aws configure, or give the machine a role",
    )


def _of_answer(response: Any) -> DeliveryError:
    answer = response.get("Error", {})
    code = str(answer.get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return DeliveryError(
        f"SNS refused: {quoted(code)}: {quoted(str(answer.get('Message', '')))}",
        retryable=code in _LATER or status == 429 or status >= 500,
        cure=_CURES.get(code, "look at the message; it comes from SNS"),
    )

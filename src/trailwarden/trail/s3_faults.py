"""What S3's answers mean, and what to do about them."""

from __future__ import annotations

from typing import Any

from trailwarden.errors import InputError
from trailwarden.text import visible

_DENIED = (
    "access-denied",
    "access to {bucket} was denied",
    "allow s3:ListBucket on the bucket, s3:GetObject on its objects, and kms:Decrypt on their key",
)
_EXPIRED = ("expired-credentials", "the AWS credentials have expired", "log in again and repeat")
_BAD_KEY = (
    "bad-credentials",
    "the AWS credentials are not valid",
    "look at AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
)
_THROTTLED = (
    "throttled",
    "S3 asked to slow down, and went on asking",
    "repeat it later, or with fewer --processes",
)
_SERVER = ("server-error", "S3 failed to answer", "repeat it later")
_REGION = (
    "wrong-region",
    "{bucket} is in another region",
    "set AWS_REGION to the region of the bucket",
)
_CODES = {
    "AccessDenied": _DENIED,
    "AllAccessDisabled": _DENIED,
    "AccountProblem": _DENIED,
    "403": _DENIED,
    "KMS.DisabledException": _DENIED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidAccessKeyId": _BAD_KEY,
    "InvalidClientTokenId": _BAD_KEY,
    "SignatureDoesNotMatch": _BAD_KEY,
    "InvalidToken": _BAD_KEY,
    "NoSuchBucket": (
        "no-such-bucket",
        "there is no bucket {bucket}",
        "look at its name, and at AWS_ENDPOINT_URL if that is set",
    ),
    "NoSuchKey": (
        "vanished",
        "the object was removed between its listing and its reading",
        "look at the lifecycle rules of the bucket, or repeat it",
    ),
    "InvalidObjectState": (
        "archived",
        "the object is in Glacier and cannot be read at once",
        "restore it first: aws s3api restore-object",
    ),
    "SlowDown": _THROTTLED,
    "Throttling": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "TooManyRequests": _THROTTLED,
    "429": _THROTTLED,
    "503": _THROTTLED,
    "ServiceUnavailable": _THROTTLED,
    "InternalError": _SERVER,
    "500": _SERVER,
    "502": _SERVER,
    "504": _SERVER,
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
}
_CONNECTION = (
    "connection",
    "the connection to S3 failed: {detail}",
    "look at the network, the proxy, and AWS_ENDPOINT_URL if that is set",
)
_NO_CREDENTIALS = (
    "no-credentials",
    "there are no usable AWS credentials: {detail}",
    "set AWS_PROFILE, run aws sso login or aws configure, or give the machine a role",
)


def aws_errors() -> tuple[type[Exception], ...]:
    """The exceptions by which boto3 says that a request failed."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

    return (ClientError, BotoCoreError, OSError)


def input_error(error: Exception, bucket: str) -> InputError:
    """The error with a code, a message and a cure."""
    code, message, cure = _meaning(error)
    detail = visible(str(error), 300)
    return InputError(
        message.format(bucket=visible(bucket, 300), detail=detail), code=code, cure=cure
    )


def _meaning(error: Exception) -> tuple[str, str, str]:
    from botocore import exceptions as boto  # noqa: PLC0415 - slow to import

    if isinstance(error, boto.ClientError):
        return _of_answer(error.response)
    if isinstance(
        error,
        boto.NoCredentialsError
        | boto.PartialCredentialsError
        | boto.CredentialRetrievalError
        | boto.TokenRetrievalError
        | boto.SSOError
        | boto.ProfileNotFound,
    ):
        return _NO_CREDENTIALS
    if isinstance(
        error, boto.HTTPClientError | boto.ConnectionError | boto.IncompleteReadError | OSError
    ):
        return _CONNECTION
    return ("s3-error", "{detail}", "look at the message; it comes from boto3")


def _of_answer(response: Any) -> tuple[str, str, str]:
    answer = response.get("Error", {})
    status = str(response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    for code in (str(answer.get("Code", "")), status):
        if code in _CODES:
            return _CODES[code]
    return ("s3-error", "S3 refused: {detail}", "look at the message; it comes from S3")

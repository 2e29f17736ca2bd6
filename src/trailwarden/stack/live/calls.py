"""Calls to AWS: reading ones only, and every way of failing made an error or a note."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trailwarden import __version__
from trailwarden.aws import boto3_for, refuse_half_answers
from trailwarden.errors import DefinitionError, Location, TrailwardenError, UsageError
from trailwarden.stack.model import Note
from trailwarden.text import visible

if TYPE_CHECKING:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

Answer = Mapping[str, Any]
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
)
_NO_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_CREDENTIALS_CURE = (
    "give credentials as for the AWS CLI (aws sso login, a profile, environment variables, a role) "
    "until aws sts get-caller-identity works; a region must be enabled for the account"
)
_REGION_CURE = "say for instance --region eu-west-1: the home region of the trail"


def open_session() -> boto3.Session:
    """The session that the environment describes. Raises UsageError."""
    sdk = boto3_for("reading a live account needs")
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - slow to import

    try:
        session: boto3.Session = sdk.Session()
    except BotoCoreError as error:  # a profile that does not exist, a broken configuration file
        raise UsageError(visible(str(error), 500), cure=_CREDENTIALS_CURE) from error
    return session


def regions_of(session: boto3.Session, regions: Sequence[str]) -> tuple[str, ...]:
    """Each of ``regions`` once, or else the one that the environment names."""
    named = regions or ((session.region_name,) if session.region_name else ())
    if not named:
        raise UsageError("no region is given, and none is configured", cure=_REGION_CURE)
    return tuple(dict.fromkeys(named))


class _DeniedError(Exception):
    """The credentials do not allow a call."""


class _AbsentError(Exception):
    """A call about something that does not exist."""


class Reader:
    """Reads from one region. What is denied becomes a note, once for each permission."""

    def __init__(self, session: boto3.Session, region: str) -> None:
        self.region = region
        self._session = session
        self._clients: dict[str, Any] = {}
        self._denied: dict[str, str] = {}  # operation -> permission

    def call(
        self, service: str, operation: str, absent: Collection[str] = (), **arguments: object
    ) -> Answer | None:
        """The answer: empty where it is denied, None for one of the error codes ``absent``.

        Raises UsageError for credentials or a region that do not work, DefinitionError for any
        other refusal.
        """
        try:
            with self._failures(service, operation, absent):
                answer: Answer = getattr(self._client(service), operation)(**arguments)
            return answer
        except _DeniedError:
            return {}
        except _AbsentError:
            return None

    def pages(
        self, service: str, operation: str, absent: Collection[str] = (), **arguments: object
    ) -> Iterator[Answer]:
        """The pages of the answer, none where it is denied or absent. Raises as ``call`` does."""
        try:
            with self._failures(service, operation, absent):
                yield from self._client(service).get_paginator(operation).paginate(**arguments)
        except (_DeniedError, _AbsentError):
            return

    def is_denied(self, operation: str) -> bool:
        return operation in self._denied

    def notes(self) -> tuple[Note, ...]:
        """One for each permission that was missing, in the order of the calls."""
        return tuple(
            Note(
                "access-denied",
                f"{permission} is not allowed in {self.region}: what it shows is left out; allow "
                "it, or use a role that may read (SecurityAudit, for instance)",
                Location(self.region),
            )
            for permission in self._denied.values()
        )

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            from botocore.config import Config  # noqa: PLC0415

            config = Config(
                retries={"mode": "standard", "max_attempts": 5},
                connect_timeout=10,
                user_agent_extra=f"trailwarden/{__version__}",
            )
            self._clients[service] = refuse_half_answers(
                self._session.client(service, region_name=self.region, config=config)
            )
        return self._clients[service]

    @contextmanager
    def _failures(self, service: str, operation: str, absent: Collection[str]) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            yield
        except ClientError as error:
            code = _code(error)
            if code in _DENIED:
                self._denied[operation] = f"{service}:{error.operation_name}"
                raise _DeniedError from error
            if code in absent:
                raise _AbsentError from error
            raise _refused(error, self.region) from error
        except BotoCoreError as error:
            raise _failed(error, self.region) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _refused(error: ClientError, region: str) -> TrailwardenError:
    said = visible(f"{_code(error)}: {error.response.get('Error', {}).get('Message', '')}", 500)
    message = f"AWS refused {error.operation_name} in {region}: {said}"
    if _code(error) in _NO_CREDENTIALS:
        return UsageError(message, cure=_CREDENTIALS_CURE)
    return DefinitionError(message, cure="try again later; the service has the last word")


def _failed(error: BotoCoreError, region: str) -> TrailwardenError:
    from botocore.exceptions import ConnectionError as NoConnection  # noqa: PLC0415
    from botocore.exceptions import (  # noqa: PLC0415
        HTTPClientError,
        IncompleteReadError,
        InvalidRegionError,
    )

    said = visible(str(error), 500)
    if isinstance(error, InvalidRegionError):
        return UsageError(f"{visible(region, 60)!r} is not a region", cure=_REGION_CURE)
    if isinstance(error, NoConnection | HTTPClientError | IncompleteReadError):
        return UsageError(
            f"AWS cannot be reached in {region}: {said}",
            cure="check the name of the region, the network, and AWS_ENDPOINT_URL if it is set",
        )
    return UsageError(f"AWS cannot be asked: {said}", cure=_CREDENTIALS_CURE)

"""What a person writes for a source on the command line."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from trailwarden.errors import Location, UsageError
from trailwarden.partitions import domains
from trailwarden.settings import SourceSettings
from trailwarden.text import visible

_S3, _LOGS, _SQS = "s3://", "logs:", "sqs:"
_REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}"
# Plain endpoints: boto3 finds them by the region, unless AWS_ENDPOINT_URL says otherwise.
_QUEUE_HOST = re.compile(
    rf"(?:sqs(?:-fips)?\.(?P<region>{_REGION})|(?P<old>{_REGION})\.queue)\.(?P<domain>.+)"
)
_GROUP = re.compile(rf"(?:({_REGION}):)?([A-Za-z0-9_./#-]{{1,512}})")
_CURE = (
    "write a folder's path, s3://BUCKET/PREFIX, a queue's URL (sqs:URL for a server of one's own), "
    "or logs:GROUP or logs:REGION:GROUP"
)


def parse_source(text: str) -> SourceSettings:
    """The source that ``text`` names; see the cure of its UsageError for the forms.

    Only the form is looked at: whether it exists, ``open_source`` tells.
    """
    if text.startswith(_S3):
        from trailwarden.trail import s3  # noqa: PLC0415 - only what is used

        s3.split(text)
        return SourceSettings("s3", text)
    if text.startswith(_SQS):
        return SourceSettings("sqs", queue_url(text[len(_SQS) :]))
    if text.startswith(_LOGS):
        return _group(text)
    if "://" in text:
        if queue_region(text) is None:
            raise _unknown(text, "this is no source that is known")
        return SourceSettings("sqs", queue_url(text))
    if not text or "\0" in text:
        raise _unknown(text, "this names no source")
    return SourceSettings("folder", text)


def _group(text: str) -> SourceSettings:
    found = _GROUP.fullmatch(text[len(_LOGS) :])
    if found is None:
        raise _unknown(text, "this names no log group")
    return SourceSettings("logs", found[2], region=found[1])


def queue_url(text: str) -> str:
    """``text`` where it is the URL of a queue. Raises UsageError."""
    if not (text.isascii() and text.isprintable() and _is_address(text)):
        raise _unknown(text, "this is no URL of a queue")
    return text


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_place = (
        parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    )
    return is_place and port != 0 and bool(parts.path.strip("/"))


def queue_region(url: str) -> str | None:
    """The region in the host of a queue's URL at AWS; None for any other."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    found = _QUEUE_HOST.fullmatch(host)
    if found is None or found["domain"] not in domains().values():
        return None
    return found["region"] or found["old"]


def _unknown(text: str, message: str) -> UsageError:
    return UsageError(message, location=Location(visible(text, 500)) if text else None, cure=_CURE)

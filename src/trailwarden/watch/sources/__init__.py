"""Where records come from: folders, S3, SQS, CloudWatch Logs."""

from __future__ import annotations

from datetime import datetime

from trailwarden.settings import SourceSettings
from trailwarden.trail import WHOLE_LIMIT
from trailwarden.watch.portion import Source
from trailwarden.watch.sources.addresses import parse_source
from trailwarden.watch.sources.trust import with_trust

__all__ = ["open_source", "parse_source", "with_trust"]


def open_source(settings: SourceSettings, *, since: datetime | None, limit: int) -> Source:
    """The source that ``settings`` name, ready to run.

    ``since`` (UTC) leaves out what cannot hold records of that time or later, where its place or
    name tells; ``limit`` bounds, in bytes, what one file is stored in, which is
    in memory. Raises UsageError for what
    cannot be meant: no folder, no such bucket, queue or log group, an extra that is missing.
    """
    limit = min(limit, WHOLE_LIMIT)
    # Only what is used is imported.
    match settings.kind:
        case "folder":
            from trailwarden.watch.sources.folder import open_folder  # noqa: PLC0415

            return open_folder(settings, since=since, limit=limit)
        case "s3":
            from trailwarden.watch.sources.s3 import open_bucket  # noqa: PLC0415

            return open_bucket(settings, since=since, limit=limit)
        case "sqs":
            from trailwarden.watch.sources.sqs import open_queue  # noqa: PLC0415

            return open_queue(settings, limit=limit)
        case "logs":
            from trailwarden.watch.sources.logs import open_group  # noqa: PLC0415

            return open_group(settings, since=since)

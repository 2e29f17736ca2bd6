"""Which names can be logs: what cannot is left out and counted by its kind."""

from __future__ import annotations

import re

from trailwarden.trail.layout import special_kind

_LOG = re.compile(
    r".+\.(?:json|jsonl|ndjson|log)(?:\.\d+)?(?:\.(?:gz|gzip|zst|zstd))?|.+\.(?:gz|gzip|zst|zstd)",
    re.IGNORECASE | re.DOTALL,
)
_ARCHIVED = re.compile(r".+\.(?:tar|csv|parquet|orc|avro|txt|sql|xml)\.[a-z]+", re.IGNORECASE)
# Files without a suffix are logs as a rule: Firehose and exports of CloudWatch Logs name them so.
_NOT_LOGS = frozenset(
    (
        *("readme", "license", "licence", "notice", "changelog", "makefile", "dockerfile"),
        *("manifest", "_success", "aws-logs-write-test"),
    )
)


def kind_of_name(path: str) -> str:
    """``""`` where a file with this path may hold records, else the kind to count it under.

    ``hidden`` begins with a dot; ``digest``, ``insight`` and ``aggregated`` are CloudTrail's other
    files; ``other`` is everything else: documents, images, tables.
    """
    name = path.rpartition("/")[2]
    if name.startswith("."):
        return "hidden"
    special = special_kind(path)
    if special:
        return special
    if "." not in name:
        return "other" if name.lower() in _NOT_LOGS else ""
    return "" if _LOG.fullmatch(name) and not _ARCHIVED.fullmatch(name) else "other"

"""Which names can be logs: what cannot is left out and counted by its kind."""

from __future__ import annotations

import re

from trailwarden.trail.layout import special_kind

# Logs in a compression that is not read are opened all the same: that they are lost is a problem.
_LOG = re.compile(
    r".+\.(?:json|jsonl|ndjson|log)(?:\.\d+)?(?:\.(?:gz|gzip|zst|zstd|bz2|xz|zip|7z))?",
    re.IGNORECASE | re.DOTALL,
)
_PACKED = re.compile(
    r".+\.(?:zip|7z|rar|tgz|bz2|xz|(?:tar|parquet|orc|avro)(?:\.[a-z0-9]+)?)",
    re.IGNORECASE | re.DOTALL,
)
# Of packed files zip and tar are read as folders. That others are lost is a problem as well.
_UNREAD = {
    "7z": "7-Zip", "rar": "RAR", "parquet": "Parquet", "orc": "ORC", "avro": "Avro",
}  # fmt: skip
_UNREAD_NAME = re.compile(
    r".+\.(7z|rar|parquet|orc|avro)(?:\.[a-z0-9]+)?", re.IGNORECASE | re.DOTALL
)
# CloudTrail Lake leaves the results of queries as tables, and beside them a file of signatures.
_LAKE, _TABLE = "/CloudTrail-Lake/", re.compile(r".+\.csv(?:\.gz)?", re.IGNORECASE | re.DOTALL)
_NOT_A_LOG = re.compile(r".+\.(?:csv|txt|sql|xml)\.[a-z]+", re.IGNORECASE | re.DOTALL)
_COMPRESSED = re.compile(r".+\.(?:gz|gzip|zst|zstd)", re.IGNORECASE | re.DOTALL)
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
    if _LAKE in path:
        return "" if _TABLE.fullmatch(name) else "other"
    if "." not in name:
        return "other" if name.lower() in _NOT_LOGS else ""
    if _LOG.fullmatch(name) or _PACKED.fullmatch(name):
        return ""
    return "" if _COMPRESSED.fullmatch(name) and not _NOT_A_LOG.fullmatch(name) else "other"


def unread_format(path: str) -> str:
    """The format that is not read, by the name of a file that may hold logs; ``""`` else."""
    found = _UNREAD_NAME.fullmatch(path.rpartition("/")[2])
    return _UNREAD[found[1].lower()] if found else ""

"""The 14 filters as SQL in chDB, on one thread, over CloudTrail's one-object files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import chdb

from benchmarks.peers import rules
from benchmarks.peers.files import run


def _one_of(names: Iterable[str]) -> str:
    return "(name IN (" + ", ".join(f"'{name}'" for name in sorted(names)) + "))"


CONDITIONS = (
    "(endsWith(error, 'UnauthorizedOperation') OR startsWith(error, 'AccessDenied'))",
    "(name = 'ConsoleLogin' AND mfa != '' AND mfa != 'Yes')",
    "(type = 'Root' AND NOT invoked AND kind != '' AND kind != 'AwsServiceEvent')",
    _one_of(rules.IAM),
    _one_of(rules.TRAIL),
    "(name = 'ConsoleLogin' AND message = 'Failed authentication')",
    f"(source = 'kms.amazonaws.com' AND {_one_of(rules.KMS)})",
    f"(source = 's3.amazonaws.com' AND {_one_of(rules.S3)})",
    f"(source = 'config.amazonaws.com' AND {_one_of(rules.CONFIG)})",
    _one_of(rules.SECURITY_GROUP),
    _one_of(rules.NACL),
    _one_of(rules.GATEWAY),
    _one_of(rules.ROUTE),
    _one_of(rules.VPC),
)
QUERY = """
SELECT count(), sum({conditions})
FROM (
    SELECT
        JSONExtractString(record, 'eventName') AS name,
        JSONExtractString(record, 'eventSource') AS source,
        JSONExtractString(record, 'eventType') AS kind,
        JSONExtractString(record, 'errorCode') AS error,
        JSONExtractString(record, 'errorMessage') AS message,
        JSONExtractString(record, 'userIdentity', 'type') AS type,
        JSONHas(record, 'userIdentity', 'invokedBy') AS invoked,
        JSONExtractString(record, 'additionalEventData', 'MFAUsed') AS mfa
    FROM (
        SELECT arrayJoin(JSONExtractArrayRaw(line, 'Records')) AS record
        FROM file('{folder}/**/*.json.gz', 'RawBLOB', 'line String')
    )
)
SETTINGS max_threads = 1
"""


def work(paths: list[Path]) -> dict[str, int]:
    folder = next(p for p in paths[0].parents if all(p in path.parents for path in paths))
    query = QUERY.format(conditions=" + ".join(CONDITIONS), folder=folder)
    (row,) = csv.reader(io.StringIO(str(chdb.query(query, "CSV"))))
    return {"events": int(row[0]), "matches": int(row[1])}


if __name__ == "__main__":
    run(work)

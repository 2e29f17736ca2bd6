"""The 14 filters in jq, fed by one zcat."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers import rules
from benchmarks.peers.files import run


def _one_of(names: Iterable[str]) -> str:
    return f'({json.dumps(dict.fromkeys(sorted(names), True))}[.eventName // ""] == true)'


CONDITIONS = (
    '((.errorCode // "") | endswith("UnauthorizedOperation") or startswith("AccessDenied"))',
    '(.eventName == "ConsoleLogin" and (.additionalEventData.MFAUsed // "Yes") != "Yes")',
    '(.userIdentity.type == "Root" and (.userIdentity | has("invokedBy") | not)'
    ' and (.eventType // "AwsServiceEvent") != "AwsServiceEvent")',
    _one_of(rules.IAM),
    _one_of(rules.TRAIL),
    '(.eventName == "ConsoleLogin" and .errorMessage == "Failed authentication")',
    f'(.eventSource == "kms.amazonaws.com" and {_one_of(rules.KMS)})',
    f'(.eventSource == "s3.amazonaws.com" and {_one_of(rules.S3)})',
    f'(.eventSource == "config.amazonaws.com" and {_one_of(rules.CONFIG)})',
    _one_of(rules.SECURITY_GROUP),
    _one_of(rules.NACL),
    _one_of(rules.GATEWAY),
    _one_of(rules.ROUTE),
    _one_of(rules.VPC),
)
PROGRAM = (
    "reduce (inputs | .Records[]) as $r ([0, 0]; "
    f"[.[0] + 1, .[1] + ($r | [{', '.join(CONDITIONS)}] | map(select(.)) | length)])"
)


def work(paths: list[Path]) -> dict[str, int]:
    unpacked = subprocess.Popen(["zcat", *map(str, paths)], stdout=subprocess.PIPE)
    done = subprocess.run(
        ["jq", "-nc", PROGRAM], stdin=unpacked.stdout, capture_output=True, check=True
    )
    events, found = json.loads(done.stdout)
    return {"events": events, "matches": found}


if __name__ == "__main__":
    run(work)

"""gzip and orjson from the shelf, with the rules in plain Python."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson

from benchmarks.peers.files import run
from benchmarks.peers.rules import matches


def work(paths: list[Path]) -> dict[str, int]:
    found = events = 0
    for path in paths:
        for record in orjson.loads(gzip.decompress(path.read_bytes()))["Records"]:
            events += 1
            found += matches(record)
    return {"events": events, "matches": found}


if __name__ == "__main__":
    run(work)

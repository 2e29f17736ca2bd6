"""The least that reading costs: libdeflate, then simdjson's parse, and nothing else."""

from __future__ import annotations

from pathlib import Path

import deflate
import simdjson

from benchmarks.peers.files import run


def work(paths: list[Path]) -> dict[str, int]:
    parser = simdjson.Parser()
    size = 0
    for path in paths:
        payload = deflate.gzip_decompress(path.read_bytes())
        size += len(payload)
        parser.parse(payload)
    return {"bytes": size}


if __name__ == "__main__":
    run(work)

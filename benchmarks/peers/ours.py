"""``scan``: read, match, evaluate, report. Says also how much memory a process took."""

from __future__ import annotations

import argparse
import io
import json
import time

from benchmarks.peers.files import peak
from trailwarden import memory
from trailwarden.report import render
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack import load


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("--stack", default="cis-1.2.0")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    memory.hold()
    stack = load(options.stack)
    memory.settle()
    memory.reuse()
    loaded = time.perf_counter()
    outcome = scan(stack, [options.archive], ScanOptions(processes=options.processes))
    render(outcome, "json", io.StringIO())
    ended = time.perf_counter()
    result = {
        "seconds": ended - started,
        "loading": loaded - started,
        "scanning": ended - loaded,
        "events": outcome.input.events,
        "matches": sum(one.matches for one in outcome.filters),
        "problems": len(outcome.input.problems),
        "bytes": outcome.input.bytes_read,
        "peak": peak(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

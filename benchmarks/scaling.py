"""What more filters, more processes and more records cost."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.archives import large_files, one_file
from benchmarks.measuring import WORK, best, module, run, tell, wall
from benchmarks.tables import mebibytes, seconds, table

_FILTER = """\
  F{n}:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail{group}
      FilterPattern: '{{ ($.eventSource = service{n}.amazonaws.com) && ($.eventName = Do{n}) }}'
      MetricTransformations: [{{MetricName: M{n}, MetricNamespace: N, MetricValue: '1'}}]
"""


def report(*, quick: bool) -> str:
    """The sections on scaling."""
    parts = ["## Many filters", _filters(quick=quick), "## Processes", _processes(quick=quick)]
    parts += ["## Memory", _memory(quick=quick), "## Start-up", _start_up()]
    return "\n\n".join(parts)


def _template(count: int) -> Path:
    path = WORK / f"filters-{count}.yaml"
    WORK.mkdir(parents=True, exist_ok=True)
    body = "".join(_FILTER.format(n=n, group=n // 100) for n in range(count))
    path.write_text(f"Resources:\n{body}")
    return path


def _filters(*, quick: bool) -> str:
    """Two archives tell what a record costs from what the filters cost once."""
    tell("many filters")
    small, large = large_files(8, 4000), large_files(*((16, 4000) if quick else (120, 7000)))
    rows: list[tuple[str, ...]] = []
    base = 0.0
    for count in (14, 1_000, 10_000):
        stack = "cis-1.2.0" if count == 14 else str(_template(count))
        command = "benchmarks.peers.ours"
        commands = {
            "small": module(command, small, "--stack", stack),
            "large": module(command, large, "--stack", stack),
        }
        found = best(commands, 2 if quick else 5)
        few, many = found["small"], found["large"]
        more = many["events"] - few["events"]
        each = (many["scanning"] - few["scanning"]) / more
        base = base or each
        once = few["scanning"] - each * few["events"]
        row = (f"{each * 1e6:.2f} µs", f"{each / base:.2f}", seconds(once), seconds(few["loading"]))
        rows.append((f"{count:,}", *row))
    titles = ("filters", "a record", "to 14 filters", "once per scan", "loading the template")
    return table(titles, rows)


def _processes(*, quick: bool) -> str:
    tell("processes")
    archive = large_files(20, 4000) if quick else large_files(1430, 7000)
    cores = os.sched_getaffinity(0)
    times: dict[int, float] = {}
    for _ in range(1 if quick else 3):
        for count in (1, 2):
            command = module("benchmarks.peers.ours", archive, "--processes", count)
            took = run(command, cores=cores)["scanning"]
            times[count] = min(took, times.get(count, took))
    rows = [(str(n), seconds(took), f"{times[1] / took:.2f}") for n, took in times.items()]
    return f"On {len(cores)} cores.\n\n" + table(("processes", "scan", "speed-up"), rows)


def _memory(*, quick: bool) -> str:
    tell("memory")
    archives = [large_files(8, 4000)] if quick else [large_files(60, 7000), large_files(1430, 7000)]
    archives.append(large_files(2, 68_000))
    rows = []
    for archive in archives:
        result = run(module("benchmarks.peers.ours", archive))
        files = sum(1 for _ in archive.rglob("*.gz"))
        largest = mebibytes(result["bytes"] / files)
        rows.append((f"{result['events']:,}", f"{files:,}", largest, mebibytes(result["peak"])))
    return table(("records", "files", "a file, uncompressed", "peak memory"), rows)


def _start_up() -> str:
    tell("start-up")
    small = one_file(WORK / "one.json.gz", 200)
    commands = {
        "`trailwarden --help`": module("trailwarden", "--help"),
        "`trailwarden scan` of one file of 200 records": module("trailwarden", "scan", small),
    }
    rows = [(name, seconds(min(wall(c) for _ in range(9)))) for name, c in commands.items()]
    return table(("command", "wall time"), rows)

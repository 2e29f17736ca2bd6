"""``scan`` end to end against its peers, on large and on tiny files, one core each."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.archives import large_files, tiny_files
from benchmarks.measuring import Result, best, module, tell
from benchmarks.tables import mebibytes, seconds, table

PEERS = {
    "bare libdeflate + simdjson": "bare",
    "orjson + plain Python rules": "plain_orjson",
    "json + plain Python rules": "plain_json",
    "chDB, the rules in SQL": "in_chdb",
    "zcat and jq": "in_jq",
}
OURS = "trailwarden scan"


def report(*, quick: bool) -> str:
    """The sections on reading."""
    large = large_files(8, 4000) if quick else large_files(60, 7000)
    parts = ["## Large files", _section(large, quick=quick)]
    parts += ["## Tiny files", _section(tiny_files(), quick=quick)]
    return "\n\n".join(parts)


def _section(archive: Path, *, quick: bool) -> str:
    tell(f"reading {archive.name}")
    commands = {OURS: module("benchmarks.peers.ours", archive)}
    for name, peer in PEERS.items():
        if peer != "in_jq" or shutil.which("jq"):
            commands[name] = module(f"benchmarks.peers.{peer}", archive)
    slow = {name: commands.pop(name) for name in list(commands)[3:]}
    found = best(commands, 2 if quick else 7) | best(slow, 1)
    ours, size = found[OURS], found[OURS]["bytes"]
    files = sum(1 for _ in archive.rglob("*.gz"))
    rows = [_row(name, result, ours) for name, result in found.items()]
    return "\n".join(
        (
            f"{ours['events']:,} records in {files:,} files, {mebibytes(size)} uncompressed. "
            f"{OURS}: {ours['events'] / ours['scanning']:,.0f} records/s, "
            f"{size / ours['scanning'] / 1e6:,.0f} MB/s, {files / ours['scanning']:,.0f} files/s.",
            "",
            table(("on one core", "time", "speed of scan to it", "peak memory"), rows),
        )
    )


def _row(name: str, result: Result, ours: Result) -> tuple[str, ...]:
    # What it takes to load the stack is the same for any archive, and told apart.
    mine, theirs = ours["scanning"], result.get("scanning", result["seconds"])
    return name, seconds(theirs), f"{theirs / mine:.2f}", mebibytes(result["peak"])

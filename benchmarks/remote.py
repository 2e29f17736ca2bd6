"""``scan`` of s3:// against the same files on disk: does the network's delay cost anything?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.archives import large_files
from benchmarks.measuring import ROOT, module, run, tell
from benchmarks.slow_s3 import BUCKET
from benchmarks.tables import seconds, table

DELAY = 0.05  # seconds per GET
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def report(*, quick: bool) -> str:
    """The section on S3. Two sizes tell the start (boto3, the listing) from the rest."""
    tell("S3")
    sizes = ((8, 4000), (16, 4000)) if quick else ((60, 7000), (285, 7000))
    times = [_both(large_files(*size), 1 if quick else 3) for size in sizes]
    local, remote = [one for one, _ in times], [other for _, other in times]
    rows = [
        ("on disk", *map(seconds, local), seconds(local[1] - local[0]), "1.00"),
        (
            f"s3://, {DELAY * 1000:.0f} ms per GET",
            *map(seconds, remote),
            seconds(remote[1] - remote[0]),
            f"{(local[1] - local[0]) / (remote[1] - remote[0]):.2f}",
        ),
    ]
    files = [f"{count} files" for count, _ in sizes]
    titles = ("archive", *files, "the difference", "speed to disk")
    note = "One process on one core, the server (moto) on another."
    return f"## S3\n\n{note}\n\n" + table(titles, rows)


def _both(archive: Path, repeats: int) -> tuple[float, float]:
    """The best times from disk and from S3."""
    with _server(archive) as url:
        os.environ["AWS_ENDPOINT_URL"] = url
        times = [(_scan(archive), _scan(f"s3://{BUCKET}/")) for _ in range(repeats)]
    return min(local for local, _ in times), min(remote for _, remote in times)


def _scan(archive: str | Path) -> float:
    return float(run(module("benchmarks.peers.ours", archive))["scanning"])


@contextmanager
def _server(archive: Path) -> Iterator[str]:
    os.environ.update(_CREDENTIALS)
    last = max(os.sched_getaffinity(0))
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_s3", str(archive), str(DELAY)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {last}),  # noqa: PLW1509 - no threads here
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()

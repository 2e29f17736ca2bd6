"""``watch``: from a file's arrival to the message at the receiver, and the load it bears."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

from benchmarks.archives import MONDAY
from benchmarks.measuring import ROOT, WORK, as_installed, module, tell
from benchmarks.receiver import Receiver
from benchmarks.tables import mebibytes, table
from trailwarden.simulate import Plan, events

_ID = re.compile(rb'"eventID":"[0-9a-f-]{36}"')
_TIME = re.compile(rb'"eventTime":"[^"]{20}"')
_HOME, _INBOX = WORK / "watch-home", WORK / "watch-inbox"
_RESOURCES = """\
  F{n}:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{{ $.eventName = Measured{n} }}'
      MetricTransformations: [{{MetricName: M{n}, MetricNamespace: N, MetricValue: '1'}}]
  A{n}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: measured-{n}
      Namespace: N
      MetricName: M{n}
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
"""


def report(*, quick: bool) -> str:
    """The section on ``watch``."""
    parts = ["## Watching", _latency(20 if quick else 60), _sustained(8 if quick else 60)]
    return "\n\n".join(parts)


# --- from a file's arrival to the message -------------------------------------------------------
def _latency(seconds: int) -> str:
    """1,000 records a second in ten files; every second file fires an alarm of its own."""
    tell("watch: latency")
    count = seconds * 5
    receiver = Receiver()
    arrived: dict[str, float] = {}
    records = _records(100)
    with _watch(_template(count), receiver.url):
        started = time.monotonic()
        for number in range(seconds * 10):
            time.sleep(max(0.0, started + number / 10 - time.monotonic()))
            names = [f"Measured{number // 2}"] if number % 2 else []
            at = _arrive(f"{number:06}", _fresh(records, names))
            arrived.update({f"measured-{number // 2}": at} if names else {})
        _wait(lambda: len(receiver.came) == len(arrived))
    receiver.close()
    waits = sorted(receiver.came[name] - at for name, at in arrived.items())
    rows = [(f"{len(waits)}", *(f"{_at(waits, share) * 1000:.0f} ms" for share in (0.5, 0.99, 1)))]
    return (
        "1,000 records a second, ten files a second; from the file's arrival in the folder to the "
        "message at the receiver of a webhook.\n\n"
        + table(("messages", "median", "99 %", "worst"), rows)
    )


def _at(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(share * len(waits)))]


# --- how much it keeps up with ------------------------------------------------------------------
def _sustained(seconds: int) -> str:
    """60,000 records a second in files of 6,000, for a while; then, how far behind it was."""
    tell("watch: sustained load")
    records = _records(6_000)
    ready = _INBOX.with_name("watch-ready")
    shutil.rmtree(ready, ignore_errors=True)
    ready.mkdir(parents=True)
    for number in range(seconds * 10):
        (ready / f"{number:06}.json.gz").write_bytes(_fresh(records, []))
    receiver = Receiver()
    peaks: list[int] = []
    with _watch(_template(14), receiver.url) as process:
        started = time.monotonic()
        for number, file in enumerate(sorted(ready.iterdir())):
            time.sleep(max(0.0, started + number / 10 - time.monotonic()))
            file.rename(_INBOX / file.name)
            if number % 100 == 99:
                peaks.append(_resident(process.pid))
        given = time.monotonic() - started
        _wait(lambda: _taken() == seconds * 10)
        behind = time.monotonic() - started - given
        cpu = _processor_seconds(process.pid)
    receiver.close()
    total = seconds * 10 * 6_000
    memory = f"{mebibytes(peaks[0])}, {mebibytes(peaks[-1])}" if peaks else "-"
    row = (f"{total:,}", f"{total / given:,.0f}", f"{behind:.1f} s", f"{cpu / given:.2f}", memory)
    titles = ("records", "a second", "behind at the end", "cores used", "memory, first and last")
    return "Ten files of 6,000 records a second, on two cores.\n\n" + table(titles, [row])


# --- parts --------------------------------------------------------------------------------------
def _records(count: int) -> list[bytes]:
    """Records that match nothing of the template."""
    return [event.data for event in islice(events(Plan(start=MONDAY, days=1)), count)]


def _fresh(records: list[bytes], names: list[str]) -> bytes:
    """A log file of these records as of now, and of one record for each name."""
    now = f'"eventTime":"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"'.encode()
    extra = [
        json.dumps({"eventName": name, "eventID": str(uuid4()), "eventTime": ""}).encode()
        for name in names
    ]
    fresh = [
        _TIME.sub(now, _ID.sub(f'"eventID":"{uuid4()}"'.encode(), record)) for record in records
    ]
    fresh += [record.replace(b'"eventTime": ""', now) for record in extra]
    return gzip.compress(b'{"Records":[' + b",".join(fresh) + b"]}", 1)


def _arrive(name: str, content: bytes) -> float:
    """Let a file appear in the folder, whole; returns when it did."""
    hidden = _INBOX / f".{name}.tmp"
    hidden.write_bytes(content)
    at = time.time()
    hidden.rename(_INBOX / f"{name}.json.gz")
    return at


def _template(count: int) -> Path:
    path = WORK / f"watch-{count}.yaml"
    WORK.mkdir(parents=True, exist_ok=True)
    path.write_text("Resources:\n" + "".join(_RESOURCES.format(n=n) for n in range(count)))
    return path


@contextmanager
def _watch(template: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    for folder in (_HOME, _INBOX):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    settings = f'[channels.hook]\ntype = "webhook"\nurl = "{url}"\n[topics]\n"*" = ["hook"]\n'
    (_HOME / "trailwarden.toml").write_text(settings)
    command = module("trailwarden", "watch", _INBOX, "--stack", template, "--home", _HOME)
    log = (WORK / "watch.log").open("wb")
    process = subprocess.Popen([*command], cwd=ROOT, stderr=log, env=as_installed())
    try:
        _wait(lambda: b"is read" in (WORK / "watch.log").read_bytes())
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()


def _wait(done: object, most: float = 120.0) -> None:
    assert callable(done)
    end = time.monotonic() + most
    while not done():
        if time.monotonic() > end:
            raise TimeoutError((WORK / "watch.log").read_text()[-2000:])
        time.sleep(0.01)


def _taken() -> int:
    connection = sqlite3.connect(_HOME / "state.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM taken").fetchone()[0])
    finally:
        connection.close()


def _resident(process: int) -> int:
    """Bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

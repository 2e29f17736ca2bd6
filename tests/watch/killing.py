"""A watch that is killed again and again while files arrive, and what its receiver got."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.records import log_file, record

TEMPLATE = """\
Resources:
""" + "".join(
    f"""\
  F{n}:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{{ $.eventName = Stop{n} }}'
      MetricTransformations:
        - {{MetricName: M{n}, MetricNamespace: N, MetricValue: '1', DefaultValue: 0}}
  A{n}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stop-{n}
      Namespace: N
      MetricName: M{n}
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
      OKActions: ['arn:aws:sns:us-east-1:111122223333:alerts']
"""
    for n in range(6)
)


class Receiver:
    """Notes each message by its MessageId, as receivers of SNS must (rule S-2)."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.copies: Counter[str] = Counter()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                envelope = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.copies[envelope["MessageId"]] += 1
                receiver.messages[envelope["MessageId"]] = json.loads(envelope["Message"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def told(self) -> Counter[tuple[str, str, str]]:
        """(alarm, state, time) of all messages that are not copies."""
        return Counter(
            (m["AlarmName"], m["NewStateValue"], m["StateChangeTime"])
            for m in self.messages.values()
        )


@dataclass
class Story:
    """Files of an hour that has passed, so that the clock decides nothing while they arrive."""

    files: list[tuple[str, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, seed: int, count: int, *, users: int = 1) -> Story:
        """``count`` files of what ``users`` people did."""
        rng = random.Random(seed)
        begin = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
        story = cls()
        for number in range(count):
            items = [
                record(
                    rng.choice(
                        ["DescribeInstances", "DescribeInstances", f"Stop{rng.randrange(6)}"]
                    ),
                    number=number * 10 + place,
                    user=f"user-{rng.randrange(users)}",
                )
                for place in range(3)
            ]
            for item in items:
                at = begin + timedelta(minutes=rng.randrange(120), seconds=rng.randrange(60))
                item["eventTime"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
            if number and rng.random() < 0.3:  # a copy of a record that came before
                items.append(json.loads(gzip.decompress(story.files[-1][1]))["Records"][0])
            story.files.append((f"{number:05}.json.gz", gzip.compress(log_file(items), 1)))
        return story


class Victims:
    """Watches over ``folder / "inbox"`` with the state in ``folder / "home"``."""

    def __init__(self, folder: Path, url: str) -> None:
        self.inbox, self.home = folder / "inbox", folder / "home"
        for one in (self.inbox, self.home):
            one.mkdir(parents=True)
        (folder / "stack.yaml").write_text(TEMPLATE)
        (self.home / "trailwarden.toml").write_text(
            f'[channels.hook]\ntype = "webhook"\nurl = "{url}"\n[topics]\n"*" = ["hook"]\n'
        )
        self._arguments = [
            *(str(self.inbox), "--home", str(self.home), "--since", "12h"),
            *("--stack", str(folder / "stack.yaml"), "--log-level", "error"),
        ]
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.watch.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )

    def start(self, *more: str) -> int:
        """Start a watch; returns its process number."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps([*self._arguments, *more]) + "\n")
        self._mother.stdin.flush()
        return int(self._mother.stdout.readline())

    def ended(self) -> None:
        """Wait for the end of the watch."""
        assert self._mother.stdout is not None
        assert self._mother.stdout.readline() == "ended\n"

    def kill(self, process: int) -> None:
        os.kill(process, signal.SIGKILL)
        self.ended()

    def deliver(self, name: str, content: bytes) -> None:
        hidden = self.inbox / f".{name}.tmp"
        hidden.write_bytes(content)
        hidden.rename(self.inbox / name)

    def close(self) -> None:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.close()
        self._mother.wait(20)
        self._mother.stdout.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the state."""
        connection = sqlite3.connect(f"file:{self.home}/state.sqlite3?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def transitions(self) -> list[tuple[str, str, str]]:
        """What the state says that the alarms went through."""
        return sorted(self.rows("SELECT alarm, at, to_state FROM transitions"))

    def has_taken(self, files: int) -> bool:
        """Whether the state says that so many files were taken; it may not even be there yet."""
        try:
            return self.rows("SELECT count(*) FROM taken") == [(files,)]
        except sqlite3.OperationalError:
            return False

    def has_decided(self) -> bool:
        """Whether the state says so already; it may not even be there yet."""
        try:
            return bool(self.transitions())
        except sqlite3.OperationalError:
            return False


def lived(
    folder: Path,
    story: Story,
    *,
    kills: int,
    seed: int = 1,
    more: tuple[str, ...] = (),
    last: tuple[str, ...] | None = None,
    decides: bool = False,
    tells: bool = False,
) -> tuple[Victims, Receiver]:
    """Let a watch live through the story, dying so often; then let it end by itself.

    Its arguments are ``more``, those of the last one ``last`` if given. With ``decides``, the first
    one dies only after it has decided something; with ``tells``, every other one dies at about the
    time at which it tells what it has taken.
    """
    rng = random.Random(seed)
    receiver = Receiver()
    victims = Victims(folder, receiver.url)
    waiting = list(story.files)
    try:
        for kill in range(kills):
            process = victims.start(*more)
            share = len(waiting) // (kills - kill)
            for name, content in waiting[:share]:
                victims.deliver(name, content)
                time.sleep(rng.random() * 0.01)
            del waiting[:share]
            end = time.monotonic() + 60
            while decides and not victims.has_decided() and time.monotonic() < end:
                time.sleep(0.05)
            files = len(story.files) - len(waiting)
            while tells and kill % 2 and not victims.has_taken(files) and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(rng.random() * 0.25)
            victims.kill(process)
        for name, content in waiting:
            victims.deliver(name, content)
        victims.start("--once", *(more if last is None else last))
        victims.ended()
    finally:
        victims.close()
        receiver.close()
    return victims, receiver

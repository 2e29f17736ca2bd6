"""Each URL of a channel is a delivery of its own, and copies can be told apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.records import log_file, record
from trailwarden.cli.failures import run
from trailwarden.cli.root import trailwarden
from trailwarden.notify.targets import with_single_targets
from trailwarden.settings import ChannelSettings, Settings

pytest.importorskip("apprise")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr'")


@contextmanager
def service() -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A service that takes what it is posted."""
    got: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, got
    finally:
        server.shutdown()
        server.server_close()


def watch(home: Path, logs: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    arguments = ["watch", logs, "--once", "--home", home, "--config", config, "--lateness", "24h"]
    monkeypatch.setattr(sys, "argv", ["trailwarden", *map(str, arguments)])
    return run(trailwarden)


def test_a_dead_url_costs_the_living_one_no_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailwarden.watch.run._FLUSH", 2.0)
    monkeypatch.setattr("trailwarden.cli.postman.ChannelPostman.pause", lambda *_: 0.1)
    logs, home, config = tmp_path / "logs", tmp_path / "home", tmp_path / "t.toml"
    logs.mkdir()
    now = datetime.now(UTC)
    for number, ago in enumerate((40, 20)):
        at = (now - timedelta(minutes=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
        item = record("StopLogging", eventSource="cloudtrail.amazonaws.com", number=number)
        (logs / f"{number}.json").write_bytes(log_file([item | {"eventTime": at}]))
    with service() as (port, got):
        urls = [f"json://127.0.0.1:{port}/", "json://127.0.0.1:9/"]
        config.write_text(
            f'[channels.chat]\ntype = "apprise"\nurls = {json.dumps(urls)}\n'
            '[topics]\n"*" = ["chat"]\n'
        )
        assert watch(home, logs, config, monkeypatch) == 3
        ids = [one["message"].rpartition("Message id: ")[2] for one in got]
        assert ids
        assert len(set(ids)) == len(ids)
        # A run of later, as from cron: what the living one has, it does not get again.
        assert watch(home, logs, config, monkeypatch) == 3
        assert len(got) == len(ids)


def test_the_names_and_the_topics_of_the_parts() -> None:
    urls = ("json://a/, json://b/?x=1,2", " json://c/ ")
    channels = (
        ChannelSettings("chat", "apprise", {"urls": urls}, group_wait=30.0),
        ChannelSettings("one", "apprise", {"urls": ("json://d/",)}),
        ChannelSettings("mail", "smtp", {"host": "m", "to": ("Ännie <a@x.example>, b@x.example",)}),
    )
    found = with_single_targets(Settings(channels=channels, topics={"*": ("chat", "mail")}))
    assert [one.name for one in found.channels] == [
        "chat#1",
        "chat#2",
        "chat#3",
        "one",
        "mail#1",
        "mail#2",
    ]
    assert [one.options["urls"] for one in found.channels[:3]] == [
        ("json://a/",),
        ("json://b/?x=1,2",),
        ("json://c/",),
    ]
    assert found.channels[1].group_wait == 30.0
    assert [one.options["to"] for one in found.channels[4:]] == [
        ('"Ännie" <a@x.example>',),
        ("b@x.example",),
    ]
    assert found.topics == {"*": ("chat#1", "chat#2", "chat#3", "mail#1", "mail#2")}


def test_what_cannot_be_used_is_left_for_the_channel_to_refuse() -> None:
    wrong = ChannelSettings("mail", "smtp", {"host": "m", "to": ("a@x.example", "nobody")})
    assert with_single_targets(Settings(channels=(wrong,))).channels == (wrong,)

"""A server that behaves like AWS, and a proxy before it that misbehaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.watch.sources.faulty import Proxy, proxy_before
from trailwarden.watch.sources import aws as aws_module


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in earnest."""
    monkeypatch.setattr("trailwarden.watch.sources.outlet.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("trailwarden.watch.sources.helpers._LOOK", 0.01)
    monkeypatch.setattr("trailwarden.watch.sources.sqs_receipts._IDLE", 0.05)
    monkeypatch.setattr("trailwarden.watch.sources.s3._LISTING_SHARE", 0)
    monkeypatch.setattr("trailwarden.watch.sources.folder._DRAINED_EVERY", 0.02)
    monkeypatch.setattr("trailwarden.watch.sources.folder._SECOND_LOOK", 0.1)
    monkeypatch.setattr("trailwarden.watch.sources.folder.LOOK", 0.05)
    monkeypatch.setattr("trailwarden.watch.sources.folder_changes.LOOK", 0.05)
    monkeypatch.setattr("trailwarden.watch.sources.folder_files._YOUNG", 0.5)
    monkeypatch.setattr("trailwarden.watch.sources.folder_files._LOOK_AGAIN", 0.05)


@pytest.fixture(scope="session")
def proxy(moto: str) -> Iterator[Proxy]:
    with proxy_before(moto) as made:
        yield made


@pytest.fixture
def aws(
    proxy: Proxy, moto: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Proxy]:
    """The environment of sources at AWS. They ask the proxy; tests ask moto itself."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    monkeypatch.setattr(aws_module, "_ATTEMPTS", 1)
    monkeypatch.setattr(aws_module, "client", clients)
    proxy.faults.clear()
    proxy.requests.clear()
    yield proxy
    proxy.faults.clear()
    urlopen(Request(f"{moto}/moto-api/reset", method="POST")).read()


clients = cache(aws_module.client)  # the environment is the same in all tests, and they are slow


@cache
def client(service: str, moto: str) -> Any:
    """A client of moto itself."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=moto,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def s3(aws: Proxy, moto: str) -> Any:
    made = client("s3", moto)
    made.create_bucket(Bucket="trail")
    return made


@pytest.fixture
def sqs(s3: Any, moto: str) -> Any:
    return client("sqs", moto)


@pytest.fixture
def logs(aws: Proxy, moto: str) -> Any:
    made = client("logs", moto)
    made.create_log_group(logGroupName="trail")
    made.create_log_stream(logGroupName="trail", logStreamName="one")
    made.create_log_stream(logGroupName="trail", logStreamName="two")
    return made

"""A local S3 that answers every GET of an object after a delay."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
from cheroot.wsgi import Server
from moto.server import DomainDispatcherApplication, create_backend_app

BUCKET = "logs"
_THREADS = 64  # an open connection keeps one busy


def main() -> None:
    """Serve the files of a folder. Arguments: the folder, the delay in seconds."""
    folder, delay = Path(sys.argv[1]), float(sys.argv[2])
    moto = DomainDispatcherApplication(create_backend_app)

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        is_object = environ["PATH_INFO"].count("/") > 1 and environ["REQUEST_METHOD"] == "GET"
        time.sleep(delay if is_object else 0)
        return moto(environ, start)

    # Unlike moto's own server, this one keeps connections open, as S3 does.
    server = Server(("127.0.0.1", 0), slow, numthreads=_THREADS)
    server.prepare()
    url = f"http://127.0.0.1:{server.bind_addr[1]}"
    Thread(target=server.serve, daemon=True).start()
    client = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    for path in sorted(folder.rglob("*.gz")):
        client.put_object(Bucket=BUCKET, Key=path.name, Body=path.read_bytes())
    print(url, flush=True)
    sys.stdin.read()  # until the other side goes away


if __name__ == "__main__":
    main()

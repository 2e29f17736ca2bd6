"""A proxy in front of a server of AWS's APIs, which fails as networks and services do."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Literal
from urllib.parse import unquote, urlsplit

Kind = Literal["answer", "reset", "truncate", "slow"]
_HOP = ("connection", "transfer-encoding", "content-length", "keep-alive")


@dataclass
class Fault:
    """What goes wrong with requests whose ``METHOD path operation`` contains ``where``.

    ``times`` is for how many of them, -1 for all, after ``skip`` that go well. ``reset`` breaks
    the connection, ``truncate`` ends the body early, ``slow`` sends it in pieces; ``answer`` is an
    error of the service.
    """

    where: str
    kind: Kind = "answer"
    status: int = 503
    code: str = "SlowDown"
    times: int = 1
    skip: int = 0


class Proxy:
    """``requests`` are all that came; ``faults`` may be changed at any time."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.url = ""
        self._lock = Lock()

    def fault_of(self, request: str) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            for fault in self.faults:
                if fault.times == 0 or fault.where not in request:
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def count(self, where: str) -> int:
        with self._lock:
            return sum(where in request for request in self.requests)


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    proxy: Proxy

    def _handle(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        operation = (self.headers.get("X-Amz-Target") or "").rpartition(".")[2]
        fault = self.proxy.fault_of(f"{self.command} {unquote(self.path)} {operation}")
        if fault is None:
            self._answer(*self._forward(body))
        elif fault.kind == "answer":
            self._refuse(fault, is_json=bool(operation))
        elif fault.kind == "reset":
            self._reset()
        else:
            self._answer(*self._forward(body), kind=fault.kind)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _handle  # noqa: N815 - so they are called

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        target = self.proxy.target
        connection = http.client.HTTPConnection(target.hostname or "", target.port or 80)
        headers = {name: value for name, value in self.headers.items() if name != "Expect"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, kind: Kind = "answer"
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if kind == "truncate":
            self.wfile.write(body[: len(body) // 2])
        elif kind == "slow":
            step = max(1, len(body) // 5)
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
                time.sleep(0.01)
        else:
            self.wfile.write(body)

    def _refuse(self, fault: Fault, *, is_json: bool) -> None:
        body = (
            json.dumps({"__type": fault.code, "message": "no"}).encode()
            if is_json
            else f"<Error><Code>{fault.code}</Code><Message>no</Message></Error>".encode()
        )
        kind = "application/x-amz-json-1.1" if is_json else "application/xml"
        self._answer(fault.status, [("Content-Type", kind)], body)

    def _reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True
        self.wfile = open("/dev/null", "wb")  # noqa: PTH123, SIM115 - nothing more is sent

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def log_message(self, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave early are nothing to tell."""


@contextmanager
def proxy_before(target: str) -> Iterator[Proxy]:
    """A proxy that runs until the end of the block."""
    proxy = Proxy(target)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    server = _Server(("127.0.0.1", 0), handler)
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

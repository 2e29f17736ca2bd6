"""The connections of the small web server: few at once, and none for long."""

from __future__ import annotations

import logging
import socket
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock
from typing import Any

from trailwarden.watch.observability.address import Endpoint
from trailwarden.watch.observability.pages import Answer, Pages, refusal

MOST, LONGEST = 16, 10.0  # connections at once; seconds for each, from first to last


class ConnectionServer(ThreadingMixIn, TCPServer):
    """One thread per connection, and one request for each."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = MOST

    def __init__(self, endpoint: Endpoint, pages: Pages) -> None:
        self.address_family = endpoint.family
        self.pages = pages
        self.longest = LONGEST
        self._open: dict[Any, float] = {}  # connection → when it began, on the monotonic clock
        self._lock = Lock()
        super().__init__(endpoint.address, _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            is_full = len(self._open) >= MOST
            if not is_full:
                self._open[request] = time.monotonic()
        if is_full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """End connections that take too long: with a timeout for each read, one could drip on."""
        self._end_those_before(time.monotonic() - self.longest)

    def server_close(self) -> None:
        super().server_close()
        self._end_those_before(float("inf"))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing; anything else is a mistake of ours, and is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            logging.getLogger("trailwarden").error("a page could not be made", exc_info=True)

    def _end_those_before(self, moment: float) -> None:
        with self._lock:
            late = [one for one, began in self._open.items() if began < moment]
        for connection in late:
            with suppress(OSError):  # it is gone already
                connection.shutdown(socket.SHUT_RDWR)  # its thread wakes up, and closes it


class _Connection(BaseHTTPRequestHandler):
    """One request. It is HTTP/1.0, so that no connection outlives its request."""

    timeout = LONGEST
    wbufsize = -1  # one write for the whole answer
    server: ConnectionServer

    def parse_request(self) -> bool:
        # All is answered here: by itself, the base class would answer unknown methods with 501.
        if super().parse_request():
            hosts = self.headers.get_all("Host", [])
            authorization = self.headers.get("Authorization")
            asked = self.server.pages.answer(self.command, self.path, hosts, authorization)
            self._send(asked)
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class answers to something that is no request."""
        self._send(refusal(HTTPStatus(code)))

    def version_string(self) -> str:
        return "trailwarden"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are not logged: Prometheus makes one every few seconds."""

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

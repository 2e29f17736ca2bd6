"""An HTTP POST: no redirects, verified TLS, proxies as the environment says, one time limit."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_MOST_READ = 4096  # bytes of an answer's body


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` are the first bytes of it; the names in ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    """Post ``body``; ``timeout`` seconds to connect, and as many for everything after that.

    Raises OSError and http.client.HTTPException where there is no answer.
    """
    address = urlsplit(url)
    connection, target, more = _connection(address, timeout)
    try:
        connection.connect()
        with _limit(connection.sock, timeout) as cut:
            connection.request("POST", target, body, {**headers, **more, "Connection": "close"})
            with connection.getresponse() as response:
                if cut.is_set():  # the end of the connection looks like the end of the headers
                    raise TimeoutError
                return Answer(
                    response.status,
                    {name.lower(): value for name, value in response.getheaders()},
                    _beginning(response),
                )
    finally:
        connection.close()


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """The answer's status is what counts: a body that breaks off changes nothing."""
    with suppress(OSError, http.client.HTTPException):
        return response.read(_MOST_READ)
    return b""


@contextmanager
def _limit(connected: socket.socket, seconds: float) -> Iterator[Event]:
    """Break the connection after so many seconds: a receiver may answer a byte at a time.

    The event says that it was broken.
    """
    is_cut = Event()

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):
            # Not the method of TLS sockets, which would go on in clear.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield is_cut
    finally:
        timer.cancel()


def _connection(
    address: SplitResult, timeout: float
) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """A connection, what to ask it for, and headers that it needs."""
    host = address.hostname or ""
    port = address.port or (443 if address.scheme == "https" else 80)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    proxy = _proxy(address)
    is_tls = address.scheme == "https"
    at, at_port = (proxy.hostname or "", proxy.port or 80) if proxy else (host, port)
    login = _login(proxy) if proxy else {}
    if is_tls:
        context = ssl.create_default_context()
        secure = http.client.HTTPSConnection(at, at_port, timeout=timeout, context=context)
        if proxy:
            secure.set_tunnel(host, port, login)
        return secure, target, {}
    plain = http.client.HTTPConnection(at, at_port, timeout=timeout)
    if proxy:
        return plain, f"http://{address.netloc}{target}", login
    return plain, target, {}


def _proxy(address: SplitResult) -> SplitResult | None:
    url = getproxies().get(address.scheme)
    if not url or proxy_bypass(address.netloc):
        return None
    return urlsplit(url if "://" in url else f"http://{url}")


def _login(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login).decode('ascii')}"}

"""The web server of a watch, asked over real sockets."""

from __future__ import annotations

import http.client
import json
import logging
import socket
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest

from trailwarden.errors import UsageError
from trailwarden.settings import Secret
from trailwarden.watch.observability import (
    Health,
    Metrics,
    NoMetrics,
    ObservabilityServer,
    listen_token,
)
from trailwarden.watch.observability import connections as connections_module
from trailwarden.watch.observability import server as server_module
from trailwarden.watch.observability.address import is_own_name, resolve

TOKEN = Secret("0123456789abcdef-token")
GOOD = Health(True, {"sources": "all read"})


@pytest.fixture(autouse=True)
def _closes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_LOOK", 0.005)
    monkeypatch.delenv("TRAILWARDEN_LISTEN_TOKEN", raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., ObservabilityServer]]:
    """``serve(health=…, address=…, token=…)`` → a server, closed at the end."""
    servers = []

    def start(
        health: Callable[[], Health] = lambda: GOOD,
        address: str = "127.0.0.1:0",
        token: Secret | None = None,
        metrics: Metrics | NoMetrics | None = None,
    ) -> ObservabilityServer:
        servers.append(ObservabilityServer(address, metrics or Metrics(), health, token=token))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def ask(
    server: ObservabilityServer, target: str = "/healthz", method: str = "GET", **headers: str
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def raw(server: ObservabilityServer, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_metrics_are_told(serve: Callable[..., ObservabilityServer]) -> None:
    metrics = Metrics()
    metrics.database(12345)
    status, text, headers = ask(serve(metrics=metrics), "/metrics?name=x")
    assert status == 200
    assert "\ntrailwarden_state_database_bytes 12345.0\n" in text
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert headers["Server"] == "trailwarden"


def test_missing_metrics_are_no_empty_page(serve: Callable[..., ObservabilityServer]) -> None:
    status, text, _ = ask(serve(metrics=NoMetrics()), "/metrics")
    assert status == 501
    assert "trailwarden[watch]" in text


def test_health_is_told(serve: Callable[..., ObservabilityServer]) -> None:
    health = GOOD
    server = serve(lambda: health)
    status, text, headers = ask(server)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(text) == {"status": "ok", "checks": {"sources": "all read"}}
    health = Health(False, {"outbox": "evil \x1b[2J\u202e" + "x" * 9999})
    status, text, _ = ask(server)
    told = json.loads(text)
    assert (status, told["status"]) == (503, "failing")
    assert told["checks"]["outbox"].startswith("evil \\x1b[2J\\u202exxx")
    assert len(told["checks"]["outbox"]) <= 500


def test_the_root_names_the_pages(serve: Callable[..., ObservabilityServer]) -> None:
    status, text, _ = ask(serve(), "/")
    assert status == 200
    assert "/metrics" in text
    assert "/healthz" in text


@pytest.mark.parametrize("target", ["/nothing", "/metrics/", "/../healthz", "/healthz;x"])
def test_all_else_is_not_found(serve: Callable[..., ObservabilityServer], target: str) -> None:
    status, text, _ = ask(serve(), target)
    assert (status, text) == (404, "404 Not Found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(serve: Callable[..., ObservabilityServer], method: str) -> None:
    status, _, headers = ask(serve(), method=method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_head_has_no_body(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve()
    status, text, headers = ask(server, method="HEAD")
    assert (status, text) == (200, "")
    assert headers["Content-Length"] == str(len(ask(server)[1]))


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("localhost", True),
        ("LOCALHOST:9464", True),
        ("127.0.0.1:80", True),
        ("127.8.9.1", True),
        ("[::1]:9464", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("10.0.0.1", False),
        ("127.1", False),
        ("[::]", False),
        ("localhost, evil.example", False),
        ("", False),
    ],
)
def test_only_own_names_are_answered_on_loopback(
    serve: Callable[..., ObservabilityServer], host: str, is_own: bool
) -> None:
    assert is_own_name(host) is is_own
    assert ask(serve(), Host=host)[0] == (200 if is_own else 403)


def test_no_host_and_two_hosts_are_refused(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve()
    assert raw(server, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 403 ")
    two = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    assert raw(server, two).startswith(b"HTTP/1.0 403 ")


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"<script>x</script> <b> <i>\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_what_is_no_request_is_refused_without_repeating_it(
    serve: Callable[..., ObservabilityServer], request_text: bytes, status: bytes
) -> None:
    server = serve()
    answer = raw(server, request_text)
    assert status in answer
    assert b"script" not in answer
    assert ask(server)[0] == 200


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "0:0", "192.0.2.1:0"])
def test_beyond_loopback_a_token_is_needed(address: str) -> None:
    with pytest.raises(UsageError, match="needs a token"):
        ObservabilityServer(address, NoMetrics(), lambda: GOOD)


def test_a_name_that_leads_elsewhere_is_beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    own = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    other = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [own, other])
    assert resolve("two.example:0").is_loopback is False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [own])
    assert resolve("one.example:0").is_loopback is True


def test_with_a_token_it_listens_everywhere(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve(address="0.0.0.0:0", token=TOKEN)
    assert ask(server, Host="watch.example")[0] == 401
    for wrong in ["Bearer " + TOKEN.value[:-1], "Basic " + TOKEN.value, "Bearer é" * 9, "Bearer"]:
        status, text, headers = ask(server, "/metrics", Authorization=wrong)
        assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "trailwarden_" not in text
    assert ask(server, "/nothing", "POST")[0] == 401
    right = f"bearer {TOKEN.value}"
    assert ask(server, "/metrics", Host="watch.example", Authorization=right)[0] == 200


def test_a_token_counts_on_loopback_too(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve(token=TOKEN)
    assert ask(server)[0] == 401
    assert ask(server, Authorization=f"Bearer {TOKEN.value}")[0] == 200


@pytest.mark.parametrize("value", ["", "abc123", "with a space in between", "naïve-naïve-naïve-x"])
def test_a_token_that_cannot_work_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="TRAILWARDEN_LISTEN_TOKEN") as caught:
        ObservabilityServer("127.0.0.1:0", NoMetrics(), lambda: GOOD, token=Secret(value))
    assert not value or value not in str(caught.value)


def test_the_token_of_the_environment_counts_where_none_is_given(
    serve: Callable[..., ObservabilityServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILWARDEN_LISTEN_TOKEN", "another-0123456789")
    server = serve(address="0.0.0.0:0")
    assert ask(server)[0] == 401
    assert ask(server, Authorization="Bearer another-0123456789")[0] == 200
    given = serve(token=TOKEN)
    assert ask(given, Authorization="Bearer another-0123456789")[0] == 401


def test_the_token_comes_from_the_environment() -> None:
    assert listen_token({"TRAILWARDEN_LISTEN_TOKEN": "abc"}) == Secret("abc")
    assert listen_token({"TRAILWARDEN_LISTEN_TOKEN": ""}) is None
    assert listen_token({}) is None


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "127.0.0.1:", "127.0.0.1:99999", "::1:80", "a:b:1", "[::1]", "x\x1b:1:1"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address") as caught:
        resolve(address)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("address", ["does-not-exist.invalid:80", "a..b:80", "x" * 300 + ":80"])
def test_a_name_without_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address is known"):
        resolve(address)


@pytest.mark.parametrize("address", ["0", ":0", "localhost:0", "127.0.0.1:0"])
def test_loopback_is_the_default(serve: Callable[..., ObservabilityServer], address: str) -> None:
    assert resolve(address).address[0] == "127.0.0.1"
    assert ask(serve(address=address))[0] == 200


def test_it_listens_on_ipv6(serve: Callable[..., ObservabilityServer]) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    server = serve(address="[::1]:0")
    connection = http.client.HTTPConnection("::1", server.port, timeout=20)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_port_that_is_taken_is_named(serve: Callable[..., ObservabilityServer]) -> None:
    taken = f"127.0.0.1:{serve().port}"
    with pytest.raises(UsageError, match=f"cannot listen on '{taken}'"):
        ObservabilityServer(taken, NoMetrics(), lambda: GOOD)


def test_few_connections_at_once(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve()
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(16)]
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as one_more:
        assert one_more.recv(1) == b""  # turned away, without a thread
    for connection in idle:
        connection.close()
    assert eventually(lambda: ask(server)[0] == 200)


def eventually(holds: Callable[[], bool]) -> bool:
    """Try again while connections that were closed here are still closed there."""
    pause = Event()
    for _ in range(500):
        try:
            if holds():
                return True
        except (OSError, http.client.HTTPException):
            pass
        pause.wait(0.02)
    return False


def test_a_client_that_drips_is_ended(
    serve: Callable[..., ObservabilityServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections_module, "LONGEST", 0.3)
    server = serve()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        for _ in range(500):  # each byte is within the timeout of a read; all of them are not
            try:
                slow.sendall(b"G")
                slow.settimeout(0.02)
                if slow.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("never ended")


def test_closing_ends_what_is_open(serve: Callable[..., ObservabilityServer]) -> None:
    server = serve()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as idle:
        assert ask(server)[0] == 200  # so the first one was taken, too
        server.close()
        server.close()
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", server.port), timeout=20)


def test_closing_does_not_wait_for_an_answer_that_hangs() -> None:
    asked, go_on = Event(), Event()

    def hang() -> Health:
        asked.set()
        go_on.wait(20)
        return GOOD

    server = ObservabilityServer("127.0.0.1:0", NoMetrics(), hang)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.wait(20)
        server.close()
        assert client.recv(1) == b""
        assert not go_on.is_set()
        go_on.set()


def test_a_mistake_in_a_check_is_told_and_ends_one_request_only(
    serve: Callable[..., ObservabilityServer], caplog: pytest.LogCaptureFixture
) -> None:
    broken = True

    def health() -> Health:
        if broken:
            raise ValueError("a bug")
        return GOOD

    server = serve(health)
    with caplog.at_level(logging.ERROR, logger="trailwarden"):
        assert raw(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") == b""
        assert "a bug" in caplog.text
    broken = False
    assert ask(server)[0] == 200


def test_many_are_answered_at_once(serve: Callable[..., ObservabilityServer]) -> None:
    statuses: list[int] = []
    server = serve()
    threads = [Thread(target=lambda: statuses.append(ask(server)[0])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [200] * 12


def test_requests_leave_no_trace(
    serve: Callable[..., ObservabilityServer], capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    ask(server)
    raw(server, b"nonsense\r\n\r\n")
    assert capfd.readouterr() == ("", "")

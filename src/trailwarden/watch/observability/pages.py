"""What the web server of a watch answers, as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from trailwarden.settings import Secret
from trailwarden.text import visible
from trailwarden.watch.observability.address import is_own_name
from trailwarden.watch.observability.metering import Metering
from trailwarden.watch.observability.token import bears

METHODS = ("GET", "HEAD")
_PLAIN = "text/plain; charset=utf-8"
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_LONGEST = 500  # characters of what a check says
_ROOT = "trailwarden watch\n\n/metrics  for Prometheus\n/healthz  whether it works, as JSON\n"
_NO_METRICS = "no metrics: install them with: pip install 'trailwarden[watch]'\n"


@dataclass(frozen=True, slots=True)
class Health:
    """How a watch is. ``checks`` says for each part how it is, in a few words."""

    ok: bool
    checks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, body, and headers."""

    status: HTTPStatus
    body: bytes
    content_type: str = _PLAIN
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(status: HTTPStatus, why: str = "", **headers: str) -> Answer:
    """A refusal in plain text; nothing that was asked is repeated in it."""
    text = f"{status.value} {status.phrase}" + (f": {why}" if why else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, f"{text}\n".encode(), headers=named)


class Pages:
    """Answers requests. ``health`` may be called from several threads at once."""

    def __init__(
        self,
        metrics: Metering,
        health: Callable[[], Health],
        token: Secret | None,
        *,
        is_loopback: bool,
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._token = token
        self._is_loopback = is_loopback

    def answer(
        self, method: str, target: str, hosts: Sequence[str], authorization: str | None
    ) -> Answer:
        """``hosts`` are all ``Host`` headers; ``target`` is the path, with or without a query."""
        if self._is_loopback and not (len(hosts) == 1 and is_own_name(hosts[0])):
            return refusal(HTTPStatus.FORBIDDEN, "ask for localhost or 127.0.0.1 as Host")
        if self._token is not None and not bears(authorization, self._token):
            return refusal(HTTPStatus.UNAUTHORIZED, WWW_Authenticate="Bearer")
        if method not in METHODS:
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(METHODS))
        match target.partition("?")[0]:
            case "/metrics":
                return self._metrics_page()
            case "/healthz":
                return self._health_page()
            case "/":
                return Answer(HTTPStatus.OK, _ROOT.encode())
        return refusal(HTTPStatus.NOT_FOUND)

    def _metrics_page(self) -> Answer:
        text = self._metrics.exposition()
        if text is None:  # an empty page would look like a watch to which nothing happens
            return Answer(HTTPStatus.NOT_IMPLEMENTED, _NO_METRICS.encode())
        return Answer(HTTPStatus.OK, text, _PROMETHEUS)

    def _health_page(self) -> Answer:
        health = self._health()
        said = {visible(name, 100): visible(how, _LONGEST) for name, how in health.checks.items()}
        page = {"status": "ok" if health.ok else "failing", "checks": said}
        status = HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE
        return Answer(status, (json.dumps(page, indent=1) + "\n").encode(), "application/json")
